/**
 * Bundles the Node side: the command line and the engine process. Both are plain Node programs of one bundle, because
 * they share the contracts; packages of `dependencies` stay outside.
 */
import { defineConfig } from 'electron-vite';

export default defineConfig({
  main: {
    build: {
      target: 'node20',
      externalizeDeps: true,
      rolldownOptions: {
        input: {
          cli: 'main/cli/cli.ts',
          'engine-process': 'main/engine/engine-process.ts',
        },
        output: { entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
      },
    },
  },
});
