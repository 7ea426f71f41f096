/**
 * How the tests run: every workspace's test/ folder, the tests of the whole repository in test/, and the examples
 * that assert their own outcome. Line coverage is measured over all sources, tested or not; the floors below fail the run.
 * Tests that take most of a minute are called `*.long.test.ts` and run by `npm run test:long` (vitest.long.config.ts).
 */
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'packages/adapters/*/test/**/*.test.ts',
      'services/*/test/**/*.test.ts',
      'apps/*/test/**/*.test.ts',
      'simulation/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'test/**/*.test.ts',
      'examples/**/*.test.ts',
    ],
    exclude: [...configDefaults.exclude, '**/*.long.test.ts'],
    // A worker for every core, and modules loaded once a worker: half the time. Sources keep no state in modules.
    maxWorkers: '100%',
    isolate: false,
    // Tests that start processes or real servers on a busy machine: slow is not wrong.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    coverage: {
      provider: 'v8',
      include: [
        'packages/*/src/**/*.ts',
        'packages/adapters/*/src/**/*.ts',
        'services/*/src/**/*.ts',
        'apps/*/src/**/*.ts',
        'simulation/src/**/*.ts',
      ],
      reporter: ['text-summary', 'json-summary', 'html'],
      reportsDirectory: 'coverage',
      thresholds: {
        '{packages,services}/**/src/**/*.ts': { lines: 85 },
        'packages/domain/src/**/*.ts': { lines: 95 },
        'packages/actors/src/**/*.ts': { lines: 95 },
      },
    },
  },
});
