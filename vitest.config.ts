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
    // Limits are against hanging only: a shared machine may stutter, and speed is told by the benchmarks.
    testTimeout: process.env['CI'] === undefined ? 60_000 : 180_000,
    hookTimeout: 60_000,
    // A machine that stalls meets a test of real sockets now and then; a fault of ours meets it each time.
    retry: process.env['CI'] === undefined ? 0 : 2,
    // Half of the tests' time is spent waiting for other processes.
    maxWorkers: 2,
  },
});
