import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { importsOf, type SourceFile, violations } from './support/architecture-rules.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FOLDERS = ['app', 'native-models', 'main', 'renderer'];

function sourceFiles(): SourceFile[] {
  return FOLDERS.flatMap((folder) =>
    readdirIfThere(join(ROOT, folder))
      .filter((name) => /\.tsx?$/.test(name))
      .map((name) => ({
        path: `${folder}/${name.replaceAll('\\', '/')}`,
        text: readFileSync(join(ROOT, folder, name), 'utf8'),
      })),
  );
}

function readdirIfThere(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

describe('the architecture', () => {
  const files = sourceFiles();

  it('is kept by every file', () => {
    expect(violations(files)).toEqual([]);
  });

  it('is looked at in full: every relative import leads to a file that was read', () => {
    const known = new Set(files.map(({ path }) => path));
    const own = files
      .flatMap(importsOf)
      .filter(({ target }) => /^(app|native-models|main|renderer)\/.*\.tsx?$/.test(target ?? ''));
    expect(own.length).toBeGreaterThan(200);
    expect(own.filter(({ target }) => !known.has(target as string))).toEqual([]);
  });
});

/** A file that imports one thing. */
const importing = (path: string, specifier: string) => ({ path, text: `import { x } from '${specifier}';\n` });

describe('the rules', () => {
  it.each<[string, SourceFile]>([
    ['app imports main', importing('app/a.ts', '../main/b.ts')],
    [
      'app imports native-models, types too',
      { path: 'app/a.ts', text: "import type { X } from '../native-models/b.ts';" },
    ],
    ['app imports a package', importing('app/a.ts', 'zod')],
    ['native-models imports node', importing('native-models/var/a.ts', 'node:fs')],
    ['native-models imports a package', importing('native-models/var/a.ts', 'sharp')],
    ['native-models imports main', importing('native-models/var/a.ts', '../../main/b.ts')],
    ['renderer imports native-models', importing('renderer/a.tsx', '../native-models/b.ts')],
    ['renderer imports node', importing('renderer/a.tsx', 'node:path')],
    ['the runtime outside its folder', importing('main/engine/a.ts', 'onnxruntime-node')],
    ['electron outside its folder', importing('main/cli/a.ts', 'electron/main')],
    ['the queue outside its folder', importing('main/cli/a.ts', 'bullmq')],
    ['another family', importing('native-models/flowar/a.ts', '../var/b.ts')],
    ['a re-export', { path: 'app/a.ts', text: "export * from '../main/b.ts';" }],
    ['an import over several lines', { path: 'app/a.ts', text: "import {\n  x,\n  y,\n} from '../main/b.ts';" }],
    ['an import for its effect', { path: 'app/a.ts', text: "import '../main/b.ts';" }],
    ['an import on demand', { path: 'app/a.ts', text: "const b = await import('../main/b.ts');" }],
    ['401 lines', { path: 'main/a.ts', text: 'x;\n'.repeat(401) }],
  ])('forbid: %s', (_, file) => {
    const found = violations([file]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(file.path);
  });

  it.each<[string, SourceFile]>([
    ['native-models imports app', importing('native-models/var/a.ts', '../../app/b.ts')],
    ['a family imports shared layers', importing('native-models/var/a.ts', '../vq/b.ts')],
    ['renderer imports a package', importing('renderer/a.tsx', 'react')],
    ['main imports node', importing('main/a.ts', 'node:fs')],
    ['the runtime in its folder', importing('main/engine/ort/a.ts', 'onnxruntime-node')],
    ['a test imports anything', importing('app/a.test.ts', '../main/b.ts')],
    ['400 lines', { path: 'main/a.ts', text: 'x;\n'.repeat(400) }],
  ])('allow: %s', (_, file) => {
    expect(violations([file])).toEqual([]);
  });

  it('forbid cycles, and tell the way', () => {
    const files = [importing('app/a.ts', './b.ts'), importing('app/b.ts', './c.ts'), importing('app/c.ts', './a.ts')];
    expect(violations(files)).toEqual([expect.stringContaining('app/a.ts → app/b.ts → app/c.ts → app/a.ts')]);
    expect(violations(files.slice(0, 2))).toEqual([]);
  });

  it('allow two files to know each other by types alone', () => {
    const types = (path: string, specifier: string) => ({ path, text: `import type { X } from '${specifier}';\n` });
    expect(violations([types('app/a.ts', './b.ts'), types('app/b.ts', './a.ts')])).toEqual([]);
    expect(violations([importing('app/a.ts', './b.ts'), types('app/b.ts', './a.ts')])).toHaveLength(1);
  });
});
