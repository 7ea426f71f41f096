/** Histories: entries of many orders taken as they come and given back by order; bytes that are none are refused. */
import { orderEventCodec } from '@oms/codec';
import type { SingleOrderEvent } from '@oms/domain';
import { ByteReader, ByteWriter } from '@oms/ports';
import { placedNumber } from '@oms/ports/contract/readModelScenario';
import { describe, expect, it } from 'vitest';
import {
  HistoryArena,
  type HistoryChain,
  hashOfClientOrderId,
  isKnownAs,
  NO_ENTRY,
  orderOfHistory,
  reportsOfHistory,
} from '../src/index.ts';

const newChain = (): HistoryChain => ({ firstEntry: NO_ENTRY, lastEntry: NO_ENTRY });

function append(
  arena: HistoryArena,
  chain: HistoryChain,
  event: SingleOrderEvent,
  time: number,
  sequence: number,
  executionOrdinal: number,
): void {
  const writer = new ByteWriter();
  orderEventCodec.encode(event, writer);
  const reader = new ByteReader(writer.written());
  reader.offset = writer.length;
  arena.append(chain, reader, 0, time, sequence, executionOrdinal);
}

const placed = (number: number): SingleOrderEvent => placedNumber(number).events[0] as SingleOrderEvent;
const submitted = (number: number): SingleOrderEvent => ({
  type: 'OrderSubmitted',
  orderId: `o-0-${number}`,
  protectionPrice: null,
});
const canceled = (number: number): SingleOrderEvent => ({
  type: 'OrderCanceled',
  orderId: `o-0-${number}`,
  requestId: null,
  reason: null,
});

describe('order history', () => {
  it('keeps the events of each order apart, with their times and the numbers of their reports', () => {
    const arena = new HistoryArena();
    arena.clear(1_000, 70);
    const one = newChain();
    const two = newChain();
    append(arena, one, placed(1), 1_000, 5, 71);
    append(arena, two, placed(2), 1_001, 9, 72);
    append(arena, one, submitted(1), 990, 0, 72);
    append(arena, two, canceled(2), 1_002, 10, 73);
    expect(orderOfHistory([arena.part(one)])).toMatchObject({ orderId: 'o-0-1', core: 'SUBMITTED', updatedAt: 990 });
    expect(reportsOfHistory([arena.part(one)])).toMatchObject([{ executionOrdinal: 71, report: { sequence: 5 } }]);
    expect(reportsOfHistory([arena.part(two)])).toMatchObject([
      { executionOrdinal: 72, report: { sequence: 9, execType: 'PENDING_NEW' } },
      { executionOrdinal: 73, report: { sequence: 10, execType: 'CANCELED', time: '1970-01-01T00:00:01.002Z' } },
    ]);
  });

  it('is one history over several parts, each with a base of its own', () => {
    const arena = new HistoryArena();
    const chain = newChain();
    arena.clear(1_000, 0);
    append(arena, chain, placed(1), 1_000, 1, 1);
    const first = arena.part(chain);
    const later = newChain();
    arena.clear(500_000, 40);
    append(arena, later, canceled(1), 500_007, 2, 44);
    expect(reportsOfHistory([first, arena.part(later)]).at(-1)).toMatchObject({
      executionOrdinal: 44,
      report: { sequence: 2, time: '1970-01-01T00:08:20.007Z' },
    });
  });

  it('knows the ids its client gave, in its own account only', () => {
    const arena = new HistoryArena();
    arena.clear(0, 0);
    const chain = newChain();
    const request = { orderId: 'o-0-1', originalClientOrderId: 'many-1' } as const;
    append(arena, chain, placed(1), 1, 1, 1);
    append(arena, chain, { type: 'CancelRequested', ...request, clientOrderId: 'mine', origin: 'CLIENT' }, 1, 2, 2);
    append(
      arena,
      chain,
      { type: 'CancelRequested', ...request, clientOrderId: 'ours', origin: 'KILL_SWITCH' },
      1,
      3,
      3,
    );
    const parts = [arena.part(chain)];
    const known = ['many-1', 'mine', 'ours', 'none'].filter((id) => isKnownAs(parts, 'B', id));
    expect(known).toEqual(['many-1', 'mine']);
    expect(isKnownAs(parts, 'A', 'many-1')).toBe(false);
  });

  it('refuses bytes that are none: cut at every byte', () => {
    const arena = new HistoryArena();
    arena.clear(0, 0);
    const chain = newChain();
    append(arena, chain, placed(1), 1, 1, 1);
    const { base, bytes } = arena.part(chain);
    for (let end = 0; end < bytes.length; end++) {
      expect(() => orderOfHistory([{ base, bytes: bytes.slice(0, end) }])).toThrow();
    }
  });
});

describe('hash of a client order id', () => {
  it('is of the account and the id, each for itself', () => {
    const pairs = [
      ['A', 'B-1'],
      ['AB', '-1'],
      ['AB-', '1'],
      ['', 'AB-1'],
      ['B-1', 'A'],
    ] as const;
    expect(new Set(pairs.map(([account, id]) => hashOfClientOrderId(account, id))).size).toBe(pairs.length);
  });

  it('spreads ids that count up', () => {
    const lists = Array.from(
      { length: 100_000 },
      (_, index) => hashOfClientOrderId('BENCH-0001', `run-${index}`) % 256,
    );
    const counts = new Map<number, number>();
    for (const list of lists) counts.set(list, (counts.get(list) ?? 0) + 1);
    expect(Math.max(...counts.values()) / Math.min(...counts.values())).toBeLessThan(1.5);
  });
});
