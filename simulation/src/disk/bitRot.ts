/**
 * Bits that flip at rest in what was provably durable: the start must refuse with file and offset, or not need them.
 * The last write before a crash is left alone: a log without a copy cannot tell its damage from a torn write.
 */
import type { FaultyFileSystem } from '@oms/testkit';
import { piecesIn } from '@oms/verifier';
import type { SeededRandom } from '../world/seededRandom.ts';

export interface Rot {
  readonly path: string;
  readonly offset: number;
  /** The file before. */
  readonly before: Uint8Array;
}

const BITS_MAX = 4;

/** @returns null when there is nothing yet that could rot */
export function rotSome(platter: FaultyFileSystem, directory: string, random: SeededRandom): Rot | null {
  const paths = platter.paths().filter((path) => path.startsWith(directory) && path.endsWith('.journal'));
  const segments = paths.map((path) => ({ path, bytes: platter.contentOf(path) }));
  const ends = provenEnds(segments);
  const rotting = segments.filter((_, i) => ends[i]! > 0);
  if (rotting.length === 0) return null;
  const { path, bytes } = random.pick(rotting);
  const end = ends[segments.findIndex((segment) => segment.path === path)]!;
  const damaged = bytes.slice();
  const offset = random.below(end);
  for (let bits = random.between(1, BITS_MAX); bits > 0; bits--) {
    const at = Math.min(end - 1, offset + random.below(8));
    damaged[at] = damaged[at]! ^ (1 << random.below(8));
  }
  if (Buffer.compare(damaged, bytes) === 0) return null;
  platter.setContent(path, damaged);
  return { path, offset, before: bytes };
}

/** How much of each segment later groups show to have been durable. */
function provenEnds(segments: readonly { readonly path: string; readonly bytes: Uint8Array }[]): number[] {
  const frames = segments.map(({ path, bytes }) => {
    const firstPosition = Number(path.slice(-28, -8));
    return [...piecesIn(bytes, path, firstPosition)].flatMap((piece) => (piece.kind === 'frame' ? [piece] : []));
  });
  const durable = Math.max(0, ...frames.flat().map((frame) => frame.durablePosition));
  return frames.map((ofSegment) => {
    const proven = ofSegment.filter(
      (frame) => frame.recordCount > 0 && frame.firstPosition + frame.recordCount - 1 <= durable,
    );
    const last = proven.at(-1);
    return last === undefined ? 0 : last.offset + last.payload.length;
  });
}
