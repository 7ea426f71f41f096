/** From options to requests. */
import { describe, expect, it } from 'vitest';
import type { PlaceFlags } from '../src/commands/orderCommands.ts';
import { cancelAllRequestOf, ordersFilterOf, placeRequestOf, replaceRequestOf } from '../src/commands/orderRequests.ts';

const FLAGS: PlaceFlags = { url: '', account: 'A1', symbol: 'btc-usd', side: 'buy', quantity: '1' };
const newId = () => 'made-up';

describe('placing', () => {
  it('sends only what was given', () => {
    expect(placeRequestOf(FLAGS, newId)).toEqual({
      clientOrderId: 'made-up',
      accountId: 'A1',
      symbol: 'BTC-USD',
      side: 'BUY',
      type: 'MARKET',
      quantity: '1',
    });
  });

  it.each([
    [{ price: '5' }, 'LIMIT'],
    [{ stopPrice: '5' }, 'STOP'],
    [{ price: '5', stopPrice: '6' }, 'STOP_LIMIT'],
    [{ type: 'stop-limit' }, 'STOP_LIMIT'],
    [{ type: 'Limit' }, 'LIMIT'],
  ])('%j is a %s order', (flags, type) => {
    expect(placeRequestOf({ ...FLAGS, ...flags }, newId).type).toBe(type);
  });

  it('keeps the caller’s own id and every instruction', () => {
    const flags = {
      ...FLAGS,
      clientOrderId: 'mine',
      timeInForce: 'gtd',
      expireTime: 't',
      postOnly: true,
      reduceOnly: true,
      tag: ['a', 'b'],
    } as const;
    expect(placeRequestOf(flags, newId)).toMatchObject({
      clientOrderId: 'mine',
      timeInForce: 'GTD',
      expireTime: 't',
      postOnly: true,
      reduceOnly: true,
      tags: ['a', 'b'],
    });
  });

  it.each([
    [{ side: 'long' }, '--side must be one of buy, sell'],
    [{ type: 'iceberg' }, '--type must be one of'],
    [{ timeInForce: 'forever' }, '--time-in-force must be one of'],
    [{ quoteQuantity: '5' }, 'Give either'],
  ])('refuses %j', (flags, message) => {
    expect(() => placeRequestOf({ ...FLAGS, ...flags }, newId)).toThrow(message);
  });

  it('refuses an order without any quantity', () => {
    const { quantity: _, ...without } = FLAGS;
    expect(() => placeRequestOf(without, newId)).toThrow('Give either');
  });
});

it('replaces with what was given', () => {
  expect(replaceRequestOf({ url: '', price: '7' }, newId)).toEqual({ clientOrderId: 'made-up', price: '7' });
});

it('cancels by account, symbol and side', () => {
  expect(cancelAllRequestOf({ url: '', account: 'A1', symbol: 'btc-usd', side: 'Sell' })).toEqual({
    accountId: 'A1',
    symbol: 'BTC-USD',
    side: 'SELL',
  });
  expect(cancelAllRequestOf({ url: '', account: 'A1' })).toEqual({ accountId: 'A1' });
});

it.each([
  ['open', 'open'],
  ['CLOSED', 'closed'],
  ['partially-filled', 'PARTIALLY_FILLED'],
])('lists by status %s', (typed, status) => {
  expect(ordersFilterOf({ url: '', status: typed, limit: '5' })).toEqual({ status, limit: 5 });
});
