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
    // A shared machine may stutter: there a limit is against hanging only.
    // Much of the tests' time is spent waiting for other processes.
    maxWorkers: 2,
    testTimeout: process.env['CI'] === undefined ? 5000 : 30_000,
  },
});
