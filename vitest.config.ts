import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['harness/**/*.test.ts', 'fixtures/**/*.test.ts'],
    globalSetup: ['fixtures/test/build-once.ts'],
    setupFiles: ['fixtures/test/loopback-only.ts'],
    reporters:
      process.env['CI'] === undefined ? ['default'] : ['default', './fixtures/test/count-reporter.ts'],
    restoreMocks: true,
    unstubEnvs: true,
    testTimeout: 5000,
  },
});
