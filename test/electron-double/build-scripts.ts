/**
 * Bundles the scripts that pages get: the preload script as it is shipped, and the double's own.
 */
import { join } from 'node:path';
import { build, type Rolldown } from 'vite';

const HERE = import.meta.dirname;

/** The studio's preload script as CommonJS, with `electron/renderer` left outside. */
export function buildPreload(): Promise<string> {
  return bundle(join(HERE, '../../main/electron/preload/preload.ts'), 'cjs');
}

export interface PageScripts {
  readonly mainWorld: string;
  /** Ends in the variable `electronDouble`. */
  readonly isolatedWorld: string;
}

export async function buildPageScripts(): Promise<PageScripts> {
  const mainWorld = await bundle(join(HERE, 'page/main-world.ts'), 'iife');
  const isolatedWorld = await bundle(join(HERE, 'page/isolated-world.ts'), 'iife');
  return { mainWorld, isolatedWorld };
}

async function bundle(input: string, format: 'cjs' | 'iife'): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: input, formats: [format], name: 'electronDouble', fileName: 'script' },
      rolldownOptions: { external: [/^electron(\/|$)/] },
    },
  });
  const [output] = (Array.isArray(result) ? result : [result]) as Rolldown.RolldownOutput[];
  return output?.output[0].code ?? '';
}
