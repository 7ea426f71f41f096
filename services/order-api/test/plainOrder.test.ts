/** The fast reader of place frames never says anything else than the thorough one: same id, same order, or nothing. */
import { parsePlaceOrder } from '@oms/api-contract';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PlaceFrameReader } from '../src/plain/placeFrame.ts';
import { readFrame } from '../src/socket/frame.ts';
import { PLACE } from './support/apiUnderTest.ts';

const reader = new PlaceFrameReader();

function readFast(text: string) {
  const id = reader.begin(Buffer.from(text));
  const order = id === null ? null : reader.order();
  return order === null ? null : { id, order };
}

function readThoroughly(text: string) {
  const frame = readFrame(text);
  if ('refusal' in frame || frame.op !== 'order.place') return null;
  const order = parsePlaceOrder(frame.params);
  return order.errors === undefined ? { id: frame.id, order: order.value } : null;
}

/** Whatever the fast reader takes, the thorough one takes for the same. @returns whether it took it */
function agrees(text: string): boolean {
  const fast = readFast(text);
  if (fast !== null) expect(fast).toEqual(readThoroughly(text));
  return fast !== null;
}

const frameOf = (params: unknown, id: unknown = 1): string => JSON.stringify({ id, op: 'order.place', params });
const { price: _price, ...MARKET } = { ...PLACE, type: 'MARKET' };

describe('the fast reader of place frames', () => {
  it.each([
    ['LIMIT', frameOf(PLACE)],
    ['MARKET', frameOf(MARKET)],
    ['an id that is text', frameOf(PLACE, 'request 1')],
    ['an id of 15 digits', frameOf(PLACE, 999_999_999_999_999)],
    ['spaces as Python writes them', frameOf(PLACE).replaceAll('":', '": ').replaceAll(',"', ', "')],
    ['every member it knows', frameOf({ ...PLACE, timeInForce: 'DAY', postOnly: true, reduceOnly: false })],
    ['members in another order', frameOf(Object.fromEntries(Object.entries(PLACE).reverse()))],
    ['decimals', frameOf({ ...PLACE, quantity: '0.00000001', price: '1234567.1234567' })],
  ])('takes %s', (_name, text) => {
    expect(agrees(text)).toBe(true);
  });

  it.each([
    ['another operation', frameOf(PLACE).replace('order.place', 'order.sing')],
    ['several orders', frameOf([PLACE, PLACE])],
    ['a stop', frameOf({ ...PLACE, type: 'STOP_LIMIT', stopPrice: '90' })],
    ['an unknown member', frameOf({ ...PLACE, colour: 'red' })],
    ['a repeated member', frameOf(PLACE).replace('"side"', '"price":"100","side"')],
    ['a member repeated by escape', frameOf(PLACE).replace('"side"', '"pr\\u0069ce":"100","side"')],
    ['a second id', frameOf(PLACE).replace('}}', '},"id":2}')],
    ['something after it', `${frameOf(PLACE)}x`],
    ['no end', frameOf(PLACE).slice(0, -1)],
    ['no price', frameOf({ ...PLACE, price: undefined })],
    ['a price on MARKET', frameOf({ ...MARKET, price: '1' })],
    ['postOnly at IOC', frameOf({ ...PLACE, timeInForce: 'IOC', postOnly: true })],
    ['nothing', ''],
  ])('leaves %s to the thorough one', (_name, text) => {
    expect(agrees(text)).toBe(false);
  });

  it.each([
    '0',
    '0.0',
    '-1',
    '+1',
    '01',
    '1.',
    '.5',
    '1e5',
    '0.123456789',
    ' 1',
    '1 ',
    '',
    '1.2.3',
    '9'.repeat(16),
    '92233720369',
  ])('leaves the decimal "%s" to the thorough one', (price) => {
    expect(agrees(frameOf({ ...PLACE, price }))).toBe(false);
  });

  it('agrees on any members with any values, in any order', () => {
    const decimal = fc.oneof(fc.stringMatching(/^[0-9]{1,12}(\.[0-9]{0,9})?$/), fc.constantFrom('1', '0.5', '-1'));
    const value = fc.oneof(
      fc.constantFrom('BUY', 'SELL', 'LIMIT', 'MARKET', 'STOP', 'GTC', 'IOC', 'FOK', 'GTD', 'DAY', true, false, null),
      decimal,
      fc.string(),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const goodDecimal = fc.stringMatching(/^[1-9][0-9]{0,5}(\.[0-9]{1,8})?$/);
    const good = fc.record(
      {
        clientOrderId: fc.stringMatching(/^[A-Za-z0-9._:-]{1,64}$/),
        accountId: fc.constantFrom('A', 'BENCH-0001'),
        symbol: fc.constantFrom('BTC-USD', 'ETH/USD'),
        side: fc.constantFrom('BUY', 'SELL'),
        type: fc.constant('LIMIT'),
        quantity: goodDecimal,
        price: goodDecimal,
        timeInForce: fc.constantFrom('GTC', 'IOC', 'FOK', 'GTD', 'DAY'),
        postOnly: fc.boolean(),
        reduceOnly: fc.boolean(),
      },
      { requiredKeys: ['clientOrderId', 'accountId', 'symbol', 'side', 'type', 'quantity', 'price'] },
    );
    const names = ['clientOrderId', 'price', 'quantity', 'side', 'type', 'postOnly', 'tags', 'stopPrice', 'accountId'];
    const changes = fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 2 });
    let taken = 0;
    fc.assert(
      fc.property(good, changes, fc.oneof(fc.nat(), fc.integer()), fc.boolean(), (body, change, id, reversed) => {
        const members = Object.entries({ ...body, ...change });
        if (agrees(frameOf(Object.fromEntries(reversed ? members.reverse() : members), id))) taken++;
      }),
      { numRuns: 3_000 },
    );
    expect(taken).toBeGreaterThan(100);
  });

  it('agrees on any text that is off by a byte or two from a good one', () => {
    const text = frameOf({ ...PLACE, timeInForce: 'GTC', postOnly: true });
    const place = fc.nat(text.length);
    const insert = fc.oneof(fc.constantFrom('', '"', '\\', ',', ':', '{', '}', ' ', '0', '.', '\t', 'é'), fc.string());
    fc.assert(
      fc.property(place, fc.nat(2), insert, (at, cut, inserted) => {
        agrees(text.slice(0, at) + inserted + text.slice(at + cut));
      }),
      { numRuns: 5_000 },
    );
  });
});
