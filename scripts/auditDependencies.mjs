/**
 * `npm run audit`: known vulnerabilities of what the lockfile names, as the registry knows them. High and critical ones
 * make it fail. A registry that does not offer audits (many mirrors do not) is told of, plainly, and fails nothing.
 */
import { spawnSync } from 'node:child_process';

const LEVELS = ['critical', 'high', 'moderate', 'low'];

const { stdout, stderr } = spawnSync('npm', ['audit', '--json'], { encoding: 'utf8' });
const report = read(stdout);
if (report?.metadata?.vulnerabilities === undefined) {
  const why = report?.message ?? stderr.trim().split('\n').at(-1);
  process.stdout.write(`NOT CHECKED: the registry answers no audits here (${why}).\n`);
} else {
  const found = report.metadata.vulnerabilities;
  process.stdout.write(`${LEVELS.map((level) => `${found[level] ?? 0} ${level}`).join(', ')}\n`);
  for (const [name, { severity }] of Object.entries(report.vulnerabilities ?? {})) {
    process.stdout.write(`  ${severity}: ${name}\n`);
  }
  if ((found.critical ?? 0) + (found.high ?? 0) > 0) process.exitCode = 1;
}

function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
