/** The recorded tape, worked twice through the whole house, ends in the same state. */
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { TAPE, workTheTape } from '../../examples/recordedTape.ts';

const present = existsSync(TAPE);

it.skipIf(!present)(
  `two runs of the recorded tape give the same hash${present ? '' : ` (skipped: there is no ${TAPE})`}`,
  async () => {
    const first = await workTheTape(TAPE);
    const second = await workTheTape(TAPE);
    expect(second.stateHash).toBe(first.stateHash);
    expect(second.orders).toEqual(first.orders);
    expect(first.trades).toBeGreaterThan(50);
  },
);
