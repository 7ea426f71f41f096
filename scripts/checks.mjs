/**
 * What `npm test`, `npm run test:long` and `npm run check` do: format and lint, types, then every test with line coverage; one summary at
 * the end, whatever failed. Everything is run even after a failure, so that one run shows all there is to mend.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './bootstrap.mjs';

const REPORT_OPTION = '--report';
const COVERAGE_SUMMARY = path.join(ROOT, 'coverage', 'coverage-summary.json');

/** @returns 0 when every step passed. */
export async function runChecks(run, tool) {
  return summarize(await checkSteps(run, tool), []);
}

async function checkSteps(run, tool) {
  const steps = [];
  const step = async (title, nextStep, name, arguments_) => {
    process.stdout.write(`\n— ${title}\n`);
    const startedAt = Date.now();
    const code = await run(tool(name), arguments_);
    // Ctrl-C in a step ends the whole run, not only that step.
    if (code === 130 || code === 143) process.exit(code);
    steps.push({ title, code, nextStep, seconds: (Date.now() - startedAt) / 1000 });
  };
  await step('format and lint', '`npm run format` mends most of it', 'biome', ['check', '--error-on-warnings', '.']);
  await step('types', 'see the errors above', 'tsc', ['-p', '.']);
  await step('types of the dashboard', 'see the errors above', 'tsc', ['-p', 'apps/dashboard']);
  return steps;
}

/**
 * `npm test`: everything, or with paths only those tests. `--report FILE` keeps vitest's JSON report for a program.
 * @returns 0 when everything passed.
 */
export async function runTests(run, tool, rest) {
  const { reportFile, filters } = readArguments(rest);
  if (filters.length > 0) return run(tool('vitest'), ['run', ...filters]);
  const directory = mkdtempSync(path.join(os.tmpdir(), 'oms-test-'));
  const report = reportFile ?? path.join(directory, 'report.json');
  try {
    rmSync(report, { force: true });
    rmSync(COVERAGE_SUMMARY, { force: true });
    const steps = await checkSteps(run, tool);
    process.stdout.write('\n— tests\n');
    const startedAt = Date.now();
    const code = await run(tool('vitest'), ['run', '--coverage', ...reportTo(report)]);
    if (code === 130 || code === 143) return code;
    const seconds = (Date.now() - startedAt) / 1000;
    steps.push({ title: 'tests and coverage', code, nextStep: 'see the failures above', seconds });
    return summarize(steps, [describeTests(report), describeCoverage()]);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** `npm run test:long`: with paths only those of its tests; `--report FILE` as for `npm test`. */
export function runLongTests(run, tool, rest) {
  const { reportFile, filters } = readArguments(rest);
  const reporters = reportFile === undefined ? [] : reportTo(reportFile);
  return run(tool('vitest'), ['run', '--config', path.join(ROOT, 'vitest.long.config.ts'), ...reporters, ...filters]);
}

const reportTo = (file) => ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];

function readArguments(rest) {
  const filters = [...rest];
  const at = filters.indexOf(REPORT_OPTION);
  if (at < 0) return { reportFile: undefined, filters };
  const [, reportFile] = filters.splice(at, 2);
  return { reportFile: reportFile === undefined ? undefined : path.resolve(reportFile), filters };
}

function describeTests(report) {
  if (!existsSync(report)) return 'tests: none ran';
  const { numPassedTests, numFailedTests, numPendingTests, numTotalTests } = JSON.parse(readFileSync(report, 'utf8'));
  const skipped = numPendingTests > 0 ? `, ${numPendingTests} skipped` : '';
  return `tests: ${numPassedTests} of ${numTotalTests} passed, ${numFailedTests} failed${skipped}`;
}

function describeCoverage() {
  if (!existsSync(COVERAGE_SUMMARY)) return 'line coverage: not measured, for a test failed';
  const { lines } = JSON.parse(readFileSync(COVERAGE_SUMMARY, 'utf8')).total;
  return `line coverage: ${lines.pct} % (${lines.covered} of ${lines.total} lines; details in coverage/index.html)`;
}

function summarize(steps, facts) {
  const failed = steps.filter((step) => step.code !== 0);
  process.stdout.write('\n');
  for (const step of steps) {
    const verdict = step.code === 0 ? '✓' : '✗';
    const hint = step.code === 0 ? '' : `: ${step.nextStep}`;
    process.stdout.write(`${verdict} ${step.title} (${step.seconds.toFixed(1)} s)${hint}\n`);
  }
  for (const fact of facts) process.stdout.write(`  ${fact}\n`);
  process.stdout.write(failed.length === 0 ? 'All good.\n' : `${failed.length} of ${steps.length} steps failed.\n`);
  return failed.length === 0 ? 0 : 1;
}
