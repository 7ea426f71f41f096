/** Private streams: whatever a reader does and whenever it comes back, it sees every push exactly once, or a snapshot. */
import { ManualTime } from '@oms/testkit';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_BOUNDS } from '../src/index.ts';
import { AccountStreams } from '../src/streams/accountStreams.ts';
import { ChannelHistory } from '../src/streams/channelHistory.ts';
import type { StreamReader } from '../src/streams/streamReader.ts';
import { aBalance, anOrder, aPosition, aReport, HouseDouble, ReadModelDouble } from './support/houseDouble.ts';
import { ReaderDouble } from './support/readerDouble.ts';

const settle = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate);
};

const range = (from: number, to: number): number[] => Array.from({ length: to - from + 1 }, (_, index) => from + index);

let house: HouseDouble;
let readModel: ReadModelDouble;
let time: ManualTime;
let streams: AccountStreams;
let faults: unknown[];

const start = (replayLength = 100): void => {
  house = new HouseDouble();
  readModel = new ReadModelDouble();
  time = new ManualTime();
  faults = [];
  streams = new AccountStreams({
    house,
    live: house,
    readModel,
    clock: time,
    scheduler: time,
    bounds: { ...DEFAULT_BOUNDS, replayLength },
    onFault: (fault) => faults.push(fault),
  });
};

/** The house decides something: its state moves at once, the streams hear of it when it is durable. */
const decide = (): (() => void) => {
  const sequence = ++house.reportSequence;
  const report = aReport(sequence);
  return () => {
    readModel.reports.push(report);
    if (streams.listens('A')) streams.reported('A', sequence, report, anOrder({ version: sequence }));
  };
};

const report = (count = 1): void => {
  for (let i = 0; i < count; i++) decide()();
};

type Channel = 'orders' | 'executions' | 'positions' | 'balances';
const join = async (reader: StreamReader, fromSequence: number | null = null, channels: Channel[] = ['orders']) => {
  let positions: readonly { channel: string; sequence: number }[] = [];
  const subscriptions = await streams.join(reader, { accountId: 'A', channels, fromSequence }, (told) => {
    positions = told;
  });
  await settle();
  return { positions, subscriptions };
};

beforeEach(() => start());

describe('private streams', () => {
  it('cost nothing while nobody listens', () => {
    expect(streams.listens('A')).toBe(false);
    streams.reported('A', 1, aReport(1), anOrder());
    expect(streams.listens('A')).toBe(false);
  });

  it('go on after the position the subscription was told', async () => {
    report(3);
    const reader = new ReaderDouble();
    const { positions } = await join(reader, null, ['orders', 'executions', 'positions', 'balances']);
    expect(positions).toEqual([
      { channel: 'orders', sequence: 3 },
      { channel: 'executions', sequence: 3 },
      { channel: 'positions', sequence: 0 },
      { channel: 'balances', sequence: 0 },
    ]);
    report(2);
    streams.position('A', 1, aPosition('A', 1));
    streams.balance('A', 1, aBalance('A', 1));
    expect(reader.frames.map(({ channel, sequence }) => `${channel} ${sequence}`)).toEqual([
      'orders 4',
      'executions 4',
      'orders 5',
      'executions 5',
      'positions 1',
      'balances 1',
    ]);
    expect(reader.frames[0]).toEqual({ channel: 'orders', sequence: 4, data: anOrder({ version: 4 }) });
  });

  it('serialise a push once for all readers', async () => {
    const readers = [new ReaderDouble(), new ReaderDouble()];
    for (const reader of readers) await join(reader);
    report();
    expect(readers[0]!.buffers[0]).toBe(readers[1]!.buffers[0]);
  });

  it('resume from memory', async () => {
    const first = new ReaderDouble();
    const { subscriptions } = await join(first);
    report(5);
    for (const subscription of subscriptions) streams.leave(subscription);
    report(5);
    expect(first.sequences('orders')).toEqual(range(1, 5));
    const second = new ReaderDouble();
    await join(second, 6);
    report();
    expect(second.sequences('orders')).toEqual(range(6, 11));
  });

  it('resume executions from the read model, page by page, and go on from memory', async () => {
    report(2_500);
    const reader = new ReaderDouble();
    await join(reader, 7, ['executions']);
    report(3);
    expect(reader.sequences('executions')).toEqual(range(7, 2_503));
  });

  it.each([
    ['too old', 2],
    ['not yet reached', 99],
  ])('send a snapshot for a position that is %s, then go on after it', async (_name, fromSequence) => {
    report(5);
    house.orders = [anOrder({ version: 5 })];
    const reader = new ReaderDouble();
    await join(reader, fromSequence);
    report(2);
    expect(reader.frames.map((frame) => Object.keys(frame))).toEqual([
      ['channel', 'accountId', 'error'],
      ['channel', 'accountId', 'sequence', 'snapshot'],
      ['channel', 'sequence', 'data'],
      ['channel', 'sequence', 'data'],
    ]);
    expect(reader.frames[0].error).toEqual({ code: 'SNAPSHOT_REQUIRED' });
    expect(reader.frames[1]).toMatchObject({ sequence: 5, snapshot: [anOrder({ version: 5 })] });
    expect(reader.sequences('orders')).toEqual([6, 7]);
  });

  it('keep a bounded number of pushes', async () => {
    start(10);
    await join(new ReaderDouble());
    report(50);
    const near = new ReaderDouble();
    const far = new ReaderDouble();
    await join(near, 41);
    await join(far, 40);
    expect(near.sequences('orders')).toEqual(range(41, 50));
    expect(far.frames[0].error.code).toBe('SNAPSHOT_REQUIRED');
  });

  it('are forgotten five minutes after the last reader left, not before', async () => {
    const { subscriptions } = await join(new ReaderDouble());
    time.advance(600_000);
    expect(streams.listens('A')).toBe(true);
    for (const subscription of subscriptions) streams.leave(subscription);
    time.advance(290_000);
    expect(streams.listens('A')).toBe(true);
    time.advance(60_000);
    expect(streams.listens('A')).toBe(false);
  });

  it('pause a replay while the reader is behind, and end it when it takes nothing at all', async () => {
    await join(new ReaderDouble());
    report(50);
    const reader = new ReaderDouble();
    reader.unsentBytes = 2 * 1024 * 1024;
    await join(reader, 1);
    expect(reader.frames).toEqual([]);
    reader.unsentBytes = 0;
    time.advance(20);
    await settle();
    expect(reader.sequences('orders')).toEqual(range(1, 50));
    const stuck = new ReaderDouble();
    stuck.unsentBytes = 2 * 1024 * 1024;
    await join(stuck, 1);
    for (let i = 0; i < 1_100 && !stuck.closedSlow; i++) {
      time.advance(20);
      await new Promise(setImmediate);
    }
    expect(stuck.closedSlow).toBe(true);
  });

  it('give a reader who would have a gap a snapshot instead', async () => {
    const reader = new ReaderDouble();
    await join(reader);
    report();
    decide();
    report();
    await settle();
    expect(reader.frames.map((frame) => frame.error?.code ?? frame.sequence)).toEqual([1, 'SNAPSHOT_REQUIRED', 3]);
    expect(faults).toEqual([]);
  });

  it('show every push exactly once, however subscribing, deciding and committing interleave', async () => {
    const step = fc.oneof(
      fc.constant({ kind: 'decide' } as const),
      fc.constant({ kind: 'commit' } as const),
      fc.constant({ kind: 'turn' } as const),
      fc.record({ kind: fc.constant('join' as const), back: fc.integer({ min: -1, max: 6 }) }),
      fc.constant({ kind: 'leave' } as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), fc.integer({ min: 2, max: 8 }), async (steps, kept) => {
        start(kept);
        const uncommitted: (() => void)[] = [];
        const readers: { reader: ReaderDouble; from: number | null; told: number }[] = [];
        const joined: ReturnType<typeof streams.join>[] = [];
        for (const action of steps) {
          if (action.kind === 'decide') uncommitted.push(decide());
          else if (action.kind === 'commit') uncommitted.shift()?.();
          else if (action.kind === 'turn') await new Promise(setImmediate);
          else if (action.kind === 'leave')
            for (const subscription of (await joined.shift()) ?? []) streams.leave(subscription);
          else {
            const reader = new ReaderDouble();
            const from = action.back < 0 ? null : Math.max(0, house.reportSequence + 1 - action.back);
            const entry = { reader, from, told: -1 };
            readers.push(entry);
            const request = { accountId: 'A', channels: ['executions' as const], fromSequence: from };
            joined.push(
              streams.join(reader, request, ([position]) => {
                entry.told = position!.sequence;
              }),
            );
          }
        }
        for (const commit of uncommitted) commit();
        const staying = new Set<StreamReader>();
        await settle();
        report();
        await settle();
        for (const subscription of (await Promise.all(joined)).flat()) staying.add(subscription.reader);
        for (const { reader, from, told } of readers) {
          const snapshot = reader.frames.find((frame) => 'snapshot' in frame)?.sequence;
          const first = snapshot ?? (from === null || from === 0 ? (from === null ? told : 0) : from - 1);
          const seen = reader
            .sequences('executions')
            .filter((sequence) => snapshot === undefined || sequence > snapshot);
          expect(seen).toEqual(range(first + 1, first + seen.length));
          if (staying.has(reader)) expect(seen.at(-1) ?? first).toBe(house.reportSequence);
        }
        expect(faults).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('a channel history', () => {
  it('reaches exactly the newest pushes without a gap', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 30 }),
        (capacity, steps) => {
          const history = new ChannelHistory('orders', capacity);
          let newest = 0;
          let unbroken = 0;
          for (const step of steps) {
            unbroken = step === 1 && newest > 0 ? unbroken + 1 : 1;
            newest += step;
            history.add(newest, { newest });
            const oldest = newest - Math.min(unbroken, capacity) + 1;
            for (let sequence = oldest - 3; sequence <= newest + 3; sequence++) {
              expect(history.reaches(sequence)).toBe(sequence >= oldest && sequence <= newest + 1);
              if (sequence >= oldest && sequence <= newest) {
                expect(JSON.parse(history.frame(sequence).toString()).data).toEqual({ newest: sequence });
              }
            }
          }
        },
      ),
    );
  });
});
