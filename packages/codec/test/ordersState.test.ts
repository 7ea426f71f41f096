/** The state whose parts share objects: what must hold beyond the properties of its stored layout. */
import { isDeepStrictEqual } from 'node:util';
import { ordersStateCodec, type StoredOrdersState, structNode } from '@oms/codec';
import { initialOrdersState, type Order, type OrdersState } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interpretEncode } from '../src/interpretLayout.ts';
import { ORDERS_STATE } from '../src/layouts/ordersState.ts';
import { attempt, bytesOf, hexOf, readerOf } from './bytes.ts';
import { arbitraryOf } from './layoutArbitraries.ts';

const node = structNode(ORDERS_STATE.name, ORDERS_STATE.fields);

const storedBytes = (stored: StoredOrdersState): Uint8Array =>
  bytesOf((writer) => {
    writer.reserve(1);
    writer.bytes[writer.length++] = 1;
    interpretEncode(node, stored, writer);
  });

/** A stored state whose accounts list orders that exist, in any order. */
const storedStates = (arbitraryOf(node) as fc.Arbitrary<StoredOrdersState>).chain((stored) =>
  fc
    .array(fc.shuffledSubarray([...stored.orders.keys()]), { minLength: 4, maxLength: 4 })
    .map((idsOfAccount): StoredOrdersState => {
      const accounts = [...stored.accounts].map(
        ([id, account], index) => [id, { ...account, openOrderIds: idsOfAccount[index]! }] as const,
      );
      return { ...stored, accounts: new Map(accounts) };
    }),
);

const decode = (bytes: Uint8Array): OrdersState => ordersStateCodec.decode(readerOf(bytes));
const encode = (state: OrdersState): Uint8Array => bytesOf((writer) => ordersStateCodec.encode(state, writer));

describe('the orders state', () => {
  it('comes back as it was, from the bytes the plain encoder writes', () => {
    fc.assert(
      fc.property(storedStates, (stored) => {
        const bytes = storedBytes(stored);
        const state = decode(bytes);
        expect(hexOf(encode(state))).toBe(hexOf(bytes));
        expect(isDeepStrictEqual(decode(encode(state)), state)).toBe(true);
        expect(isDeepStrictEqual(state.orders, stored.orders)).toBe(true);
      }),
    );
  });

  it('links open orders to the very objects in the map of all orders, in the order they were listed', () => {
    fc.assert(
      fc.property(storedStates, (stored) => {
        const state = decode(storedBytes(stored));
        for (const [accountId, { openOrders }] of state.accounts) {
          expect([...openOrders.keys()]).toEqual(stored.accounts.get(accountId)!.openOrderIds);
          for (const [orderId, order] of openOrders) expect(order).toBe(state.orders.get(orderId));
        }
      }),
    );
  });

  it.each([
    { title: 'an open order that is not there', orderIds: [], openOrderIds: ['o-0-1'] },
    { title: 'an open order listed twice', orderIds: ['o-0-1'], openOrderIds: ['o-0-1', 'o-0-1'] },
  ])('refuses $title', ({ orderIds, openOrderIds }) => {
    const order = { ...fc.sample(storedStates, { seed: 7, numRuns: 20 }).flatMap((s) => [...s.orders.values()])[0]! };
    const orders = new Map<string, Order>(orderIds.map((orderId) => [orderId, { ...order, orderId }]));
    const account = { accountId: 'A', requests: new Map(), openOrderIds, reportSequence: 0 };
    const bytes = storedBytes({ ...initialOrdersState(0), orders, accounts: new Map([['A', account]]) });
    expect(attempt(ordersStateCodec.decode, bytes)).toEqual({ refused: 'CODEC_MALFORMED' });
  });

  it('refuses truncations, and gives back other canonical bytes or nothing when damaged', () => {
    const damage = fc.tuple(fc.nat(), fc.nat(0xff));
    fc.assert(
      fc.property(storedStates, damage, fc.nat(), (stored, [at, byte], cut) => {
        const bytes = storedBytes(stored);
        expect(attempt(ordersStateCodec.decode, bytes.subarray(0, cut % bytes.length))).toEqual({
          refused: 'CODEC_MALFORMED',
        });
        bytes[1 + (at % (bytes.length - 1))] = byte;
        const outcome = attempt(ordersStateCodec.decode, bytes);
        if ('value' in outcome)
          expect(hexOf(encode(outcome.value as OrdersState))).toBe(hexOf(bytes.subarray(0, outcome.length)));
      }),
      { numRuns: 200 },
    );
  });

  it('refuses a version it does not know, by number', () => {
    expect(() => decode(new Uint8Array([2, 0, 0]))).toThrow(
      expect.objectContaining({ code: 'CODEC_UNKNOWN_VERSION', message: 'OrdersState has no version 2' }),
    );
  });
});
