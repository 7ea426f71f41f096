/**
 * The proof on a dozen mutants that die in unit tests, as a sample between whole runs of `npm run mutants`; and that the
 * proof itself can fail: a mutant that no test notices survives, and one that cannot be loaded counts for nothing.
 */
import { expect, it } from 'vitest';
import { ALL_MUTANTS } from './allMutants.ts';
import type { Mutant } from './mutant.ts';
import { proveMutants, UnsoundBaselineError } from './proveMutants.ts';

const SAMPLE = new Set([
  'ack-before-flush',
  'client-order-id-used-twice',
  'replay-ignores-body',
  'execution-counted-twice',
  'late-fill-dropped',
  'stop-triggered-twice',
  'hold-not-taken',
  'hold-released-twice',
  'position-flip-averaged',
  'open-orders-off-by-one',
  'kill-switch-cancels-nothing',
  'source-sequence-unchecked',
]);

const CHECK = 'packages/domain/test/risk/position.test.ts';
const unnoticed: Mutant = {
  name: 'unnoticed',
  breaks: 'nothing',
  file: 'packages/domain/src/risk/position.ts',
  find: 'if (size === 0n) return trade.quote;',
  replace: 'if (size <= 0n) return trade.quote;',
  checks: [CHECK],
};
const unloadable: Mutant = { ...unnoticed, name: 'unloadable', find: "'../money.ts'", replace: "'../gold.ts'" };
const gone: Mutant = { ...unnoticed, name: 'gone', find: 'no such text', replace: '' };

const prove = (mutants: readonly Mutant[]) =>
  proveMutants(mutants, { signal: new AbortController().signal, onVerdict: () => undefined });

it('a dozen mutants are killed, an unnoticed one survives, and what cannot be applied or loaded proves nothing', async () => {
  const sample = ALL_MUTANTS.filter(({ name }) => SAMPLE.has(name));
  const verdicts = await prove([...sample, unnoticed, unloadable, gone]);
  expect(verdicts.map(({ mutant, outcome }) => [mutant.name, outcome])).toEqual([
    ...sample.map(({ name }) => [name, 'killed']),
    ['unnoticed', 'survived'],
    ['unloadable', 'broken'],
    ['gone', 'broken'],
  ]);
  expect(sample.length).toBe(SAMPLE.size);
  expect(verdicts.map(({ mutant: { checks }, by }) => by === null || checks.includes(by.file))).not.toContain(false);
});

it('nothing is proved with checks that fail anyway', async () => {
  const absent: Mutant = { ...unnoticed, checks: ['packages/domain/test/risk/noSuch.test.ts'] };
  await expect(prove([absent])).rejects.toThrow(UnsoundBaselineError);
});
