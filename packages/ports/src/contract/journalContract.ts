/**
 * The contract of the journal port, as a suite that every adapter's tests call with a factory: order, durability across
 * stops, epochs, and a journal that failed once staying failed.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Journal, JournalGroup, JournalRecovery } from '../journal.ts';

/** One journal in one place, opened and stopped at will. */
export interface JournalSubject {
  /** Opens what is stored; the one opened before must be closed or stopped. */
  open(): Promise<{ readonly journal: Journal; readonly recovery: JournalRecovery }>;
  /** Ends the writer at once, as a crash does: nothing is flushed or closed. */
  stop(): Promise<void>;
  /** The next flush of the open journal finds the storage broken; the one after it would work again. */
  breakNextFlush(): void;
  dispose(): Promise<void>;
}

export function journalContract(adapter: string, make: () => Promise<JournalSubject>): void {
  describe(`journal: ${adapter}`, () => {
    let subject: JournalSubject;
    let journal: Journal;
    let recovery: JournalRecovery;

    const open = async (): Promise<void> => {
      ({ journal, recovery } = await subject.open());
    };
    beforeEach(async () => {
      subject = await make();
      await open();
    });
    afterEach(() => subject.dispose());

    const next = (recordCount = 1, overrides: Partial<JournalGroup> = {}): JournalGroup => {
      const firstPosition = journal.lastPosition + 1;
      const payload = Uint8Array.from({ length: recordCount * 3 }, (_, i) => firstPosition * 7 + i);
      return { firstPosition, recordCount, now: 1_000 + firstPosition, epoch: journal.epoch, payload, ...overrides };
    };
    const append = (recordCount = 1, overrides: Partial<JournalGroup> = {}): JournalGroup => {
      const group = next(recordCount, overrides);
      journal.append(group);
      return group;
    };
    const appendDurably = async (...recordCounts: number[]): Promise<JournalGroup[]> => {
      const groups = recordCounts.map((recordCount) => append(recordCount));
      await journal.flush();
      return groups;
    };
    const read = (position = 1): JournalGroup[] =>
      [...journal.read(position)].map((group) => ({ ...group, payload: Uint8Array.from(group.payload) }));
    const codeOf = (run: () => unknown): unknown => {
      try {
        run();
      } catch (error) {
        return (error as { code?: unknown }).code;
      }
      return 'nothing was thrown';
    };

    describe('an empty journal', () => {
      it('is at position 0 and has nothing to read', () => {
        expect([journal.lastPosition, journal.durablePosition]).toEqual([0, 0]);
        expect(recovery).toEqual({ lastPosition: 0, cutBytes: 0, cutAt: null });
        expect(read()).toEqual([]);
      });

      it('flushes and closes without groups, and stays empty', async () => {
        await journal.flush();
        await journal.close();
        await open();
        expect(recovery).toEqual({ lastPosition: 0, cutBytes: 0, cutAt: null });
      });
    });

    describe('append', () => {
      it('moves lastPosition by the records of the group, and durablePosition only with the flush', async () => {
        append(3);
        append(2);
        expect([journal.lastPosition, journal.durablePosition]).toEqual([5, 0]);
        await journal.flush();
        expect([journal.lastPosition, journal.durablePosition]).toEqual([5, 5]);
      });

      it('copies the payload before it returns', async () => {
        const group = next();
        const before = Uint8Array.from(group.payload);
        journal.append(group);
        group.payload.fill(0xee);
        await journal.flush();
        expect(read()[0]?.payload).toEqual(before);
      });

      it.each([0, -1, 1])('refuses a first position that is %i off the next, and takes the right one', async (off) => {
        await appendDurably(2);
        const wrong = off === 0 ? 1 : journal.lastPosition + 1 + off;
        expect(codeOf(() => append(1, { firstPosition: wrong }))).toBe('JOURNAL_OUT_OF_ORDER');
        expect(journal.lastPosition).toBe(2);
        append(1);
        expect(journal.lastPosition).toBe(3);
      });

      it.each([-1, 1])('refuses a group of another epoch (%i)', (off) => {
        expect(codeOf(() => append(1, { epoch: journal.epoch + off }))).toBe('JOURNAL_FENCED');
        expect(journal.lastPosition).toBe(0);
      });

      it('takes groups while a flush is under way, for the next one', async () => {
        append(1);
        const flushing = journal.flush();
        append(4);
        await flushing;
        expect(journal.durablePosition).toBeGreaterThanOrEqual(1);
        await journal.flush();
        expect(journal.durablePosition).toBe(5);
        expect(read().map((group) => group.recordCount)).toEqual([1, 4]);
      });
    });

    describe('flush', () => {
      it('is done one at a time, in order, when asked for several times at once', async () => {
        append(1);
        const first = journal.flush();
        append(1);
        const second = journal.flush();
        await second;
        expect(journal.durablePosition).toBe(2);
        await first;
        expect(read()).toHaveLength(2);
      });

      it('that fails says JOURNAL_WRITE_FAILED, and so does everything after it; nothing is retried', async () => {
        await appendDurably(2);
        append(1);
        subject.breakNextFlush();
        await expect(journal.flush()).rejects.toMatchObject({ code: 'JOURNAL_WRITE_FAILED', retryable: false });
        expect(journal.durablePosition).toBe(2);
        expect(codeOf(() => append(1))).toBe('JOURNAL_WRITE_FAILED');
        await expect(journal.flush()).rejects.toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
        expect(journal.durablePosition).toBe(2);
        await journal.close();
      });

      it('that failed leaves what was durable before, after a restart', async () => {
        const [durable] = await appendDurably(2);
        append(1);
        subject.breakNextFlush();
        await expect(journal.flush()).rejects.toThrow();
        await subject.stop();
        await open();
        expect(read()[0]).toEqual(durable);
        expect(journal.lastPosition).toBe(journal.durablePosition);
        await appendDurably(1);
        expect(read().at(-1)?.firstPosition).toBe(journal.durablePosition);
      });
    });

    describe('head', () => {
      it('is all zeros in an empty journal, and of durable groups only', async () => {
        const empty = { position: 0, hash: '0'.repeat(64) };
        expect(journal.head).toEqual(empty);
        append(3);
        expect(journal.head).toEqual(empty);
        await journal.flush();
        expect(journal.head).toEqual({ position: 3, hash: expect.stringMatching(/^[0-9a-f]{64}$/) });
        expect(journal.head.hash).not.toBe(empty.hash);
      });

      it('changes with every group, and not by closing, stopping and opening again', async () => {
        const hashes = new Set<string>();
        for (let run = 0; run < 4; run++) {
          await appendDurably(1, 2);
          const { head } = journal;
          hashes.add(head.hash);
          if (run % 2 === 0) await subject.stop();
          else await journal.close();
          await open();
          expect(journal.head).toEqual(head);
        }
        expect(hashes.size).toBe(4);
      });

      it('differs when one payload of all does, or how records were grouped', async () => {
        const hashAfter = async (...groups: Partial<JournalGroup>[]) => {
          await subject.dispose();
          subject = await make();
          await open();
          for (const group of groups) append(group.recordCount ?? 1, group);
          await journal.flush();
          return journal.head.hash;
        };
        const payload = Uint8Array.of(1, 2, 3);
        const original = await hashAfter({ payload }, {}, {});
        expect(await hashAfter({ payload }, {}, {})).toBe(original);
        expect(await hashAfter({ payload: Uint8Array.of(1, 2, 7) }, {}, {})).not.toBe(original);
        expect(await hashAfter({ payload }, { recordCount: 2 })).not.toBe(original);
      });
    });

    describe('read', () => {
      it('gives groups back as they were appended, oldest first', async () => {
        const groups = [...(await appendDurably(1, 4)), ...(await appendDurably(2))];
        expect(read()).toEqual(groups);
      });

      it('keeps an empty payload and large numbers', async () => {
        const group = append(1, { payload: new Uint8Array(0), now: Number.MAX_SAFE_INTEGER });
        await journal.flush();
        expect(read()).toEqual([group]);
      });

      it('starts with the group that contains the position', async () => {
        await appendDurably(2, 3);
        await appendDurably(1);
        const firsts = (position: number) => read(position).map((group) => group.firstPosition);
        expect([1, 2, 3, 5, 6, 7].map(firsts)).toEqual([[1, 3, 6], [1, 3, 6], [3, 6], [3, 6], [6], []]);
      });

      it('shows durable groups only', async () => {
        await appendDurably(2);
        append(1);
        expect(read().map((group) => group.firstPosition)).toEqual([1]);
      });

      it('hands out groups that stay as they are while reading and writing go on', async () => {
        const groups = await appendDurably(1, 1, 1);
        const held = [...journal.read(1)];
        await appendDurably(5);
        read();
        expect(held.map((group) => Uint8Array.from(group.payload))).toEqual(groups.map((group) => group.payload));
      });
    });

    describe('close', () => {
      it('flushes what was appended', async () => {
        const group = append(3);
        await journal.close();
        await open();
        expect(recovery).toEqual({ lastPosition: 3, cutBytes: 0, cutAt: null });
        expect(read()).toEqual([group]);
      });

      it('ends writing: append and flush say JOURNAL_CLOSED; closing again is harmless', async () => {
        await appendDurably(1);
        await journal.close();
        expect(codeOf(() => append(1))).toBe('JOURNAL_CLOSED');
        await expect(journal.flush()).rejects.toMatchObject({ code: 'JOURNAL_CLOSED' });
        await journal.close();
      });
    });

    describe('after a stop', () => {
      it('everything flushed is there, and writing goes on at the next position', async () => {
        const before = [...(await appendDurably(1, 2)), ...(await appendDurably(3))];
        await subject.stop();
        await open();
        expect([recovery.lastPosition, journal.lastPosition, journal.durablePosition]).toEqual([6, 6, 6]);
        expect(read()).toEqual(before);
        const after = await appendDurably(2);
        expect(read()).toEqual([...before, ...after]);
      });

      it('a group that was not flushed is there whole or not at all', async () => {
        await appendDurably(2);
        append(3);
        await subject.stop();
        await open();
        expect([2, 5]).toContain(journal.lastPosition);
        expect(read().reduce((records, group) => records + group.recordCount, 0)).toBe(journal.lastPosition);
      });

      it('a flush under way when it came leaves each of its groups whole or not at all', async () => {
        await appendDurably(1);
        append(2);
        append(3);
        const flushing = journal.flush().catch(() => undefined);
        await subject.stop();
        await flushing;
        await open();
        expect([1, 3, 6]).toContain(journal.lastPosition);
        await appendDurably(1);
        expect(read().at(-1)?.firstPosition).toBe(journal.lastPosition);
      });

      it('the epoch is higher than any before, and stays so over many stops', async () => {
        let highest = 0;
        for (let run = 0; run < 4; run++) {
          expect(journal.epoch).toBeGreaterThan(highest);
          highest = journal.epoch;
          await appendDurably(1);
          if (run % 2 === 0) await subject.stop();
          else await journal.close();
          await open();
        }
        const epochs = read().map((group) => group.epoch);
        expect(epochs).toEqual(epochs.toSorted((a, b) => a - b));
        expect(new Set(epochs).size).toBe(4);
      });
    });
  });
}
