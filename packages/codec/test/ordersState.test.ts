/** The state whose parts share objects: what must hold beyond the properties of its stored layout. */
import { isDeepStrictEqual } from 'node:util';
import { ordersStateCodec, type StoredOrdersState, structNode } from '@oms/codec';
import {
  initialOrdersState,
  isOpen,
  newReconciliation,
  type Order,
  type OrdersState,
  openOrdersOf,
  orderIdOf,
} from '@oms/domain';
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

/** A stored state whose orders are of its accounts and its partition, in the order they were placed. */
const storedStates = (arbitraryOf(node) as fc.Arbitrary<StoredOrdersState>)
  .filter(({ accounts }) => accounts.size > 0)
  .map((stored): StoredOrdersState => {
    const accountIds = [...stored.accounts.keys()];
    const orders = Array.from(stored.orders, (order, index): Order => {
      const orderId = orderIdOf(stored.partition, 3 * index + 1);
      const accountId = accountIds[index % accountIds.length]!;
      return { ...order, orderId, accountId, placedClientOrderId: `${order.placedClientOrderId.slice(0, 20)}${index}` };
    });
    const unanswered = stored.unanswered.length === 0 || orders.length === 0 ? [] : [1];
    const countsByKind = stored.reconciliation.countsByKind.slice(0, 1);
    return { ...stored, orders, unanswered, reconciliation: { ...stored.reconciliation, countsByKind } };
  });

const decode = (bytes: Uint8Array): OrdersState => ordersStateCodec.decode(readerOf(bytes));
const encode = (state: OrdersState): Uint8Array => bytesOf((writer) => ordersStateCodec.encode(state, writer));

describe('the orders state', () => {
  it('comes back as it was, from the bytes the plain encoder writes', () => {
    fc.assert(
      fc.property(storedStates, (stored) => {
        const bytes = storedBytes(stored);
        const state = decode(bytes);
        expect(hexOf(encode(state))).toBe(hexOf(bytes));
        expect(isDeepStrictEqual([...state.orders], [...stored.orders])).toBe(true);
      }),
    );
  });

  it('enters the open orders of every account again, and every id an order was placed with', () => {
    fc.assert(
      fc.property(storedStates, (stored) => {
        const state = decode(storedBytes(stored));
        for (const [accountId, account] of state.accounts) {
          const open = [...state.orders].filter((order) => order.accountId === accountId && isOpen(order));
          expect([...openOrdersOf(state, account)]).toEqual(open);
        }
        for (const order of state.orders) {
          const orderId = state.orders.placedAs(order.accountId, order.placedClientOrderId)!;
          expect(state.orders.get(orderId)!.placedClientOrderId).toBe(order.placedClientOrderId);
        }
      }),
    );
  });

  it.each([
    { title: 'an order of no account', change: { accountId: 'nobody' } },
    { title: 'an order of another partition', change: { orderId: 'o-65535-1' } },
    { title: 'an order whose id is none', change: { orderId: 'order 1' } },
  ])('refuses $title', ({ change }) => {
    const [sample] = fc.sample(storedStates, { seed: 7, numRuns: 30 }).flatMap(({ orders }) => [...orders]);
    const order = { ...sample!, orderId: 'o-0-1', accountId: 'A', ...change };
    const account = { accountId: 'A', requests: new Map(), reportSequence: 0 };
    const bytes = storedBytes({
      ...initialOrdersState(0),
      unanswered: [],
      reconciliation: { ...newReconciliation(), countsByKind: [] },
      orders: [order],
      accounts: new Map([['A', account]]),
    });
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
