/** The promise of the journal under a failing disk: what was acknowledged is there afterwards, whole and in order. */
import type { Journal, JournalGroup, Random } from '@oms/ports';
import { FaultyFileSystem, randomFate } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { below, seededRandom } from '../seededRandom.ts';
import { append, openOn, readAll } from './journalOnDisk.ts';

/** What was appended so far, and how much of it was acknowledged. */
interface Account {
  groups: JournalGroup[];
  acknowledged: number;
}

/** Appends and flushes until the disk gives up, or `flushes` are done. */
async function work(journal: Journal, account: Account, random: Random, flushes: number): Promise<void> {
  for (let flush = 0; flush < flushes; flush++) {
    const appendSome = () => {
      for (let count = below(random, 4); count > 0; count--) {
        account.groups.push(
          append(journal, below(random, below(random, 10) === 0 ? 2_000 : 200), 1 + below(random, 3)),
        );
      }
    };
    appendSome();
    const flushing = journal.flush();
    const covered = account.groups.length;
    appendSome();
    try {
      await flushing;
    } catch (error) {
      expect(error).toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
      return;
    }
    account.acknowledged = covered;
  }
}

/** Reopens and checks; what was not acknowledged may be gone, from some group on. */
function checkRecovered(disk: FaultyFileSystem, account: Account): Journal {
  const { journal } = openOn(disk);
  const found = readAll(journal);
  expect(found.length).toBeGreaterThanOrEqual(account.acknowledged);
  expect(found).toEqual(account.groups.slice(0, found.length));
  account.groups = found;
  account.acknowledged = found.length;
  return journal;
}

describe('power loss', () => {
  it('at any call, with unsynced writes lost, kept or torn: 250 seeds of 5 losses each', async () => {
    for (let seed = 1; seed <= 250; seed++) {
      const random = seededRandom(seed);
      const disk = new FaultyFileSystem(seed % 2 === 0 ? { shortWrites: random } : {});
      const account: Account = { groups: [], acknowledged: 0 };
      let journal = openOn(disk).journal;
      for (let loss = 0; loss < 5; loss++) {
        disk.fail({ nth: 1 + below(random, 40), error: 'POWER' });
        await work(journal, account, random, 12);
        disk.clearFaults();
        disk.losePower(randomFate(random), below(random, 4));
        // Also while it recovers.
        disk.fail({ nth: 1 + below(random, 4), error: 'POWER' });
        try {
          openOn(disk);
        } catch (error) {
          expect(error, `seed ${seed}`).toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
        }
        disk.clearFaults();
        disk.losePower(randomFate(random), below(random, 4));
        journal = checkRecovered(disk, account);
      }
    }
  });
});

describe.each(['ENOSPC', 'EIO'] as const)('%s', (error) => {
  it('at every call up to the 50th: the journal stops, and what was acknowledged is there', async () => {
    for (let nth = 1; nth <= 50; nth++) {
      const random = seededRandom(nth);
      const disk = new FaultyFileSystem();
      const account: Account = { groups: [], acknowledged: 0 };
      const { journal } = openOn(disk);
      disk.fail({ nth, error });
      await work(journal, account, random, 30);
      const { durablePosition } = journal;
      const callsWhenFailed = disk.calls;
      const failed = await journal.flush().then(
        () => false,
        () => true,
      );
      if (failed) {
        expect(() => append(journal, 1)).toThrow(expect.objectContaining({ code: 'JOURNAL_WRITE_FAILED' }));
        expect([journal.durablePosition, disk.calls]).toEqual([durablePosition, callsWhenFailed]);
      } else {
        account.acknowledged = account.groups.length;
      }
      disk.clearFaults();
      disk.losePower(randomFate(random));
      checkRecovered(disk, account);
    }
  });

  it('at any call of recovery: the start is refused, and works after it', async () => {
    for (let nth = 1; nth <= 4; nth++) {
      const random = seededRandom(nth);
      const disk = new FaultyFileSystem();
      const account: Account = { groups: [], acknowledged: 0 };
      await work(openOn(disk).journal, account, random, 10);
      disk.kill();
      disk.fail({ nth, error });
      try {
        openOn(disk);
      } catch (refusal) {
        expect(refusal).toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
      }
      disk.clearFaults();
      disk.losePower(randomFate(random));
      checkRecovered(disk, account);
    }
  });
});
