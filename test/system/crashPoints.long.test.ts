/** The process killed at every named moment of its life, once each, on data directories that live through all of them. */
import { describe, expect, it } from 'vitest';
import { deathAt, deathsBefore, dieOf } from '../deep/crashDoses.ts';
import { seededRandom } from '../deep/seededRandom.ts';
import { MOMENTS, type Moment } from './faults/moments.ts';

const SEED = 1;

// Some thirty starts of a process, on however busy a machine.
const SLOW = { timeout: 900_000 };
const momentsOf = (...services: string[]): Moment[] =>
  MOMENTS.filter((moment) => services.some((service) => moment.startsWith(`${service}.`)));

/** Two lives side by side, about as long as each other. */
const LIVES = [momentsOf('journal', 'answer', 'repair'), momentsOf('segment', 'snapshot')];

describe('kill -9 at a named moment', SLOW, () => {
  it('Each is survived: what was told before it is there after it, and nothing else', async () => {
    expect(LIVES.flat().sort()).toEqual([...MOMENTS].sort());
    await Promise.all(
      LIVES.map((moments, life) => dieOf(moments.map((moment) => deathAt(moment, seededRandom(SEED + life))))),
    );
  });

  it('A new data directory gets to the seldom ones too', async () => {
    const random = seededRandom(SEED);
    await dieOf([...deathsBefore('snapshot.remove.before', random), deathAt('snapshot.remove.before', random)]);
  });
});
