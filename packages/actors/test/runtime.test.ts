/** What the runtime promises: durable before told, one record per decision, exactly once, and faults kept apart. */
import { readRecords, runtimeEventCodec } from '@oms/codec';
import { InvariantError } from '@oms/domain';
import { InfrastructureError } from '@oms/ports';
import { MemoryJournal, MemorySnapshots } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { ToyHouse, type ToyMessage, UNWRITABLE } from './toyActors.ts';

const running = (...options: ConstructorParameters<typeof ToyHouse>) => {
  const house = new ToyHouse(...options);
  house.runtime.recover();
  house.runtime.start();
  return house;
};

/** Copies: the reader hands out one record object again and again. */
const records = (journal: MemoryJournal) =>
  journal.groups.flatMap((group) =>
    Array.from(readRecords(group.payload), (record) => ({ ...record, now: group.now })),
  );

describe('durability', () => {
  it('tells nobody before the group is durable, and everybody right after', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    const release = journal.hold();
    house.send('Add', 5, 1);
    let asked = 0;
    house.time.runSoon();
    house.runtime.whenDurable(() => asked++);
    await Promise.resolve();
    expect(house.state().total).toBe(5);
    expect([house.delivered, house.released, house.durable, asked]).toEqual([[], [], [], 0]);
    release();
    await house.runtime.step();
    expect(house.delivered).toEqual([{ replyTo: 1, answered: { total: 5, quarantinedAt: null } }]);
    expect(house.released).toHaveLength(2);
    expect(house.durable).toEqual([2]);
    expect(asked).toBe(1);
  });

  it('decides the next batch while the last one syncs, and flushes them together', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    const release = journal.hold();
    for (let i = 1; i <= 3; i++) {
      house.send('Add', i, i);
      house.time.runSoon();
    }
    expect(house.state().total).toBe(6);
    expect(journal.groups).toEqual([]);
    release();
    await house.runtime.step();
    expect(journal.groups.map((group) => group.firstPosition)).toEqual([1, 3, 5]);
    expect(house.delivered.map((delivery) => delivery.replyTo)).toEqual([1, 2, 3]);
  });

  it('answers a message that changes nothing at once, but never before what it saw is durable', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    house.send('Ask', 0, 1);
    house.time.runSoon();
    expect(house.delivered).toHaveLength(1);
    const release = journal.hold();
    house.send('Add', 5);
    house.send('Ask', 0, 2);
    house.time.runSoon();
    expect(house.delivered).toHaveLength(1);
    release();
    await house.runtime.step();
    expect(house.delivered[1]).toEqual({ replyTo: 2, answered: { total: 5, quarantinedAt: null } });
  });

  it('stops for good when a flush fails: nothing is delivered, nothing taken any more', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    journal.failWith(new InfrastructureError('JOURNAL_WRITE_FAILED', 'EIO'));
    house.send('Add', 5, 1);
    await house.runtime.step();
    expect(house.failure?.error).toMatchObject({ code: 'JOURNAL_WRITE_FAILED' });
    expect(house.delivered).toEqual([]);
    expect(house.send('Add', 1)).toBe(false);
  });
});

describe('records', () => {
  it('writes one record per decision with its cause, one group per batch, one time per group', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    house.send('Add', 1);
    house.send('Add', 2);
    await house.runtime.step();
    expect(journal.groups).toHaveLength(1);
    expect(records(journal)).toMatchObject([
      { service: 1, causeKind: 0, causeSequence: 0, eventCount: 1, now: house.time.now() },
      // Side by side: both through the first service, then what they set off through the next.
      { service: 1, causeKind: 0 },
      { service: 2, causeKind: 1, causeSequence: 1 },
      { service: 2, causeKind: 1, causeSequence: 2 },
    ]);
  });

  it('stamps a time that never goes back', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    house.send('Add', 1);
    await house.runtime.step();
    house.time.jump(-60_000);
    house.send('Add', 1);
    await house.runtime.step();
    expect(journal.groups[1]!.now).toBe(journal.groups[0]!.now);
  });

  it('writes nothing when nothing was decided', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    await house.runtime.step();
    house.time.advance(1_000);
    expect(journal.lastPosition).toBe(0);
  });
});

describe('supervision', () => {
  it('puts a message that throws aside with its position, tells its caller, and goes on', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    house.send('Add', 1);
    house.send('Throw', 7, 1);
    house.send('Add', 2, 2);
    await house.runtime.step();
    expect(house.delivered).toEqual([
      { replyTo: 1, answered: { total: Number.NaN, quarantinedAt: 2 } },
      { replyTo: 2, answered: { total: 3, quarantinedAt: null } },
    ]);
    const aside: unknown[] = [];
    for (const record of readRecords(journal.groups[0]!.payload)) {
      if (record.service === 0) aside.push(runtimeEventCodec.decode(record.reader));
    }
    expect(aside).toHaveLength(1);
    expect(aside[0]).toMatchObject({
      type: 'MessageQuarantined',
      service: 'order-processor',
      messageType: 'Throw',
      errorName: 'TypeError',
      message: '{"type":"Throw","amount":7,"replyTo":1}',
    });
    expect(house.runtime.status.quarantinedTotal).toBe(1);
    const again = new ToyHouse(new MemoryJournal(journal.groups));
    again.runtime.recover();
    expect(again.state()).toEqual(house.state());
  });

  it('puts a message aside whose events cannot be written down, without folding them', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    house.send('Add', 1);
    house.send('Add', UNWRITABLE, 1);
    house.send('Add', 2);
    await house.runtime.step();
    expect(house.state().total).toBe(3);
    expect(house.delivered).toEqual([{ replyTo: 1, answered: { total: Number.NaN, quarantinedAt: 2 } }]);
    expect(records(journal).map((record) => record.service)).toEqual([1, 0, 1, 2, 2]);
  });

  it('stops on a broken invariant before anything of the batch is written', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    house.send('Add', 1, 1);
    house.send('Break', 0);
    await house.runtime.step();
    expect(house.failure?.error).toBeInstanceOf(InvariantError);
    expect(house.failure?.evidence).toMatch(/nothing of its batch was written/);
    expect(journal.lastPosition).toBe(0);
    expect(house.delivered).toEqual([]);
  });
});

describe('mailbox', () => {
  it('refuses ordinary messages when full, while urgent ones pass and go first', async () => {
    const journal = new MemoryJournal();
    const house = running(journal, null, { mailboxCapacity: { ordinary: 2, urgent: 1 } });
    const urgent = (amount: number) =>
      house.runtime.submit('order-processor', 0, { type: 'Add', amount, replyTo: amount } as ToyMessage, 'urgent');
    expect([house.send('Add', 1, 1), house.send('Add', 2, 2), house.send('Add', 3, 3)]).toEqual([true, true, false]);
    expect([urgent(10), urgent(11)]).toEqual([true, false]);
    await house.runtime.step();
    expect(house.delivered.map((delivery) => delivery.replyTo)).toEqual([10, 1, 2]);
  });

  it('gives the event loop a turn after a bounded batch, and loses nothing', async () => {
    const journal = new MemoryJournal();
    const house = running(journal, null, { batchMessagesMax: 10 });
    for (let i = 1; i <= 3_000; i++) house.send('Add', 1);
    house.time.runSoon();
    await house.runtime.step();
    expect(house.state().total).toBe(3_000);
    expect(Math.max(...journal.groups.map((group) => group.recordCount))).toBe(20);
  });

  it('refuses what no actor of this process hosts', () => {
    const house = running(new MemoryJournal());
    expect(house.runtime.submit('venue-simulator', 0, { type: 'Add' })).toBe(false);
    expect(house.runtime.submit('order-processor', 1, { type: 'Add' })).toBe(false);
  });
});

describe('exactly once by position', () => {
  it('drops what its source sends again, also after a restart with and without a snapshot', async () => {
    const journal = new MemoryJournal();
    const snapshots = new MemorySnapshots();
    const house = running(journal, snapshots);
    for (const sequence of [1, 2, 2, 1, 3]) house.send('Add', 1, null, { kind: 2, sequence });
    await house.runtime.step();
    expect(house.state().total).toBe(3);
    await house.runtime.snapshot();
    for (const used of [snapshots, null]) {
      const again = running(new MemoryJournal(journal.groups), used);
      for (const sequence of [2, 3, 4]) again.send('Add', 1, null, { kind: 2, sequence });
      await again.runtime.step();
      expect(again.state().total).toBe(4);
    }
  });
});

describe('recovery', () => {
  it('gives the same state from the start, and from a snapshot plus the tail', async () => {
    const journal = new MemoryJournal();
    const snapshots = new MemorySnapshots();
    const house = running(journal, snapshots);
    house.send('Add', 1);
    await house.runtime.step();
    expect(await house.runtime.snapshot()).toBe(2);
    house.send('Add', 2);
    await house.runtime.stop();

    const replayed = new ToyHouse(new MemoryJournal(journal.groups));
    expect(replayed.runtime.recover()).toMatchObject({ snapshotPosition: 0, replayedRecords: 4, lastPosition: 4 });
    const restored = new ToyHouse(new MemoryJournal(journal.groups), snapshots);
    expect(restored.runtime.recover()).toMatchObject({ snapshotPosition: 2, replayedRecords: 2 });
    for (const again of [replayed, restored]) expect(again.runtime.stateBytes()).toEqual(house.runtime.stateBytes());

    const handedOver = new ToyHouse(new MemoryJournal());
    handedOver.runtime.restore(house.runtime.stateBytes());
    expect(handedOver.state()).toEqual(house.state());
  });

  it('saves no snapshot of an empty journal, and none without a store', async () => {
    const snapshots = new MemorySnapshots();
    expect(await running(new MemoryJournal(), snapshots).runtime.snapshot()).toBe(0);
    expect(snapshots.saved).toEqual([]);
  });

  it('refuses a journal of services it does not host', async () => {
    const journal = new MemoryJournal();
    const house = running(journal);
    house.send('Add', 1);
    await house.runtime.step();
    const smaller = new ToyHouse(new MemoryJournal(journal.groups), null, { actors: [] });
    expect(() => smaller.runtime.recover()).toThrow(/service 1 partition 0/);
  });

  it('refuses a snapshot of another layout or other actors', async () => {
    const house = running(new MemoryJournal());
    const bytes = house.runtime.stateBytes();
    const other = bytes.slice();
    other[0] = 99;
    expect(() => house.runtime.restore(other)).toThrow(/layout 99/);
    const smaller = new ToyHouse(new MemoryJournal(), null, { actors: [] });
    expect(() => smaller.runtime.restore(bytes)).toThrow(/does not host/);
  });

  it('decides what waits before it stops', async () => {
    const house = running(new MemoryJournal());
    house.send('Add', 1, 1);
    await house.runtime.stop();
    expect(house.delivered).toHaveLength(1);
    expect(house.send('Add', 1)).toBe(false);
  });
});
