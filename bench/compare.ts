/**
 * Compares two result files of `npm run bench`: the ratio of the medians, and whether a figure changed beyond the noise of
 * both (the rule is in suite/comparison.ts). Exit code 1 when something got worse, 2 when they cannot be compared.
 *   node bench/compare.ts BEFORE.json AFTER.json [--json]
 */
import { parseArgs } from 'node:util';
import { compareResults, objections } from './suite/comparison.ts';
import { readResults } from './suite/results.ts';
import { comparisonTable } from './suite/table.ts';

function main(): number {
  const { values, positionals } = parseArgs({
    options: { json: { type: 'boolean', default: false } },
    allowPositionals: true,
  });
  const [first, second, ...rest] = positionals;
  if (first === undefined || second === undefined || rest.length > 0) {
    throw new Error('give two result files: node bench/compare.ts BEFORE.json AFTER.json [--json]');
  }
  const before = readResults(first);
  const after = readResults(second);
  const figures = compareResults(before, after);
  if (figures.length === 0) throw new Error('the two runs have no figure in common');
  const warnings = objections(before, after);
  if (values.json) {
    const runs = { before: { file: first, commit: before.commit }, after: { file: second, commit: after.commit } };
    process.stdout.write(`${JSON.stringify({ ...runs, warnings, figures })}\n`);
  } else {
    process.stdout.write(`${comparisonTable(figures)}\n`);
    for (const warning of warnings) process.stderr.write(`not quite comparable: ${warning}\n`);
  }
  return figures.some(({ change }) => change === 'worse') ? 1 : 0;
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 2;
}
