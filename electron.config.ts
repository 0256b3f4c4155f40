/**
 * Bundles the program: Node's side (command line, API, engine process, desktop program), the preload script and the page. Packages of
 * `dependencies` stay outside of Node's bundles; what the page needs goes into its own.
 */
import { resolve } from 'node:path';
import tailwind from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'electron-vite';

/** Packages that only some people install; they are loaded when they are asked for. */
const OPTIONAL = ['bullmq', 'ioredis', '@aws-sdk/client-s3'];
const at = (path: string) => resolve(import.meta.dirname, path);

export default defineConfig({
  main: {
    build: {
      target: 'node20',
      externalizeDeps: { include: OPTIONAL },
      rolldownOptions: {
        input: {
          cli: at('main/cli/cli.ts'),
          underpaint: at('main/api/underpaint.ts'),
          'engine-process': at('main/engine/engine-process.ts'),
          'host-worker': at('main/engine/host-worker.ts'),
          desktop: at('main/electron/desktop.ts'),
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
  preload: {
    build: {
      rolldownOptions: {
        input: { preload: at('main/electron/preload/preload.ts') },
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: at('renderer'),
    plugins: [react(), tailwind()],
    build: {
      target: 'chrome130',
      rolldownOptions: { input: at('renderer/index.html') },
    },
  },
});
