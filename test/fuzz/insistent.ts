/**
 * A breach that time may explain: something sent before, or a timer of the house, may have moved the journal just
 * then. What is wrong with a dose itself shows every time it is given.
 */

export const MOVED = 'the journal moved';
const TIMES = 4;

/** @returns the complaint, when each of several tries has one; one that time cannot explain at once */
export async function insistent(dose: () => Promise<string | null>): Promise<string | null> {
  let complaint = await dose();
  for (let left = TIMES - 1; left > 0 && complaint?.startsWith(MOVED); left--) complaint = await dose();
  return complaint;
}
