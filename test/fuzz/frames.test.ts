/** Mutated place frames: the fast reader never takes one otherwise than the thorough one does. */
import { expect, it } from 'vitest';
import { frameDose } from './frameDoses.ts';
import { dosed } from './seeds.ts';

it('both readers agree on mutated frames', async () => {
  let taken = 0;
  const { complaints, doses } = await dosed(20_000, (seed) => {
    const { complaint, taken: isTaken } = frameDose(seed);
    if (isTaken) taken++;
    return complaint;
  });
  expect(complaints).toEqual([]);
  expect(taken).toBeGreaterThan(doses / 50);
});
