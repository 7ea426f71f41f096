/**
 * One group as bytes: a header of 88 bytes, the payload, zeros up to a multiple of 8. Layout and meaning:
 * docs/reference/journal-format.md. A frame with 0 records is a mark: it only tells how far the journal is durable.
 */
import { crc32 } from 'node:zlib';
import type { ByteWriter, JournalGroup } from '@oms/ports';
import { type ChainEnd, HASH_BYTES, hashOf, readHash, writeHash } from './chainHash.ts';

/** 0xFF is in no UTF-8 text: nothing a client writes into an order can look like the start of a frame. */
export const GROUP_MAGIC = Uint8Array.of(0xff, 0x4f, 0x4d, 0x47);
export const FORMAT_VERSION = 2;
export const GROUP_HEADER_BYTES = 88;
/** Far above any batch; keeps every length inside what one write call can take. */
export const PAYLOAD_BYTES_MAX = 2 ** 30;

const MAGIC_NUMBER = new DataView(GROUP_MAGIC.buffer).getUint32(0, true);
const VERSION_AT = 4;
const PREVIOUS_CRC_AT = 8;
const CRC_AT = 12;
/** The hash is of all that follows: a checksum made anew changes no hash, so that one altered group is one break. */
const HASHED_FROM = 16;
const PAYLOAD_BYTES_AT = 16;
const RECORD_COUNT_AT = 20;
const FIRST_POSITION_AT = 24;
const NOW_AT = 32;
const EPOCH_AT = 40;
const DURABLE_POSITION_AT = 48;
const PREVIOUS_HASH_AT = GROUP_HEADER_BYTES - HASH_BYTES;

export interface GroupFrame {
  readonly payloadBytes: number;
  readonly recordCount: number;
  readonly firstPosition: number;
  readonly now: number;
  readonly epoch: number;
  /** What was durable when the frame was written. */
  readonly durablePosition: number;
  /** Checksum of the frame before this one. */
  readonly previousCrc: number;
  readonly crc: number;
}

export const frameBytes = (payloadBytes: number): number => (GROUP_HEADER_BYTES + payloadBytes + 7) & ~7;
export const MARK_BYTES = frameBytes(0);

/** Appends the frame without what is only known when it is written: see {@link sealFrame}. */
export function appendFrame(writer: ByteWriter, group: JournalGroup): void {
  const total = frameBytes(group.payload.length);
  writer.reserve(total);
  const { view, length: at } = writer;
  view.setUint32(at, MAGIC_NUMBER, true);
  view.setUint32(at + VERSION_AT, FORMAT_VERSION, true);
  view.setUint32(at + PAYLOAD_BYTES_AT, group.payload.length, true);
  view.setUint32(at + RECORD_COUNT_AT, group.recordCount, true);
  view.setBigUint64(at + FIRST_POSITION_AT, BigInt(group.firstPosition), true);
  view.setBigUint64(at + NOW_AT, BigInt(group.now), true);
  view.setBigUint64(at + EPOCH_AT, BigInt(group.epoch), true);
  const payloadEnd = at + GROUP_HEADER_BYTES + group.payload.length;
  writer.bytes.set(group.payload, at + GROUP_HEADER_BYTES);
  writer.bytes.fill(0, payloadEnd, at + total);
  writer.length = at + total;
}

const NOTHING = new Uint8Array(0);

/** Appends a mark: a frame without records, of use only for the durable position that sealing writes into it. */
export function appendMark(writer: ByteWriter, nextPosition: number, epoch: number): void {
  appendFrame(writer, { firstPosition: nextPosition, recordCount: 0, now: 0, epoch, payload: NOTHING });
}

export const framePositionAt = (view: DataView, at: number): number =>
  Number(view.getBigUint64(at + FIRST_POSITION_AT, true));

export const frameBytesAt = (view: DataView, at: number): number =>
  frameBytes(view.getUint32(at + PAYLOAD_BYTES_AT, true));

/** Completes the frame at `at`, which continues the chain after `previous`. @returns the chain's end with it */
export function sealFrame(writer: ByteWriter, at: number, durablePosition: number, previous: ChainEnd): ChainEnd {
  const { view, bytes } = writer;
  const length = frameBytesAt(view, at);
  view.setBigUint64(at + DURABLE_POSITION_AT, BigInt(durablePosition), true);
  writeHash(previous.hash, bytes, at + PREVIOUS_HASH_AT);
  view.setUint32(at + PREVIOUS_CRC_AT, previous.crc, true);
  const crc = checksum(bytes, at, length);
  view.setUint32(at + CRC_AT, crc, true);
  return { crc, hash: chainHashAfter(bytes, view, at) };
}

/** The chain's hash after the frame at `at`, which is whole: its own, and that of the group before it for a mark. */
export function chainHashAfter(bytes: Uint8Array, view: DataView, at: number): string {
  if (view.getUint32(at + RECORD_COUNT_AT, true) === 0) return readHash(bytes, at + PREVIOUS_HASH_AT);
  return hashOf(bytes.subarray(at + HASHED_FROM, at + frameBytesAt(view, at)));
}

/** Over the whole frame but the checksum itself. */
function checksum(bytes: Uint8Array, at: number, length: number): number {
  return crc32(bytes.subarray(at + HASHED_FROM, at + length), crc32(bytes.subarray(at, at + CRC_AT)));
}

/** Why bytes are no frame. `foreign`: they are not what a torn write leaves, so they must never be cut. */
export interface FrameFault {
  readonly fault: string;
  readonly foreign: boolean;
}

export const torn = (fault: string): FrameFault => ({ fault, foreign: false });
const hexadecimal = (value: number): string => `0x${value.toString(16).padStart(8, '0')}`;

/** Length of the frame whose header is at `at`, plausible but unverified; or why there is none. */
export function frameLengthAt(view: DataView, at: number, end: number): number | FrameFault {
  const left = end - at;
  if (left < GROUP_HEADER_BYTES)
    return torn(`expected a group header of ${GROUP_HEADER_BYTES} bytes, ${left} are left`);
  const magic = view.getUint32(at, true);
  if (magic !== MAGIC_NUMBER) return torn(`expected the magic of a group, found ${hexadecimal(magic)}`);
  const version = view.getUint32(at + VERSION_AT, true);
  if (version !== FORMAT_VERSION) {
    const foreign = version > FORMAT_VERSION && version <= 0xff;
    return { fault: `expected format version ${FORMAT_VERSION}, found ${version}`, foreign };
  }
  const payloadBytes = view.getUint32(at + PAYLOAD_BYTES_AT, true);
  if (payloadBytes <= PAYLOAD_BYTES_MAX) return frameBytes(payloadBytes);
  return torn(`expected a payload of at most ${PAYLOAD_BYTES_MAX} bytes, the header says ${payloadBytes}`);
}

/** The frame at `at`, its checksum verified, or why there is none. Positions and chain are the caller's to check. */
export function readFrame(bytes: Uint8Array, view: DataView, at: number, end: number): GroupFrame | FrameFault {
  const length = frameLengthAt(view, at, end);
  if (typeof length !== 'number') return length;
  if (at + length > end) return torn(`expected a group of ${length} bytes, ${end - at} are left`);
  const crc = view.getUint32(at + CRC_AT, true);
  const actual = checksum(bytes, at, length);
  if (actual !== crc) return torn(`expected checksum ${hexadecimal(crc)}, the bytes have ${hexadecimal(actual)}`);
  return {
    payloadBytes: view.getUint32(at + PAYLOAD_BYTES_AT, true),
    recordCount: view.getUint32(at + RECORD_COUNT_AT, true),
    firstPosition: framePositionAt(view, at),
    now: Number(view.getBigUint64(at + NOW_AT, true)),
    epoch: Number(view.getBigUint64(at + EPOCH_AT, true)),
    durablePosition: Number(view.getBigUint64(at + DURABLE_POSITION_AT, true)),
    previousCrc: view.getUint32(at + PREVIOUS_CRC_AT, true),
    crc,
  };
}

export const isFault = (result: object): result is FrameFault => 'fault' in result;
