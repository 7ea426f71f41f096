/** Every risk reason that a program can meet, with its numbers, each against limits set over HTTP. */
import { describe, expect, it } from 'vitest';
import { eventually } from './support/api.ts';
import { inProcess } from './support/server.ts';

const server = inProcess();
const ORDER = { symbol: 'BTC-USD', side: 'BUY', type: 'LIMIT', quantity: '1', price: '36000' } as const;

interface Case {
  readonly code: string;
  readonly limits?: object;
  /** Orders that must be there before. */
  readonly before?: readonly object[];
  readonly order?: object;
  readonly details: Readonly<Record<string, string>>;
}

const CASES: readonly Case[] = [
  { code: 'UNKNOWN_INSTRUMENT', order: { symbol: 'DOGE-USD' }, details: {} },
  { code: 'REDUCING_ONLY', order: { reduceOnly: true }, details: {} },
  { code: 'PRICE_INCREMENT', order: { price: '36000.001' }, details: {} },
  { code: 'QUANTITY_INCREMENT', order: { quantity: '0.0000015' }, details: {} },
  { code: 'QUANTITY_BELOW_MIN', order: { quantity: '0.000001' }, details: {} },
  { code: 'QUANTITY_EXCEEDS_MAX', order: { quantity: '1001' }, details: {} },
  { code: 'NOTIONAL_BELOW_MIN', order: { quantity: '0.0001' }, details: {} },
  {
    code: 'ORDER_QUANTITY_EXCEEDS_LIMIT',
    limits: { orderQuantityMax: '0.5' },
    details: { limit: '0.5', requested: '1' },
  },
  {
    code: 'ORDER_NOTIONAL_EXCEEDS_LIMIT',
    limits: { orderNotionalMax: '35999' },
    details: { limit: '35999', requested: '36000' },
  },
  { code: 'PRICE_OUTSIDE_COLLAR', limits: { priceCollarRate: '0.05' }, details: { limit: '0.05', requested: '36000' } },
  { code: 'ORDER_RATE_EXCEEDED', limits: { submitsPerSecondMax: 0 }, details: { limit: '0', used: '0' } },
  {
    code: 'OPEN_ORDERS_EXCEED_LIMIT',
    limits: { openOrdersMax: 1 },
    before: [{}],
    details: { limit: '1', used: '1', scope: 'ACCOUNT' },
  },
  {
    code: 'OPEN_NOTIONAL_EXCEEDS_LIMIT',
    limits: { openNotionalMax: '50000' },
    before: [{}],
    details: { limit: '50000', used: '36000', requested: '36000' },
  },
  {
    code: 'POSITION_EXCEEDS_LIMIT',
    limits: { positionQuantityMax: '1.5' },
    before: [{}],
    details: { limit: '1.5', used: '1', requested: '1' },
  },
  {
    code: 'REPEATED_ORDER',
    limits: { repeatedOrdersMax: 2, repeatedOrderWindowMs: 60_000 },
    before: [{}, {}],
    details: { limit: '2', used: '2' },
  },
];

describe('a refusal by risk is a 422 with the stored order and its numbers', () => {
  it.each(CASES)('$code', async ({ code, limits, before = [], order, details }) => {
    const { api } = server;
    const accountId = `BENCH-${String(200 + CASES.findIndex((each) => each.code === code)).padStart(4, '0')}`;
    await eventually(async () => expect((await api.top()).ask).toBeGreaterThan(0));
    if (limits !== undefined) {
      const changed = await api.call('PUT', `/v1/accounts/${accountId}/limits`, limits);
      expect([changed.status, changed.body.limits]).toEqual([200, expect.objectContaining(limits)]);
    }
    for (const [i, each] of before.entries())
      await api.placed({ ...ORDER, ...each, accountId, clientOrderId: `before-${i}` });
    const held = (await api.balance(accountId)).held;
    const body = { ...ORDER, ...order, accountId, clientOrderId: 'refused' };
    for (let i = 0; i < 2; i++) {
      const refused = await api.place(body);
      expect([refused.status, refused.body.code]).toEqual([422, code]);
      expect(refused.body.order).toMatchObject({
        status: 'REJECTED',
        leavesQuantity: '0',
        reason: { source: 'RISK', code, details },
      });
    }
    expect((await api.balance(accountId)).held).toBe(held);
  });

  it('TRADING_HALTED', async () => {
    const accountId = 'BENCH-0230';
    await server.api.call('PUT', '/v1/trading-state', {
      scope: 'ACCOUNT',
      id: accountId,
      state: 'HALTED',
      reason: 'test',
    });
    const refused = await server.api.place({ ...ORDER, accountId, clientOrderId: 'h' });
    expect([refused.status, refused.body.code]).toEqual([422, 'TRADING_HALTED']);
  });

  it('the limits tell what is used, and every change is audited with before and after', async () => {
    const { api } = server;
    const accountId = 'BENCH-0231';
    await api.call('PUT', `/v1/accounts/${accountId}/limits`, { openOrdersMax: 5 });
    await api.call('PUT', `/v1/accounts/${accountId}/limits`, { openOrdersMax: 7, orderQuantityMax: '3' });
    await api.placed({ ...ORDER, accountId, clientOrderId: 'a' });
    const { body } = await api.call('GET', `/v1/accounts/${accountId}/limits`);
    const uses = new Map(body.effective.map((use: { name: string }) => [use.name, use]));
    expect(uses.get('openOrdersMax')).toMatchObject({ limit: 7, source: 'ACCOUNT', used: 1 });
    expect(uses.get('openNotionalMax')).toMatchObject({ used: '36000' });
    await eventually(async () => {
      const audit = (await api.call('GET', `/v1/audit?accountId=${accountId}`)).body.items;
      expect(audit[0]).toMatchObject({
        before: { limits: { openOrdersMax: 5, orderQuantityMax: null } },
        after: { limits: { openOrdersMax: 7, orderQuantityMax: '3' } },
      });
    });
  });
});

describe('with the funds of the demo accounts', () => {
  const demo = inProcess({ profile: 'demo' });
  const accountId = 'DEMO-0005';
  const place = async (members: object) => {
    await eventually(async () => expect((await demo.api.top('BTC-PERP')).ask).toBeGreaterThan(0));
    return demo.api.place({
      ...ORDER,
      price: '39000',
      accountId,
      clientOrderId: JSON.stringify(members).replace(/[^A-Za-z0-9]/g, ''),
      ...members,
    });
  };

  it('INSUFFICIENT_BALANCE', async () => {
    const refused = await place({ quantity: '7', price: '39000' });
    expect([refused.status, refused.body.code]).toEqual([422, 'INSUFFICIENT_BALANCE']);
    expect(refused.body.order.reason.details).toMatchObject({
      currency: 'USD',
      available: '250000',
      requested: '273273',
    });
    const short = await place({ side: 'SELL', quantity: '20.000001', price: '41000' });
    expect(short.body.order.reason.details).toMatchObject({ currency: 'BTC', available: '20', requested: '20.000001' });
  });

  it('INSUFFICIENT_MARGIN', async () => {
    await demo.api.call('PUT', `/v1/accounts/${accountId}/limits`, {
      orderNotionalMax: '9000000',
      openNotionalMax: '9000000',
    });
    const refused = await place({ symbol: 'BTC-PERP', quantity: '100', price: '39000' });
    expect([refused.status, refused.body.code]).toEqual([422, 'INSUFFICIENT_MARGIN']);
    expect(refused.body.order.reason.details).toMatchObject({
      currency: 'USD',
      available: '250000',
      requested: '391950',
    });
  });

  it('DAILY_LOSS_EXCEEDED', async () => {
    await demo.api.call('PUT', '/v1/accounts/DEMO-0004/limits', { dailyLossMax: '1' });
    const lose = (side: string) =>
      place({
        accountId: 'DEMO-0004',
        clientOrderId: `lose-${side}`,
        side,
        type: 'MARKET',
        price: undefined,
        quantity: '0.5',
      });
    expect((await lose('BUY')).status).toBe(201);
    expect([201, 422]).toContain((await lose('SELL')).status);
    const refused = await place({ accountId: 'DEMO-0004', clientOrderId: 'after' });
    expect([refused.status, refused.body.code]).toEqual([422, 'DAILY_LOSS_EXCEEDED']);
    expect(refused.body.order.reason.details).toMatchObject({ limit: '1', limitName: 'dailyLossMax' });
  });

  it('every answer tells the rate limit', async () => {
    const { headers } = await demo.api.call('GET', '/v1/accounts');
    expect(headers.get('ratelimit-policy')).toContain('"requests";q=');
    expect(headers.get('ratelimit')).toMatch(/"requests";r=\d+;t=\d+/);
  });
});
