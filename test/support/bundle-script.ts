/**
 * Bundles a script of the sources, so that Node can run it as a process of its own.
 */
import { build } from 'vite';

/** @returns what to run; packages are loaded from where the script would be in the sources */
export async function bundleScript(entry: string, outFile: string): Promise<string> {
  await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true, external: ['onnxruntime-node', 'sharp'] },
    build: {
      ssr: entry,
      target: 'node20',
      outDir: outFile.replace(/[^/\\]+$/, ''),
      emptyOutDir: false,
      minify: false,
      rolldownOptions: { output: { entryFileNames: outFile.replace(/^.*[/\\]/, ''), codeSplitting: false } },
    },
  });
  return outFile;
}
