import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{app,native-models,main,renderer,test}/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'out/**', 'test/bench/**'],
    globalSetup: ['test/global-setup.ts'],
    testTimeout: 60_000,
    maxWorkers: 2,
  },
});
