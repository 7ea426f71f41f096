/** The whole process paused, shadowed by a second one and stormed by retries; and very many orders exactly at a limit. */
import { describe, it } from 'vitest';
import { pausedOwner, retryStorm, secondProcess } from '../deep/processDoses.ts';
import { riskRaces } from '../deep/riskRace.ts';

const SEED = 1;

// Processes on however busy a machine.
const SLOW = { timeout: 600_000 };

describe('one data directory', SLOW, () => {
  it('is kept by a process that sleeps: retries of impatient clients count once, a second process is refused', () =>
    pausedOwner(SEED, 500));

  it('refuses a second process, which harms nothing, and opens at once after kill -9', secondProcess);
});

describe('a retry storm', SLOW, () => {
  it('of 1,000 orders, 10 times each, with a restart in the middle: every copy gets the one answer', () =>
    retryStorm(SEED, { keys: 1_000, copies: 10 }));
});

describe('a race for what is left of a limit', SLOW, () => {
  it('of 1,000 orders, ten times: as many are accepted as the limit allows', () => riskRaces(SEED, 10));
});
