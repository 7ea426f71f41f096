/** Every history of up to three operations, with a death before and after every call on the disk. */
import { expect, it } from 'vitest';
import { exhaust } from '../src/index.ts';

it('up to three operations: nothing lost, nothing twice', async () => {
  const { histories, crashes, breaches } = await exhaust({ lengthMax: 3, segmentBytes: 64 * 1024 });
  process.stdout.write(`${histories} histories, ${crashes} crashes\n`);
  expect(breaches).toEqual([]);
  expect(histories).toBe(135);
});
