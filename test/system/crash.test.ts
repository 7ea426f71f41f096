/**
 * kill -9 in the middle of load, again and again on one data directory. The client keeps its own record of what it sent
 * and was told; after every restart nothing it was told may be missing, changed or doubled, in answers, lists and journal.
 */
import { describe, it } from 'vitest';
import { killAtRandomMoments } from '../deep/crashDoses.ts';

const KILLS_OF_A_LIFE = 10;

// Twenty starts of a process, on however busy a machine.
const SLOW = { timeout: 600_000 };

describe('kill -9 under load', SLOW, () => {
  it('When two servers are killed 10 times each, then everything they ever told is there once, and the journal verifies', async () => {
    await Promise.all([killAtRandomMoments(1, KILLS_OF_A_LIFE), killAtRandomMoments(2_001, KILLS_OF_A_LIFE)]);
  });
});
