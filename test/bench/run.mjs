/**
 * `npm run bench`: bundles bench.ts, or the script that is named first, beside the program and runs it.
 */
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ensureBuilt } from '../../main/cli/build.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

const script = process.argv[2]?.endsWith('.ts') ? process.argv.splice(2, 1)[0] : 'bench.ts';
const name = script.replace(/\.ts$/, '.js');

await ensureBuilt((line) => console.error(line));
await build({
  configFile: false,
  root,
  logLevel: 'error',
  build: {
    ssr: fileURLToPath(new URL(script, import.meta.url)),
    outDir: `${root}out/bench`,
    target: 'node20',
    rolldownOptions: { output: { entryFileNames: name } },
  },
});
await import(pathToFileURL(`${root}out/bench/${name}`).href);
