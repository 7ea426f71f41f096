/**
 * `oms verify`: the independent check of a data directory. It decodes the journal with its own code, judges it by a
 * reference model of its own, and only then asks the production code what it makes of the same bytes.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { lockDataDirectory } from '@oms/adapter-embedded';
import { InfrastructureError } from '@oms/ports';
import { type VerifyOptions, type VerifyReport, verifyJournal } from './verifyJournal.ts';

export type { CheckResult } from './findings.ts';
export type { Head } from './hashChain.ts';
export { recordsOf, type VerifiedRecord } from './journal/records.ts';
export { piecesIn, piecesOf, segmentFilesOf } from './journal/segments.ts';
export { JournalAudit, type JournalAuditOptions, type SegmentBytes } from './journalAudit.ts';
export type { VerifyOptions, VerifyReport } from './verifyJournal.ts';

/**
 * Checks a data directory that no server uses. Changes nothing in it but its lock.
 * @throws InfrastructureError DATA_DIRECTORY_LOCKED while a server runs, DATA_DIRECTORY_UNUSABLE without a journal
 */
export async function verifyDataDirectory(directory: string, options: VerifyOptions = {}): Promise<VerifyReport> {
  const journalDirectory = path.join(directory, 'journal');
  if (!existsSync(journalDirectory)) {
    throw new InfrastructureError('DATA_DIRECTORY_UNUSABLE', `there is no journal in ${directory}`);
  }
  const lock = lockDataDirectory(directory);
  try {
    const snapshotDirectory = path.join(directory, 'snapshots');
    return await verifyJournal({ ...options, journalDirectory, snapshotDirectory });
  } finally {
    lock.release();
  }
}
