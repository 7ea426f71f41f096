/**
 * Opens what a journal left on disk. The last segment is verified in full, and the one before it when the last holds no
 * group yet; of all others only the headers, which show a missing file. Their groups are verified when they are read:
 * start-up stays independent of the journal's length, and what the state is folded from has been verified all the same.
 */
import { type FileSystem, InfrastructureError, type JournalHead, type JournalRecovery } from '@oms/ports';
import { EMPTY_CHAIN } from './chainHash.ts';
import { journalHeadAt } from './journalHead.ts';
import { repairTail, type WritePlace } from './repairTail.ts';
import { proofOfDamage, type SegmentScan, scanSegment } from './scanSegment.ts';
import { journalDamaged, listSegments, readSegmentHeader, segmentPath } from './segmentFile.ts';

export interface RecoverOptions {
  readonly directory: string;
  readonly fileSystem: FileSystem;
  readonly segmentBytes: number;
  /** What must be there: the head that the newest snapshot knows. */
  readonly expectedHead: JournalHead;
  /** Null: one more than the highest in the journal. */
  readonly epoch: number | null;
}

export interface RecoveredJournal {
  readonly lastPosition: number;
  readonly epoch: number;
  readonly place: WritePlace;
  readonly recovery: JournalRecovery;
}

/** @throws InfrastructureError JOURNAL_DAMAGED and JOURNAL_FENCED (nothing was changed), JOURNAL_WRITE_FAILED */
export function recoverJournal(options: RecoverOptions): RecoveredJournal {
  const { directory, fileSystem, segmentBytes } = options;
  const segments = listSegments(directory, fileSystem);
  checkFiles(segments, options);
  const last = segments.at(-1);
  if (last === undefined) {
    const place: WritePlace = { segment: null, offset: 0, previousFirstPosition: 0, chainEnd: EMPTY_CHAIN };
    const recovery = { lastPosition: 0, cutBytes: 0, cutAt: null };
    return { lastPosition: 0, epoch: nextEpoch(0, options.epoch), place, recovery };
  }
  const scan = scanSegment(segmentPath(directory, last), last, fileSystem);
  const damage = scan.usedEnd > scan.validEnd ? proofOfDamage(scan) : null;
  if (damage !== null) throw journalDamaged(scan.path, scan.validEnd, damage);
  const previousFirstPosition = segments.at(-2) ?? 0;
  if (scan.header !== null && previousFirstPosition > 0) {
    checkLink(scan.path, scan.header.previousFirstPosition, previousFirstPosition);
  }
  const { chain, chainEnd } = scan.frames > 0 ? scan : scanBefore(scan, previousFirstPosition, options);
  const lastPosition = chain.nextPosition - 1;
  checkEnd(scan, lastPosition, options.expectedHead.position);
  checkHead(options);

  const epoch = nextEpoch(chain.epoch, options.epoch);
  const cutBytes = scan.usedEnd - scan.validEnd;
  const cutAt = cutBytes > 0 ? { file: scan.path, offset: scan.validEnd } : null;
  const repair = { scan, epoch, chainEnd, previousFirstPosition, segmentBytes, fileSystem };
  return { lastPosition, epoch, place: repairTail(repair), recovery: { lastPosition, cutBytes, cutAt } };
}

/** Every segment must name the one before it. Older ones may have been moved away, as far as a snapshot covers them. */
function checkFiles(segments: readonly number[], { directory, fileSystem, expectedHead }: RecoverOptions): void {
  const expectedPosition = expectedHead.position;
  const first = segments[0];
  if (first === undefined) {
    if (expectedPosition === 0) return;
    throw journalDamaged(directory, 0, `expected groups up to position ${expectedPosition}, there is no segment`);
  }
  if (first - 1 > expectedPosition) {
    const missing = `expected the segment with position ${expectedPosition + 1}, the first one here begins with ${first}`;
    throw journalDamaged(segmentPath(directory, first), 0, missing);
  }
  for (const [index, firstPosition] of segments.entries()) {
    const isLast = index === segments.length - 1;
    const file = fileSystem.open(segmentPath(directory, firstPosition), 'read');
    try {
      // The last one's header may be a torn write: that is for the scan to judge.
      const header = isLast ? null : readSegmentHeader(file, firstPosition);
      const before = segments[index - 1];
      if (header !== null && before !== undefined) checkLink(file.path, header.previousFirstPosition, before);
    } finally {
      file.close();
    }
  }
}

function checkLink(path: string, previousFirstPosition: number, before: number): void {
  if (previousFirstPosition === before) return;
  const expected = `expected the segment that begins with position ${previousFirstPosition} before this one`;
  throw journalDamaged(path, 0, `${expected}, the nearest begins with ${before}`);
}

/**
 * The segment before a last one without groups. The last one's name exists only because everything before it had been
 * synced, so that the one before must be whole, up to the position in the name.
 */
function scanBefore(last: SegmentScan, before: number, { directory, fileSystem }: RecoverOptions): SegmentScan {
  if (before === 0) {
    if (last.firstPosition === 1) return last;
    throw journalDamaged(last.path, 0, 'it holds no group, and the segment before it is missing');
  }
  const scan = scanSegment(segmentPath(directory, before), before, fileSystem);
  if (scan.chain.nextPosition === last.firstPosition) return scan;
  const expected = `expected groups up to position ${last.firstPosition - 1}, they end at ${scan.chain.nextPosition - 1}`;
  throw journalDamaged(scan.path, scan.validEnd, `${expected}: ${scan.fault.fault}`);
}

function checkEnd(scan: SegmentScan, lastPosition: number, expectedPosition: number): void {
  if (lastPosition >= expectedPosition) return;
  const expected = `expected groups up to position ${expectedPosition}, which a snapshot has seen`;
  throw journalDamaged(
    scan.path,
    scan.validEnd,
    `${expected}, the journal ends at ${lastPosition}: ${scan.fault.fault}`,
  );
}

/** A snapshot of another history would be gone on from without a word: every position of its is there. */
function checkHead({ directory, fileSystem, expectedHead }: RecoverOptions): void {
  const { position, hash } = expectedHead;
  const found = journalHeadAt(directory, position, fileSystem);
  if (found.hash === hash) return;
  const expected = `expected position ${position} to have the hash ${hash} that a snapshot knows`;
  throw journalDamaged(directory, 0, `${expected}, found ${found.hash}: the snapshot is of another journal`);
}

function nextEpoch(highest: number, wanted: number | null): number {
  if (wanted === null) return highest + 1;
  if (wanted > highest) return wanted;
  throw new InfrastructureError(
    'JOURNAL_FENCED',
    `epoch ${wanted} is over: the journal has been written at ${highest}`,
  );
}
