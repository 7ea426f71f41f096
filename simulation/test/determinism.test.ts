/** The same seed gives the same run, to the last line and the last byte on the disk; another seed another one. */
import { expect, it } from 'vitest';
import { runSeeds, type SeedReport, simulateSeed } from '../src/index.ts';

const MINUTES = 0.2;

async function linesOf(seed: number): Promise<{ readonly lines: readonly string[]; readonly report: SeedReport }> {
  const lines: string[] = [];
  const report = await simulateSeed({ seed, minutes: MINUTES, onLine: (line) => lines.push(line) });
  return { lines, report };
}

it('is the same run again', async () => {
  const first = await linesOf(7);
  const again = await linesOf(7);
  expect(again.lines).toEqual(first.lines);
  expect(again.report).toEqual(first.report);
  expect(first.lines.length).toBeGreaterThan(20);
});

it('is another run with another seed, or of another length', async () => {
  const { hash } = await simulateSeed({ seed: 7, minutes: MINUTES });
  expect((await simulateSeed({ seed: 8, minutes: MINUTES })).hash).not.toBe(hash);
  expect((await simulateSeed({ seed: 7, minutes: 2 * MINUTES })).hash).not.toBe(hash);
});

it('does not depend on how many threads share the seeds', async () => {
  const range = { first: 1, last: 6, minutes: 0.1 };
  const alone = await runSeeds({ ...range, workers: 1 });
  expect(await runSeeds({ ...range, workers: 3 })).toEqual(alone);
  expect(alone.seeds).toBe(6);
});
