/**
 * The hash that chains groups: SHA-256 of a group's frame, in which stands the hash of the group before. It is kept as a
 * text with one character for each byte: node makes that in a quarter of the time it takes to make a Buffer.
 */
import { hash } from 'node:crypto';
import type { JournalHead } from '@oms/ports';

export const HASH_BYTES = 32;

/** What the next frame has to continue. */
export interface ChainEnd {
  /** Checksum of the last frame; 0 when there is none. */
  readonly crc: number;
  /** Hash of the last group. */
  readonly hash: string;
}

/** The chain before the first group. */
export const EMPTY_CHAIN: ChainEnd = { crc: 0, hash: '\0'.repeat(HASH_BYTES) };

export const hashOf = (bytes: Uint8Array): string => hash('sha256', bytes, 'binary');

export function writeHash(hash: string, bytes: Uint8Array, at: number): void {
  for (let i = 0; i < HASH_BYTES; i++) bytes[at + i] = hash.charCodeAt(i);
}

export const readHash = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + HASH_BYTES));

/** As the journal's users see it. */
export const headOf = (position: number, hash: string): JournalHead => ({
  position,
  hash: Buffer.from(hash, 'latin1').toString('hex'),
});
