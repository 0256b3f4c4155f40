/**
 * What package.json tells electron-builder fits the program. It is literal JSON, so nothing else keeps the two together.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findPaths } from '../paths.ts';
import { PROJECT_EXTENSION } from './file-arguments.ts';
import { FUSES } from './fuses.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { build, main, dependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

/** The first folders of a pattern such as `out/{main,preload}/**`. */
function isUnder(path: string, patterns: readonly string[]): boolean {
  const parts = relative(ROOT, path).split(sep);
  return patterns.some((pattern) => {
    const names = pattern.split('/').filter((name) => name !== '**');
    return names.every((name, i) =>
      name
        .replace(/^\{|\}$/g, '')
        .split(',')
        .includes(parts[i] ?? ''),
    );
  });
}

describe('the packaged program', () => {
  it('has the fuses of fuses.ts', () => {
    expect(build.electronFuses).toEqual(FUSES);
  });

  it('has its own files', () => {
    const { engineEntry, page, preload, starter } = findPaths();
    const files = [join(ROOT, main), engineEntry, preload, join(page, 'index.html'), join(starter, 'var', 'card.json')];
    for (const file of files) expect([file, isUnder(file, build.files)]).toEqual([file, true]);
    expect(isUnder(join(starter, 'training', 'README.md'), build.files)).toBe(false);
  });

  it('has as real files what libraries open by themselves', () => {
    const native = ['onnxruntime-node', 'sharp', '@img', '@napi-rs'].map((name) =>
      join(ROOT, 'node_modules', name, 'x'),
    );
    for (const file of [join(findPaths().starter, 'var', 'transformer.safetensors'), ...native]) {
      expect([file, isUnder(file, build.asarUnpack)]).toEqual([file, true]);
    }
    expect(Object.keys(dependencies)).toEqual(
      expect.arrayContaining(['onnxruntime-node', 'sharp', '@napi-rs/keyring']),
    );
  });

  it('leaves out the runtimes of other systems, which lie in folders by platform and processor', () => {
    const left = build.files.filter((pattern: string) => pattern.startsWith('!node_modules/onnxruntime-node/bin/'));
    expect(left).toEqual([expect.stringContaining('/bin/*/!($'), expect.stringContaining('/bin/*/*/!($')]);
    const bin = join(ROOT, 'node_modules/onnxruntime-node/bin');
    for (const folder of readdirSync(bin))
      expect(existsSync(join(bin, folder, process.platform, process.arch))).toBe(true);
  });

  it('takes nothing else: a platform with patterns of its own would take everything', () => {
    expect([build.mac, build.win, build.linux].map(({ files }) => files)).toEqual([undefined, undefined, undefined]);
  });

  it('opens the projects that it writes', () => {
    expect(build.fileAssociations).toMatchObject([{ ext: PROJECT_EXTENSION, mimeType: 'application/x-underpaint' }]);
    expect(existsSync(join(ROOT, build.icon))).toBe(true);
  });
});
