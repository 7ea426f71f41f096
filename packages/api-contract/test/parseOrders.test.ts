/** Place and replace bodies: what is taken and how it reads, and every rule by the member it names. */
import { ATOMS_MAX, decimal, formatDecimal } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BATCH_ORDERS_MAX,
  parseCancelParams,
  parsePlaceBatch,
  parsePlaceOrder,
  parseReplaceOrder,
  parseReplaceParams,
} from '../src/index.ts';

const LIMIT = {
  clientOrderId: 'c-1',
  accountId: 'A',
  symbol: 'BTC-USD',
  side: 'BUY',
  type: 'LIMIT',
  quantity: '1',
  price: '100',
};
const { price: _price, ...WITHOUT_PRICE } = LIMIT;
const { quantity: _quantity, ...WITHOUT_AMOUNT } = WITHOUT_PRICE;
const MARKET = { ...WITHOUT_PRICE, type: 'MARKET' };
const STOP = { ...WITHOUT_PRICE, type: 'STOP', stopPrice: '90' };
const STOP_LIMIT = { ...LIMIT, type: 'STOP_LIMIT', stopPrice: '90' };

const termsOf = (body: unknown) => {
  const parsed = parsePlaceOrder(body);
  if (parsed.errors !== undefined) throw new Error(JSON.stringify(parsed.errors));
  return parsed.value.terms;
};

describe('a place body', () => {
  it.each([
    ['LIMIT', LIMIT, { timeInForce: 'GTC', price: decimal('100'), triggerSource: 'LAST' }],
    ['MARKET', MARKET, { timeInForce: 'IOC', price: null, quantity: decimal('1') }],
    ['MARKET FOK', { ...MARKET, timeInForce: 'FOK' }, { timeInForce: 'FOK' }],
    ['MARKET GTC', { ...MARKET, timeInForce: 'GTC' }, { timeInForce: 'GTC' }],
    [
      'MARKET by quote',
      { ...WITHOUT_AMOUNT, type: 'MARKET', quoteQuantity: '50' },
      { quantity: null, quoteQuantity: decimal('50') },
    ],
    ['STOP', STOP, { timeInForce: 'GTC', stopPrice: decimal('90'), price: null }],
    ['STOP on MARK', { ...STOP, triggerSource: 'MARK' }, { triggerSource: 'MARK' }],
    ['STOP_LIMIT', STOP_LIMIT, { stopPrice: decimal('90'), price: decimal('100') }],
    ['STOP_LIMIT IOC', { ...STOP_LIMIT, timeInForce: 'IOC' }, { timeInForce: 'IOC' }],
    ['DAY', { ...LIMIT, timeInForce: 'DAY' }, { timeInForce: 'DAY', expireTime: null }],
    [
      'GTD',
      { ...LIMIT, timeInForce: 'GTD', expireTime: '2028-02-29T23:59:59.999999Z' },
      { expireTime: Date.UTC(2028, 1, 29, 23, 59, 59, 999) },
    ],
    ['postOnly', { ...LIMIT, postOnly: true }, { postOnly: true }],
    ['reduceOnly with tags', { ...MARKET, reduceOnly: true, tags: ['a', 'ü'] }, { reduceOnly: true, tags: ['a', 'ü'] }],
  ])('%s is taken', (_name, body, expected) => {
    expect(termsOf(body)).toMatchObject(expected);
  });

  it.each([
    ['LIMIT without price', WITHOUT_PRICE, ['price']],
    ['LIMIT with stopPrice', { ...LIMIT, stopPrice: '1' }, ['stopPrice']],
    ['MARKET with price', { ...LIMIT, type: 'MARKET' }, ['price']],
    ['STOP without stopPrice', { ...MARKET, type: 'STOP' }, ['stopPrice']],
    ['STOP with price', { ...STOP, price: '1' }, ['price']],
    ['STOP_LIMIT without both', { ...MARKET, type: 'STOP_LIMIT' }, ['price', 'stopPrice']],
    ['no quantity', { ...WITHOUT_AMOUNT, type: 'MARKET' }, ['quantity']],
    ['both quantities', { ...MARKET, quoteQuantity: '1' }, ['quoteQuantity']],
    ['LIMIT by quote', { ...WITHOUT_AMOUNT, price: '1', quoteQuantity: '1' }, ['quoteQuantity']],
    [
      'MARKET SELL by quote',
      { ...WITHOUT_AMOUNT, type: 'MARKET', side: 'SELL', quoteQuantity: '1' },
      ['quoteQuantity'],
    ],
    ['MARKET DAY', { ...MARKET, timeInForce: 'DAY' }, ['timeInForce']],
    ['GTD without a time', { ...LIMIT, timeInForce: 'GTD' }, ['expireTime']],
    ['GTC with a time', { ...LIMIT, expireTime: '2030-01-01T00:00:00Z' }, ['expireTime']],
    ['30 February', { ...LIMIT, timeInForce: 'GTD', expireTime: '2030-02-30T00:00:00Z' }, ['expireTime']],
    ['hour 25', { ...LIMIT, timeInForce: 'GTD', expireTime: '2030-02-01T25:00:00Z' }, ['expireTime']],
    ['a local time', { ...LIMIT, timeInForce: 'GTD', expireTime: '2030-02-01T00:00:00' }, ['expireTime']],
    ['postOnly IOC', { ...LIMIT, timeInForce: 'IOC', postOnly: true }, ['postOnly']],
    ['postOnly FOK', { ...LIMIT, timeInForce: 'FOK', postOnly: true }, ['postOnly']],
    ['postOnly MARKET', { ...MARKET, postOnly: true }, ['postOnly']],
    ['postOnly STOP', { ...STOP, postOnly: true }, ['postOnly']],
    ['triggerSource on LIMIT', { ...LIMIT, triggerSource: 'LAST' }, ['triggerSource']],
    ['wrong enums', { ...LIMIT, side: 'buy', type: 'ICEBERG', timeInForce: 'GTX' }, ['side', 'timeInForce', 'type']],
    ['null for a member', { ...LIMIT, stopPrice: null }, ['stopPrice']],
    ['numbers for decimals', { ...LIMIT, quantity: 1, price: 100 }, ['price', 'quantity']],
    ['a tag that is empty', { ...LIMIT, tags: [''] }, ['tags/0']],
    ['text for a flag', { ...LIMIT, postOnly: 'true' }, ['postOnly']],
    ['an unknown member', { ...LIMIT, colour: 'red' }, ['colour']],
    ['nothing at all', {}, ['accountId', 'clientOrderId', 'side', 'symbol', 'type']],
    ['no object', 'order', ['']],
  ])('%s is refused by member', (_name, body, paths) => {
    const parsed = parsePlaceOrder(body);
    expect(parsed.errors?.map(({ path }) => path).sort()).toEqual(paths);
    for (const error of parsed.errors!) expect(error.message).not.toMatch(/[\^$\\]/);
  });

  it('takes exactly the positive decimals in range, at full precision', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: ATOMS_MAX }), (atoms) => {
        expect(termsOf({ ...LIMIT, quantity: formatDecimal(atoms) }).quantity).toBe(atoms);
      }),
    );
    const beyond = fc.bigInt({ min: ATOMS_MAX + 1n, max: ATOMS_MAX ** 2n });
    // Whole numbers of few digits are read on a path of their own.
    const short = fc.bigInt({ min: 92_233_720_369n, max: 10n ** 15n }).map((units) => units * 100_000_000n);
    fc.assert(
      fc.property(fc.oneof(beyond, short), (atoms) => {
        expect(parsePlaceOrder({ ...LIMIT, quantity: formatDecimal(atoms) }).errors?.[0]?.path).toBe('quantity');
      }),
    );
  });

  it('takes exactly ids of 1 to 64 harmless characters', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 70, unit: 'binary-ascii' }), (clientOrderId) => {
        const taken = parsePlaceOrder({ ...LIMIT, clientOrderId }).errors === undefined;
        expect(taken).toBe(/^[A-Za-z0-9._:-]{1,64}$/.test(clientOrderId) && !clientOrderId.endsWith('\n'));
      }),
    );
    expect(parsePlaceOrder({ ...LIMIT, clientOrderId: 'aZ0._:-'.padEnd(64, 'x') }).errors).toBeUndefined();
    expect(parsePlaceOrder({ ...LIMIT, clientOrderId: 'a\n' }).errors).toBeDefined();
  });

  it('names at most twenty wrong members, shortly', () => {
    const members = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`${'m'.repeat(500)}${i}`, 1]));
    const { errors } = parsePlaceOrder({ ...LIMIT, ...members });
    expect(errors!.length).toBeLessThanOrEqual(20);
    expect(Math.max(...errors!.map(({ path }) => path.length))).toBeLessThan(120);
  });
});

describe('a batch', () => {
  it.each([
    [{ orders: [] }, false],
    [{ orders: Array(BATCH_ORDERS_MAX).fill(null) }, true],
    [{ orders: Array(BATCH_ORDERS_MAX + 1).fill(null) }, false],
    [{ orders: [LIMIT], more: 1 }, false],
    [{ orders: LIMIT }, false],
  ])('%# has 1 to 1000 orders', (body, taken) => {
    expect(parsePlaceBatch(body).errors === undefined).toBe(taken);
  });
});

describe('replace and cancel bodies', () => {
  it('leave unnamed members null', () => {
    expect(parseReplaceOrder({ clientOrderId: 'r', price: '5' })).toEqual({
      value: { clientOrderId: 'r', quantity: null, price: decimal('5'), stopPrice: null },
    });
    expect(parseReplaceParams({ orderId: 'o-0-1', clientOrderId: 'r', quantity: '2' })).toMatchObject({
      value: { orderId: 'o-0-1', quantity: decimal('2') },
    });
    expect(parseCancelParams({ orderId: 'o-0-1' })).toEqual({ value: { orderId: 'o-0-1', clientOrderId: null } });
  });

  it.each([
    [{}, 'clientOrderId'],
    [{ clientOrderId: 'r', quantity: '0' }, 'quantity'],
    [{ clientOrderId: 'r', price: '-1' }, 'price'],
    [{ clientOrderId: 'r', side: 'SELL' }, 'side'],
  ])('refuse %j', (body, path) => {
    expect(parseReplaceOrder(body).errors?.[0]?.path).toBe(path);
    expect(parseReplaceParams({ orderId: 'o-0-1', ...body }).errors?.[0]?.path).toBe(path);
  });
});
