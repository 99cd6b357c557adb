import { defineConfig } from 'vitest/config';

const slow = ['test/journeys/**/*.test.ts', 'test/cli/**/*.test.ts'];

export default defineConfig({
  test: {
    reporters: ['default', './tools/count-reporter.ts'],
    projects: [
      {
        test: {
          name: 'units',
          include: ['test/**/*.test.ts'],
          exclude: slow,
          isolate: false,
          pool: 'threads',
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'journeys',
          include: slow,
          pool: 'forks',
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
