/**
 * Segment files: their names, their header of 72 bytes, and finding them. A segment is named by its first position and
 * names the segment before it, so that a missing file is found without reading the others.
 */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { type FileSystem, InfrastructureError, type OpenFile } from '@oms/ports';
import { type ChainEnd, HASH_BYTES, readHash, writeHash } from './chainHash.ts';
import { FORMAT_VERSION, type FrameFault, isFault, torn } from './groupFrame.ts';

/** "\xFFOMSJRNL" */
const SEGMENT_MAGIC = Uint8Array.of(0xff, 0x4f, 0x4d, 0x53, 0x4a, 0x52, 0x4e, 0x4c);
export const SEGMENT_HEADER_BYTES = 72;

const VERSION_AT = 8;
const FIRST_POSITION_AT = 16;
const PREVIOUS_FIRST_POSITION_AT = 24;
const PREVIOUS_HASH_AT = 32;
const PREVIOUS_CRC_AT = PREVIOUS_HASH_AT + HASH_BYTES;
const CRC_AT = PREVIOUS_CRC_AT + 4;

/** Where the first version of the format, which had no hashes, kept this checksum. */
const FIRST_VERSION_CRC_AT = 36;

const NAME = /^(\d{20})\.journal$/;

export interface SegmentHeader {
  readonly firstPosition: number;
  /** First position of the segment before; 0 when this is the first. */
  readonly previousFirstPosition: number;
  /** End of the chain before this segment. */
  readonly previous: ChainEnd;
}

export const segmentPath = (directory: string, firstPosition: number): string =>
  join(directory, `${String(firstPosition).padStart(20, '0')}.journal`);

/** First positions of the segments in the directory, ascending. Files with other names are none of the journal's. */
export function listSegments(directory: string, fileSystem: FileSystem): number[] {
  const positions = fileSystem.list(directory).flatMap((name) => {
    const digits = NAME.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
  return positions.sort((a, b) => a - b);
}

export function encodeSegmentHeader(header: SegmentHeader): Uint8Array {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  bytes.set(SEGMENT_MAGIC);
  view.setUint32(VERSION_AT, FORMAT_VERSION, true);
  view.setBigUint64(FIRST_POSITION_AT, BigInt(header.firstPosition), true);
  view.setBigUint64(PREVIOUS_FIRST_POSITION_AT, BigInt(header.previousFirstPosition), true);
  writeHash(header.previous.hash, bytes, PREVIOUS_HASH_AT);
  view.setUint32(PREVIOUS_CRC_AT, header.previous.crc, true);
  view.setUint32(CRC_AT, crc32(bytes.subarray(0, CRC_AT)), true);
  return bytes;
}

/**
 * @returns the header, or why these bytes are not the header of the segment that begins with `firstPosition`
 * @throws InfrastructureError JOURNAL_VERSION_UNSUPPORTED when it is a whole header of the first version
 */
export function decodeSegmentHeader(
  bytes: Uint8Array,
  firstPosition: number,
  path: string,
): SegmentHeader | FrameFault {
  if (bytes.length < SEGMENT_HEADER_BYTES)
    return torn(`a segment header needs ${SEGMENT_HEADER_BYTES} bytes, found ${bytes.length}`);
  if (SEGMENT_MAGIC.some((byte, i) => bytes[i] !== byte)) return torn('expected the magic of a segment header');
  const view = new DataView(bytes.buffer, bytes.byteOffset, SEGMENT_HEADER_BYTES);
  const version = view.getUint32(VERSION_AT, true);
  if (version !== FORMAT_VERSION) return otherVersion(bytes, view, version, path);
  if (!hasChecksum(bytes, view, CRC_AT)) return torn('the checksum of the segment header is wrong');
  const header = {
    firstPosition: Number(view.getBigUint64(FIRST_POSITION_AT, true)),
    previousFirstPosition: Number(view.getBigUint64(PREVIOUS_FIRST_POSITION_AT, true)),
    previous: { crc: view.getUint32(PREVIOUS_CRC_AT, true), hash: readHash(bytes, PREVIOUS_HASH_AT) },
  };
  if (header.firstPosition === firstPosition) return header;
  return torn(`the file name says first position ${firstPosition}, the header ${header.firstPosition}`);
}

/** A torn header has version 0: everything else was written by another version, or is damaged, and is never cut. */
function otherVersion(bytes: Uint8Array, view: DataView, version: number, path: string): FrameFault {
  if (version !== 1 || !hasChecksum(bytes, view, FIRST_VERSION_CRC_AT)) {
    return { fault: `expected format version ${FORMAT_VERSION}, found ${version}`, foreign: version !== 0 };
  }
  throw new InfrastructureError(
    'JOURNAL_VERSION_UNSUPPORTED',
    `${path} has format version 1, this program reads and writes version ${FORMAT_VERSION}. Nothing was changed; ` +
      'start on an empty data directory, or go on with the program that wrote it',
  );
}

const hasChecksum = (bytes: Uint8Array, view: DataView, crcAt: number): boolean =>
  crc32(bytes.subarray(0, crcAt)) === view.getUint32(crcAt, true);

/** @throws InfrastructureError JOURNAL_DAMAGED, JOURNAL_VERSION_UNSUPPORTED */
export function readSegmentHeader(file: OpenFile, firstPosition: number): SegmentHeader {
  const bytes = new Uint8Array(SEGMENT_HEADER_BYTES);
  const header = decodeSegmentHeader(bytes.subarray(0, file.read(bytes, 0)), firstPosition, file.path);
  if (isFault(header)) throw journalDamaged(file.path, 0, header.fault);
  return header;
}

export const journalDamaged = (file: string, offset: number, what: string): InfrastructureError =>
  new InfrastructureError(
    'JOURNAL_DAMAGED',
    `${file} at byte ${offset}: ${what}. Nothing was changed; restore this file from a copy and start again`,
  );
