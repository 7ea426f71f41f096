/** Mutated bytes into every decoder of journal, snapshot and record: an equal value or a refusal, never anything else. */
import { expect, it } from 'vitest';
import { byteDose } from './byteDoses.ts';
import { byteSubjects } from './byteReaders.ts';
import { dosed } from './seeds.ts';
import { writtenHistory } from './writtenHistory.ts';

const subjects = await byteSubjects(await writtenHistory());

it.each(subjects)('$name: the valid bytes are taken', ({ samples, complaintOn }) => {
  expect(samples.length).toBeGreaterThan(0);
  for (const sample of samples) expect(complaintOn(sample)).toBeNull();
});

it.each(subjects)('$name: mutated bytes', async (subject) => {
  expect((await dosed(1_000, (seed) => byteDose(subject, seed))).complaints).toEqual([]);
});
