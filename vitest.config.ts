import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const ELECTRON_DOUBLE = fileURLToPath(new URL('test/electron-double/electron-module.ts', import.meta.url));

export default defineConfig({
  test: {
    // Electron's binary is not a package: tests of the desktop shell run it on a double over Chromium.
    alias: { 'electron/main': ELECTRON_DOUBLE, 'electron/common': ELECTRON_DOUBLE },
    include: ['{app,native-models,main,renderer,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'out/**', 'test/bench/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What a page shows comes a moment later, on a busy machine some seconds.
    expect: { poll: { timeout: 10_000 } },
    maxWorkers: 2,
  },
});
