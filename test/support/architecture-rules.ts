/**
 * Which part of the program may import which, as functions of source texts.
 */
import { dirname, posix } from 'node:path';

export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

export interface Import {
  readonly from: string;
  /** As it is written: `./x.ts`, `node:fs`, `react`. */
  readonly specifier: string;
  /** Path of an own file from the repository's root; undefined for packages. */
  readonly target: string | undefined;
  readonly typeOnly: boolean;
}

const FAMILIES = ['var', 'flowar', 'controlar', 'varedit', 'xar'];
const MAX_LINES = 400;

/** What a layer may import: its own layers by relative paths, packages or not. */
const LAYERS: Readonly<Record<string, { layers: readonly string[]; packages: boolean; why: string }>> = {
  app: { layers: ['app'], packages: false, why: 'app is the core that everything rests on' },
  'native-models': {
    layers: ['native-models', 'app'],
    packages: false,
    why: 'models must run with any runtime and in any process',
  },
  renderer: {
    layers: ['renderer', 'app'],
    packages: true,
    why: 'the window knows engines only through the contracts in app',
  },
};

const STATEMENT = /^\s*(?:import|export)\s+(type\s+)?[^;'"]*?from\s*['"]([^'"]+)['"]/gm;
const SIDE_EFFECT = /^\s*import\s*['"]([^'"]+)['"]/gm;
const DYNAMIC = /\b(typeof\s+)?import\(\s*['"]([^'"]+)['"]/g;

export function importsOf({ path, text }: SourceFile): Import[] {
  const make = (specifier: string, typeOnly: boolean): Import => ({
    from: path,
    specifier,
    typeOnly,
    target: specifier.startsWith('.') ? posix.join(dirname(path), specifier) : undefined,
  });
  return [
    ...[...text.matchAll(STATEMENT)].map((match) => make(match[2] as string, match[1] !== undefined)),
    ...[...text.matchAll(SIDE_EFFECT)].map((match) => make(match[1] as string, false)),
    ...[...text.matchAll(DYNAMIC)].map((match) => make(match[2] as string, match[1] !== undefined)),
  ];
}

/** What breaks the rules, one sentence each that says why. Tests may import what they like. */
export function violations(files: readonly SourceFile[]): string[] {
  const sources = files.filter(({ path }) => !/\.test\.tsx?$/.test(path));
  const imports = sources.flatMap(importsOf);
  return [
    ...imports.flatMap((item) => [...layerViolation(item), ...packageViolation(item), ...familyViolation(item)]),
    ...cycles(imports),
    ...sources.flatMap(lengthViolation),
  ];
}

function layerViolation({ from, specifier, target }: Import): string[] {
  const layer = layerOf(from);
  const rule = LAYERS[layer];
  if (!rule) return [];
  if (target === undefined) {
    const forbidden = !rule.packages || specifier.startsWith('node:');
    return forbidden ? [`${from} imports ${specifier}, a package: ${rule.why}.`] : [];
  }
  if (rule.layers.includes(layerOf(target))) return [];
  return [`${from} imports ${target}; ${layer} may import ${rule.layers.join(' and ')} only: ${rule.why}.`];
}

/** Packages that one folder alone may import. */
const OWNERS: readonly { readonly name: string; readonly folder: string; readonly why: string }[] = [
  { name: 'onnxruntime-node', folder: 'main/engine/ort/', why: 'knows the runtime, so that it can be replaced' },
  { name: 'electron', folder: 'main/electron/', why: 'may, so that command line and server run without it' },
  { name: 'bullmq', folder: 'main/batch/queue/', why: 'may, as it is not always installed' },
  { name: 'ioredis', folder: 'main/batch/queue/', why: 'may, as it is not always installed' },
  { name: '@aws-sdk/client-s3', folder: 'main/batch/stores/', why: 'may, as it is not always installed' },
];

function packageViolation({ from, specifier }: Import): string[] {
  const owner = OWNERS.find(({ name, folder }) => isPackage(specifier, name) && !from.startsWith(folder));
  return owner ? [`${from} imports ${specifier}: only ${owner.folder} ${owner.why}.`] : [];
}

function isPackage(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`);
}

function familyViolation({ from, target }: Import): string[] {
  const [family, other] = [familyOf(from), familyOf(target ?? '')];
  if (!family || !other || family === other) return [];
  return [`${from} imports ${target}: families share code through layers, vq or sampling, never through each other.`];
}

function familyOf(path: string): string | undefined {
  const [layer, folder = ''] = path.split('/');
  return layer === 'native-models' && FAMILIES.includes(folder) ? folder : undefined;
}

function layerOf(path: string): string {
  return path.split('/')[0] as string;
}

/** A way back to where an import comes from. Files that know each other by types alone are left in peace. */
function cycles(imports: readonly Import[]): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, target } of imports) {
    if (target) targets.set(from, [...(targets.get(from) ?? []), target]);
  }
  const seen = new Set<string>();
  return imports.flatMap(({ from, target, typeOnly }) => {
    const way = target && !typeOnly ? pathBetween(targets, target, from) : undefined;
    const members = way?.toSorted().join();
    if (!way || !members || seen.has(members)) return [];
    seen.add(members);
    return [`${[from, ...way].join(' → ')} is an import cycle: none of these can be understood or tested alone.`];
  });
}

/** Breadth first, so that the shortest cycle is told. */
function pathBetween(targets: ReadonlyMap<string, readonly string[]>, start: string, end: string) {
  const ways = new Map<string, readonly string[]>([[start, [start]]]);
  for (const [at, way] of ways) {
    if (at === end) return way;
    for (const next of targets.get(at) ?? []) if (!ways.has(next)) ways.set(next, [...way, next]);
  }
  return undefined;
}

function lengthViolation({ path, text }: SourceFile): string[] {
  const lines = text.trimEnd().split('\n').length;
  return lines > MAX_LINES ? [`${path} has ${lines} lines: beyond ${MAX_LINES} a file does more than one thing.`] : [];
}
