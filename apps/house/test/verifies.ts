/** The independent model of `oms verify` over the journal of a test house. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { verifyJournal } from '../../verifier/src/verifyJournal.ts';
import { writeSegment } from '../../verifier/test/history.ts';
import type { TestHouse } from './testHouse.ts';

export async function verifies(house: TestHouse): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'oms-story-'));
  const journalDirectory = join(directory, 'journal');
  try {
    writeSegment(journalDirectory, house.journal.groups);
    const report = await verifyJournal({ journalDirectory, snapshotDirectory: join(directory, 'snapshots') });
    expect(report.checks.filter((check) => !check.ok)).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}
