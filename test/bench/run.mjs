/**
 * `npm run bench`: bundles bench.ts beside the program and runs it.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ensureBuilt } from '../../main/cli/build.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

await ensureBuilt((line) => console.error(line));
await build({
  configFile: false,
  root,
  logLevel: 'error',
  build: {
    ssr: fileURLToPath(new URL('bench.ts', import.meta.url)),
    outDir: `${root}out/bench`,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: 'bench.js' } },
  },
});
await import(pathToFileURL(`${root}out/bench/bench.js`).href);
