/** Seeds that once failed, with what was broken: each is run again with every change. */
import { expect, it } from 'vitest';
import { type FaultFocus, simulateSeed } from '../src/index.ts';

interface Regression {
  readonly seed: number;
  readonly minutes: number;
  readonly focus: FaultFocus | null;
  readonly broke: string;
}

const REGRESSIONS: readonly Regression[] = [
  {
    seed: 1,
    minutes: 1,
    focus: null,
    broke: 'other content under the id of a rejected order was answered 422, not 409',
  },
  {
    seed: 14,
    minutes: 1,
    focus: null,
    broke: 'after a start under a clock that was set back, the journal went back in time',
  },
  {
    seed: 35,
    minutes: 1,
    focus: null,
    broke: 'a rejected order that was looked up late was answered 202 instead of 422',
  },
  {
    seed: 1055,
    minutes: 1,
    focus: null,
    broke: 'after the clock was set back, nothing came due until it had caught up',
  },
];

it.each(REGRESSIONS)('seed $seed: $broke', async ({ seed, minutes, focus }) => {
  expect((await simulateSeed({ seed, minutes, focus })).breaches).toEqual([]);
});
