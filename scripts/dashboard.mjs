/**
 * Builds the dashboard when its sources are newer than what was built: once after a clone, then only after a change.
 * A dashboard that does not build never keeps the server from starting: it says so and goes on without.
 */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { ROOT, runQuietly, showProgress } from './bootstrap.mjs';

const DIRECTORY = path.join(ROOT, 'apps', 'dashboard');
const BUILT = path.join(DIRECTORY, 'dist', 'index.html');
const SOURCES = [
  path.join(DIRECTORY, 'src'),
  path.join(DIRECTORY, 'public'),
  path.join(DIRECTORY, 'index.html'),
  path.join(DIRECTORY, 'vite.config.ts'),
  path.join(ROOT, 'packages', 'client', 'src'),
  path.join(ROOT, 'package-lock.json'),
];

function newestMs(entry) {
  const status = statSync(entry, { throwIfNoEntry: false });
  if (status === undefined) return 0;
  if (!status.isDirectory()) return status.mtimeMs;
  return Math.max(0, ...readdirSync(entry).map((name) => newestMs(path.join(entry, name))));
}

const isBuilt = () => newestMs(BUILT) > Math.max(...SOURCES.map(newestMs));

export async function ensureDashboard() {
  if (isBuilt()) return;
  const done = showProgress('Building the dashboard (first run, or after a change)');
  const result = await runQuietly(path.join(ROOT, 'node_modules', '.bin', 'vite'), ['build'], DIRECTORY);
  done(result.code === 0);
  if (result.code !== 0) {
    process.stderr.write(
      `${result.output}\nStarting without the dashboard. Next: mend the error above and start again.\n`,
    );
  }
}
