/** The ticket's checks and sums: by the instrument's increments, exact, and what would be sent. */
import type { InstrumentView } from '@oms/client';
import { describe, expect, it } from 'vitest';
import {
  type DraftOrder,
  EMPTY_DRAFT,
  previewOf,
  problemsOf,
  quantityOfShare,
  requestOf,
} from '../src/panels/ticket/draftOrder.ts';

const instrument: InstrumentView = {
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: '0.01',
  quantityIncrement: '0.0001',
  minQuantity: '0.001',
  maxQuantity: '100',
  minNotional: '10',
  makerFeeRate: '0.0005',
  takerFeeRate: '0.001',
  initialMarginRate: '1',
  status: 'TRADING',
};
const NOW = Date.parse('2026-01-01T00:00:00Z');
const draft = (changes: Partial<DraftOrder>): DraftOrder => ({
  ...EMPTY_DRAFT,
  quantity: '1',
  price: '100',
  ...changes,
});

describe('the draft', () => {
  it.each<[string, Partial<DraftOrder>, Record<string, string>]>([
    ['a plain limit order', {}, {}],
    ['no quantity', { quantity: '' }, { quantity: 'a quantity above 0' }],
    ['a quantity off the increment', { quantity: '0.00015' }, { quantity: 'a multiple of 0.0001' }],
    ['too little', { quantity: '0.0005' }, { quantity: 'at least 0.001' }],
    ['too much', { quantity: '100.0001' }, { quantity: 'at most 100' }],
    ['an exponent', { quantity: '1e3' }, { quantity: 'a quantity above 0' }],
    ['a price off the increment', { price: '100.001' }, { price: 'a multiple of 0.01' }],
    ['a negative price', { price: '-1' }, { price: 'a price above 0' }],
    ['a stop without stop price', { type: 'STOP', stopPrice: '' }, { stopPrice: 'a price above 0' }],
    ['a market order needs no price', { type: 'MARKET', price: '' }, {}],
    ['by quote: too little', { type: 'MARKET', byQuote: true, quantity: '9' }, { quantity: 'at least 10 USD' }],
    [
      'an expiry in the past',
      { timeInForce: 'GTD', expireTime: '2020-01-01T00:00' },
      { expireTime: 'a time in the future' },
    ],
    ['no expiry', { timeInForce: 'GTD', expireTime: '' }, { expireTime: 'a time in the future' }],
    [
      'a post-only order that cannot rest',
      { postOnly: true, timeInForce: 'IOC' },
      { timeInForce: 'a post-only order has to rest: GTC, GTD or DAY' },
    ],
  ])('%s', (_name, changes, problems) => {
    expect(problemsOf(draft(changes), instrument, NOW)).toEqual(problems);
  });

  it('becomes a request with only the members its type has', () => {
    const market = requestOf(
      draft({ type: 'MARKET', byQuote: true, quantity: '50', postOnly: true }),
      'A',
      'BTC-USD',
      'c-1',
    );
    expect(market).toEqual({
      clientOrderId: 'c-1',
      accountId: 'A',
      symbol: 'BTC-USD',
      side: 'BUY',
      type: 'MARKET',
      quoteQuantity: '50',
    });
    const stop = requestOf(draft({ type: 'STOP_LIMIT', stopPrice: '90', reduceOnly: true }), 'A', 'BTC-USD', 'c-2');
    expect(stop).toMatchObject({
      price: '100',
      stopPrice: '90',
      triggerSource: 'LAST',
      timeInForce: 'GTC',
      reduceOnly: true,
    });
  });

  it('previews notional and fee exactly', () => {
    expect(previewOf(draft({ quantity: '0.1', price: '39900.01' }), instrument, null)).toEqual({
      notional: '3990.001',
      fee: '3.990001',
    });
    expect(previewOf(draft({ type: 'MARKET', price: '' }), instrument, null)).toBeNull();
    expect(previewOf(draft({ postOnly: true }), instrument, null)).toEqual({ notional: '100', fee: '0.05' });
  });

  it('never takes more than the balance with its fee for a share of it', () => {
    const all = quantityOfShare(100n, 1_000n * 100_000_000n, 'BUY', 100n * 100_000_000n, instrument);
    expect(all).toBe('9.99');
    expect(quantityOfShare(50n, 3n * 100_000_000n, 'SELL', 1n, instrument)).toBe('1.5');
  });
});
