/** One dose of malformed bytes: a decoder is given valid bytes with something wrong, or bytes that never were valid. */
import type { ByteSubject } from './byteReaders.ts';
import { FuzzRandom } from './fuzzRandom.ts';
import { mutatedBytes } from './mutations.ts';

/** Most bytes a decoder may have set aside for a dose: its input is some kilobytes. */
const SET_ASIDE_MAX = 64 * 1024 * 1024;

/** @returns what is wrong, or null */
export function byteDose(subject: ByteSubject, seed: number): string | null {
  const random = new FuzzRandom(seed);
  const sample = random.pick(subject.samples);
  const bytes = random.oneIn(50)
    ? Uint8Array.from({ length: random.below(300) }, () => random.below(256))
    : mutatedBytes(sample, random);
  const before = process.memoryUsage().arrayBuffers;
  const complaint = subject.complaintOn(bytes);
  const setAside = process.memoryUsage().arrayBuffers - before;
  if (setAside > SET_ASIDE_MAX) return `${subject.name}: ${setAside} bytes were set aside`;
  return complaint === null ? null : `${subject.name}: ${complaint}`;
}
