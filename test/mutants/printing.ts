/** What the mutation proof shows: the list, a line a verdict while it runs, and the table or JSON at the end. */
import type { Mutant } from './mutant.ts';
import type { Verdict } from './proveMutants.ts';

export const listOfMutants = (mutants: readonly Mutant[]): string =>
  table(mutants.map(({ name, breaks, file }) => [name, breaks, file]));

export function progressLine(verdict: Verdict, count: number, total: number): string {
  const { mutant, outcome, seconds } = verdict;
  const place = `${String(count).padStart(String(total).length)}/${total}`;
  return `${place}  ${outcome.padEnd(8)}  ${mutant.name} (${seconds.toFixed(1)} s)\n`;
}

export function tableOfVerdicts(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ mutant, outcome, by, why, seconds }) => [
    mutant.name,
    mutant.breaks,
    by === null ? `${outcome.toUpperCase()}${why === '' ? '' : `: ${why}`}` : `${by.file}: ${by.test}`,
    seconds.toFixed(1),
  ]);
  return `${table([['mutant', 'breaks', 'killed by', 'seconds'], ...rows])}\n${summary(verdicts)}\n`;
}

function summary(verdicts: readonly Verdict[]): string {
  const namesOf = (outcome: Verdict['outcome']): string[] =>
    verdicts.filter((verdict) => verdict.outcome === outcome).map(({ mutant }) => mutant.name);
  const killed = `${namesOf('killed').length} of ${verdicts.length} mutants killed`;
  const survived = namesOf('survived');
  const broken = namesOf('broken');
  return [
    killed,
    ...(survived.length === 0 ? [] : [`survived, so a test is missing: ${survived.join(', ')}`]),
    ...(broken.length === 0 ? [] : [`prove nothing, so the patch must be mended: ${broken.join(', ')}`]),
  ].join('\n');
}

export function verdictsAsJson(verdicts: readonly Verdict[]): string {
  const mutants = verdicts.map(({ mutant, outcome, by, why, seconds }) => {
    const { name, breaks, file } = mutant;
    return { name, breaks, file, outcome, killedBy: by, why, seconds: Number(seconds.toFixed(3)) };
  });
  const count = (outcome: Verdict['outcome']): number => verdicts.filter((one) => one.outcome === outcome).length;
  const counts = { killed: count('killed'), survived: count('survived'), broken: count('broken') };
  return `${JSON.stringify({ ...counts, mutants }, null, 2)}\n`;
}

/** Columns as wide as their widest cell; the last one as it is. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]): string =>
    row.map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column]!))).join('  ');
  return `${rows.map(line).join('\n')}\n`;
}
