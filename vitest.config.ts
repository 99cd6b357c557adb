import { defineConfig } from 'vitest/config';

const slow = ['test/journeys/**/*.test.ts', 'test/cli/**/*.test.ts', 'test/chaos/{flips,kill}.test.ts'];
/** Waits are for events. A busy machine is slow, not broken: only what never comes fails. */
const patience = { expect: { poll: { timeout: 30_000 } }, testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    reporters: ['default', './tools/count-reporter.ts'],
    globalSetup: './tools/end-leftovers.ts',
    projects: [
      {
        test: {
          name: 'units',
          include: ['test/**/*.test.ts'],
          exclude: slow,
          isolate: false,
          pool: 'threads',
          ...patience,
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: slow,
          pool: 'forks',
          ...patience,
        },
      },
    ],
  },
});
