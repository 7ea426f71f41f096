/** The verifier's compact memory against plain maps and sets: what is packed comes back as it was. */
import { createHash } from 'node:crypto';
import { TEST_INSTRUMENT } from '@oms/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameTable } from '../src/memory/nameTable.ts';
import type { PackedBytes } from '../src/memory/packedBytes.ts';
import { PackedTable } from '../src/memory/packedTable.ts';
import { TextSet } from '../src/memory/textSet.ts';
import { type HoldFacts, NO_NUMBERS, numbersOf } from '../src/model/holdFacts.ts';
import { HoldTable } from '../src/model/holdTable.ts';
import { PHASES } from '../src/model/legalMoves.ts';
import { type OrderFacts, sumFills } from '../src/model/orderFacts.ts';
import { orderPacking } from '../src/model/packOrder.ts';
import { ProductionFold } from '../src/replay/productionFold.ts';
import { longHistory } from './stories.ts';

describe('the set of texts', () => {
  it('tells of each whether it is new, as a set does', () => {
    const text = fc.oneof(fc.string({ maxLength: 12 }), fc.string({ unit: 'grapheme', maxLength: 80 }));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), text), { maxLength: 200 }), (pairs) => {
        const ours = new TextSet();
        const plain = new Set<string>();
        for (const [owner, each] of pairs) {
          const key = `${owner} ${each}`;
          expect(ours.add(owner, each)).toBe(!plain.has(key));
          plain.add(key);
        }
      }),
    );
  });

  // Among so many, some ten pairs have the same hash.
  it('stays exact while it grows', () => {
    const ours = new TextSet();
    let added = 0;
    for (let round = 0; round < 2; round++) {
      for (let i = 0; i < 300_000; i++) if (ours.add(i % 3, `order-${i}`)) added++;
    }
    expect(added).toBe(300_000);
    expect(ours.add(1, 'order-0')).toBe(true);
  });
});

// ---- the table -----------------------------------------------------------------------------------------------------

interface Thing {
  readonly orderId: string;
  amount: bigint | null;
  text: string;
}

const packing = {
  pack({ amount, text }: Thing, bytes: PackedBytes) {
    bytes.amount(amount);
    bytes.text(text);
  },
  unpack: (orderId: string, bytes: PackedBytes): Thing => ({
    orderId,
    amount: bytes.readAmount(),
    text: bytes.readText(),
  }),
};

const anyId = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.nat(2), fc.nat(40)).map(([partition, number]) => `o-${partition}-${number}`) },
  fc.constantFrom('o-0-999999999', 'o-0-01', 'o-00-1', 'o-65536-1', 'o-1-', 'x-1-1', '', 'o-0-1 ', 'o-1-99999999999'),
);
const anyAmount = fc.option(fc.oneof(fc.constant(0n), fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n })));
const anyText = fc.oneof(fc.string({ maxLength: 20 }), fc.constantFrom('é', 'x'.repeat(255), 'x'.repeat(256), ''));

type Step =
  | { readonly do: 'put'; readonly id: string; readonly amount: bigint | null; readonly text: string }
  | { readonly do: 'delete'; readonly id: string }
  | { readonly do: 'settle' };
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('put'), id: anyId, amount: anyAmount, text: anyText }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('delete'), id: anyId }) },
  { weight: 2, arbitrary: fc.constant({ do: 'settle' }) },
) as fc.Arbitrary<Step>;

function take(step: Step, table: PackedTable<Thing>, plain: Map<string, Thing>): void {
  if (step.do === 'settle') {
    table.settle();
    return;
  }
  const { id } = step;
  const thing = table.get(id);
  expect(thing).toEqual(plain.get(id));
  if (step.do === 'delete') {
    if (thing !== undefined) table.delete(id);
    plain.delete(id);
    return;
  }
  const { amount, text } = step;
  if (thing === undefined) table.add(id, { orderId: id, amount, text });
  else Object.assign(thing, { amount, text });
  plain.set(id, { orderId: id, amount, text });
}

function expectSame(table: PackedTable<Thing>, plain: Map<string, Thing>): void {
  expect(table.size).toBe(plain.size);
  for (const [id, thing] of plain) {
    expect(table.peek(id)).toEqual(thing);
    expect(table.has(id)).toBe(true);
  }
  const byId = (things: Iterable<Thing>) => [...things].sort((a, b) => (a.orderId < b.orderId ? -1 : 1));
  expect(byId(table.values())).toEqual(byId(plain.values()));
}

describe('the packed table', () => {
  it('holds what a map holds, whatever fits and whenever it is packed, also in other hands', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
        const table = new PackedTable(packing);
        const plain = new Map<string, Thing>();
        for (const step of steps) take(step, table, plain);
        expectSame(table, plain);
        table.settle();
        expectSame(table, plain);
        expectSame(new PackedTable(packing, structuredClone(table.memory)), plain);
      }),
    );
  });

  it('uses the place of what was there again', () => {
    const table = new PackedTable(packing);
    for (let round = 0; round < 3; round++) {
      for (let number = 1; number <= 40_000; number++) {
        const thing = table.get(`o-0-${number}`);
        if (thing === undefined) table.add(`o-0-${number}`, { orderId: `o-0-${number}`, amount: 1n, text: 'text' });
        else thing.amount = BigInt(round + 1);
      }
      table.settle();
    }
    expect(table.memory.pages.length).toBe(1);
  });
});

// ---- what is packed ------------------------------------------------------------------------------------------------

const anyMoney = fc.bigInt({ min: 0n, max: 2n ** 66n });
const anyFill = fc.record({
  quantity: anyMoney,
  price: anyMoney,
  fee: fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
  feeCurrency: fc.constantFrom('USD', 'BTC'),
  busted: fc.boolean(),
  amendments: fc.array(fc.constantFrom('b1', 'b2'), { maxLength: 1 }),
});
const anyOrder: fc.Arbitrary<OrderFacts> = fc
  .record({
    orderId: fc.constant('o-0-7'),
    phase: fc.constantFrom(...PHASES),
    accountId: fc.constantFrom('A', 'é'),
    symbol: fc.constantFrom('BTC-USD', 'ETH-USD'),
    side: fc.constantFrom('BUY' as const, 'SELL' as const),
    placedQuantity: fc.option(anyMoney),
    quoteQuantity: fc.option(anyMoney),
    quantity: anyMoney,
    price: fc.option(anyMoney),
    stopPrice: fc.option(anyMoney),
    protectionPrice: fc.option(anyMoney),
    isStop: fc.boolean(),
    reduceOnly: fc.boolean(),
    approved: fc.boolean(),
    sent: fc.boolean(),
    atVenue: fc.boolean(),
    triggered: fc.boolean(),
    suspect: fc.boolean(),
    filled: fc.constant(0n),
    quote: fc.constant(0n),
    fees: fc.constant(null),
    fills: fc.option(
      fc
        .uniqueArray(fc.tuple(fc.string({ maxLength: 30 }), anyFill), { minLength: 1, selector: ([id]) => id })
        .map((pairs) => new Map(pairs)),
    ),
    requests: fc.constant(null),
  })
  .map((order: OrderFacts) => {
    if (order.fills !== null) sumFills(order);
    return order;
  });

describe('a packed order', () => {
  it('is the order', () => {
    fc.assert(
      fc.property(anyOrder, (order) => {
        const table = new PackedTable(orderPacking(new NameTable()));
        table.add(order.orderId, structuredClone(order));
        table.settle();
        expect(table.peek(order.orderId)).toEqual(order);
      }),
      { numRuns: 500 },
    );
  });
});

const terms = { quantity: 2n, quoteQuantity: null, price: 300n, stopPrice: null, holdPrice: 300n };
function holdOf(accountId: string): HoldFacts {
  const { symbol } = TEST_INSTRUMENT;
  const facts = { orderId: 'o-0-1', side: 'BUY', reduceOnly: false, accountId, symbol, protectionPrice: null } as const;
  const hold = { ...facts, terms, filled: 1n, filledQuote: 300n, pending: null, numbers: NO_NUMBERS };
  return { ...hold, numbers: numbersOf(hold, TEST_INSTRUMENT) };
}

describe('the holds', () => {
  it('are kept apart where two accounts have one for the same order', () => {
    const table = new HoldTable(new NameTable(), new Map([[TEST_INSTRUMENT.symbol, TEST_INSTRUMENT]]));
    const [first, second] = [holdOf('A'), holdOf('B')];
    for (const hold of [first, second]) {
      table.add(hold);
      table.settle();
    }
    expect([table.get('A', 'o-0-1'), table.peek('B', 'o-0-1'), table.peek('C', 'o-0-1')]).toEqual([
      first,
      second,
      undefined,
    ]);
    table.delete(table.get('B', 'o-0-1')!);
    expect([...table.values()]).toEqual([first]);
    expect(table.get('B', 'o-0-1')).toBeUndefined();
    table.delete(table.get('A', 'o-0-1')!);
    expect([...table.values()]).toEqual([]);
  });
});

describe('the hash of a state', () => {
  it('is that of the snapshot, in pieces of any size', async () => {
    const { journal, runtime } = await longHistory();
    const fold = new ProductionFold();
    for (const group of journal.groups) fold.fold(group);
    const expected = createHash('sha256').update(runtime.stateBytes()).digest('hex');
    for (const pieceBytes of [1, 300, 1 << 20]) expect(fold.hash(pieceBytes)).toBe(expected);
  });
});
