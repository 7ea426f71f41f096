/** A failing disk under the real process, and under the house in this one at every call: it stops, and nothing is lost. */
import { describe, expect, it } from 'vitest';
import { failingDisk, fullDisk } from '../deep/diskDoses.ts';
import { damagedJournal, diskError, POISONS, poisonedMessage } from '../deep/houseDoses.ts';
import { canMount } from '../deep/life.ts';
import { announcerOf, parseFault, RETRIED } from './faults/fault.ts';

const mountable = canMount();

// Processes on however busy a machine.
const SLOW = { timeout: 600_000 };

describe('the process', SLOW, () => {
  it.each([
    { kind: 'EIO', moment: 'journal.sync.before', nth: 25 },
    { kind: 'ENOSPC', moment: 'journal.write.before', nth: 40 },
    { kind: 'EIO', moment: 'repair.sync.before', nth: 1 },
  ] as const)('stops with evidence at $kind, $moment, and starts again', failingDisk);

  it.skipIf(!mountable)(
    `stops on a full disk, and goes on once there is room${mountable ? '' : ' (skipped: this user may not mount)'}`,
    fullDisk,
  );
});

describe('the house', () => {
  it.each([
    { operation: 'write', error: 'EIO' },
    { operation: 'datasync', error: 'EIO' },
    { operation: 'write', error: 'ENOSPC' },
  ] as const)('stops for good at $error of any $operation up to the 50th', async (kind) => {
    for (let nth = 1; nth <= 50; nth++) await diskError(nth, { ...kind, nth });
  });

  it('reads no other history from a damaged journal: 200 bits and cuts', async () => {
    for (let seed = 1; seed <= 200; seed++) await damagedJournal(seed);
  });

  it.each(Object.keys(POISONS).map((name, kind) => [name, kind] as const))(
    'puts a message with %s aside and goes on',
    (_, kind) => poisonedMessage(kind),
  );
});

describe('a fault for tests', () => {
  it.each([
    'kil@journal.sync.before:1',
    'kill@journal.nowhere:1',
    'kill@journal.sync.before:0',
    'EIO@journal.sync.after:1',
    'kill',
  ])('%s is refused', (text) => {
    expect(() => parseFault(text)).toThrow();
  });

  it('happens the nth time, once, and whoever goes on writing is told of', () => {
    const complaints: string[] = [];
    const { now } = announcerOf(
      parseFault('EIO@journal.sync.before:2'),
      () => {},
      (text) => complaints.push(text),
    );
    now('journal.sync.before');
    now('journal.write.before');
    expect(complaints).toEqual([]);
    expect(() => now('journal.sync.before')).toThrow(expect.objectContaining({ code: 'EIO' }));
    now('journal.sync.before');
    expect(complaints).toEqual([`${RETRIED}: journal.sync.before`]);
  });
});
