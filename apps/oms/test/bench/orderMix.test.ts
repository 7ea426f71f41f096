/** What the generator decides to send, and that the contract takes every byte of it. */
import { PlaceOrderBody, shapeOf } from '@oms/api-contract';
import { describe, expect, it } from 'vitest';
import { Answer } from '../../src/bench/generator/answer.ts';
import { KIND, type MixOptions, type OrderMix } from '../../src/bench/generator/orderMix.ts';
import { Outgoing } from '../../src/bench/generator/outgoing.ts';
import { termsOf } from '../../src/bench/marketTerms.ts';
import { book, instrument, mixOf, orderJson, textsOf } from './parts.ts';

const FIRST = 10_000_000;

function orders(options: Partial<MixOptions>, many: number, accounts = 3) {
  const mix = mixOf({ ...options, accounts });
  const texts = textsOf(accounts);
  return Array.from({ length: many }, (_, i) => {
    mix.pick(FIRST + i);
    const out = new Outgoing();
    texts.putPlace(out, FIRST + i, mix.terms, mix.account);
    expect(out.length).toBe(texts.placeBytes(mix.terms, mix.account));
    return JSON.parse(out.bytes.toString('latin1', 0, out.length));
  });
}

describe('new orders', () => {
  it('are what the contract takes, from the accounts there are', () => {
    const shape = shapeOf(PlaceOrderBody);
    for (const [i, order] of orders({}, 300).entries()) {
      expect(order.clientOrderId).toBe(`b-${FIRST + i}`);
      expect(shape.matches(order)).toBe(true);
      expect(order.accountId).toMatch(/^BENCH-000[123]$/);
    }
  });

  it('name accounts of every length', () => {
    const ids = new Set(orders({}, 4_000, 100_000).map(({ accountId }) => accountId.length));
    expect(ids).toEqual(new Set(['BENCH-0001'.length, 'BENCH-10000'.length]));
  });

  it.each([0, 0.33, 1])('are priced to trade in a share of %d, both sides and symbols alike', (tradeShare) => {
    const all = orders({ tradeShare }, 6_000);
    const crosses = all.filter(({ side, price }) => (side === 'BUY' ? +price > 50010 : +price < 50000));
    expect(Math.abs(crosses.length / all.length - tradeShare)).toBeLessThan(0.03);
    expect(all.filter(({ side }) => side === 'BUY')).toHaveLength(3_000);
    expect(all.filter(({ symbol }) => symbol === 'ETH-USD')).toHaveLength(3_000);
  });

  it('go to the first account in the share of the skew, besides its own', () => {
    const all = orders({ skew: 0.5 }, 6_000);
    const hot = all.filter(({ accountId }) => accountId === 'BENCH-0001').length / all.length;
    expect(hot).toBeGreaterThan(0.5 + 0.5 / 3 - 0.03);
    expect(hot).toBeLessThan(0.5 + 0.5 / 3 + 0.03);
  });

  it('are the same for the same seed', () => {
    expect(orders({ seed: 3 }, 50)).toEqual(orders({ seed: 3 }, 50));
    expect(orders({ seed: 3 }, 50)).not.toEqual(orders({ seed: 4 }, 50));
  });

  it('need a market', () => {
    expect(termsOf(instrument, { ...book, bids: [] })).toBeNull();
  });
});

describe('replaces and cancels', () => {
  const answer = new Answer();
  const acknowledge = (mix: OrderMix, number: number, orderId: string, status = 'NEW'): void => {
    const bytes = Buffer.from(orderJson(orderId, status));
    answer.readOrder(bytes, 0, bytes.length, number);
    mix.acknowledged(answer);
  };
  const idOf = (mix: OrderMix): string => Buffer.from(mix.id).toString('latin1');

  it('wait for an order that rests', () => {
    const mix = mixOf({ replaceShare: 0.5, cancelShare: 0.5 });
    mix.pick(FIRST);
    expect(mix.kind).toBe(KIND.NEW);
    acknowledge(mix, FIRST, 'o-0-1', 'FILLED');
    mix.pick(FIRST + 1);
    expect(mix.kind).toBe(KIND.NEW);
    acknowledge(mix, FIRST + 1, 'o-0-2');
    mix.pick(FIRST + 2);
    expect([mix.kind === KIND.NEW, idOf(mix)]).toEqual([false, 'o-0-2']);
  });

  it('touch an order once each, a replace with its own terms and never after another', () => {
    const mix = mixOf({ replaceShare: 0.3, cancelShare: 0.2 });
    const seen = new Map<string, number[]>();
    const termsById = new Map<string, number>();
    const counts = [0, 0, 0];
    for (let number = FIRST; number < FIRST + 5_000; number++) {
      mix.pick(number);
      counts[mix.kind]!++;
      const orderId = mix.kind === KIND.NEW ? `o-0-${number}` : idOf(mix);
      if (mix.kind === KIND.NEW) termsById.set(orderId, mix.terms);
      else seen.set(orderId, [...(seen.get(orderId) ?? []), mix.kind]);
      expect(mix.terms).toBe(termsById.get(orderId));
      acknowledge(
        mix,
        number,
        orderId,
        mix.kind === KIND.NEW ? 'NEW' : mix.kind === KIND.REPLACE ? 'PENDING_REPLACE' : 'PENDING_CANCEL',
      );
    }
    const histories = new Set([...seen.values()].map((kinds) => kinds.join()));
    expect([...histories].every((history) => ['1', '2', '1,2'].includes(history))).toBe(true);
    expect(counts[KIND.REPLACE]! / 5_000).toBeCloseTo(0.3, 1);
    expect(counts[KIND.CANCEL]! / 5_000).toBeCloseTo(0.2, 1);
  });

  it('forget the oldest orders when too many rest', () => {
    const mix = mixOf({ replaceShare: 0.001, cancelShare: 0.001 });
    for (let number = FIRST; number < FIRST + 20_000; number++) {
      mix.pick(number);
      if (mix.kind !== KIND.NEW) expect(Number(idOf(mix).slice(4))).toBeGreaterThan(number - FIRST - 4_200);
      acknowledge(mix, number, `o-0-${number - FIRST}`);
    }
  });
});
