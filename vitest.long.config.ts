/** The tests too long for every change: `npm run test:long`, and `.ci/run` after `npm test`. */
import { configDefaults, defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{packages,services,apps,simulation,test}/**/*.long.test.ts'],
    exclude: configDefaults.exclude,
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // They measure: beside one another they would measure one another.
    maxWorkers: 1,
  },
});
