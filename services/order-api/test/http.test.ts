/** REST as a client sees it: what each call answers, and what reaches the house. */
import { decimal } from '@oms/domain';
import { InfrastructureError } from '@oms/ports';
import { describe, expect, it } from 'vitest';
import { type ApiUnderTest, apiUnderTest, PLACE } from './support/apiUnderTest.ts';
import { anOrder, aReport } from './support/houseDouble.ts';

const place = (test: ApiUnderTest, body: unknown = PLACE) =>
  test.api.app.inject({ method: 'POST', url: '/v1/orders', payload: body as object });

const reason = (code: string, source: 'RISK' | 'VENUE' | 'OMS' = 'RISK') => ({
  source,
  code,
  message: 'why',
  details: {},
});

describe('placing an order', () => {
  it('answers 201 with the order and hands its terms over in atoms', async () => {
    const test = apiUnderTest();
    const answer = await place(test, { ...PLACE, quantity: '0.5', tags: ['x'] });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual(anOrder());
    expect(answer.headers['content-type']).toContain('application/json');
    expect(test.house.submitted).toEqual([
      {
        urgency: 'ordinary',
        partition: 0,
        message: {
          type: 'PlaceOrder',
          accountId: 'A',
          clientOrderId: 'c-1',
          replyTo: 0,
          terms: {
            symbol: 'BTC-USD',
            side: 'BUY',
            type: 'LIMIT',
            timeInForce: 'GTC',
            quantity: decimal('0.5'),
            quoteQuantity: null,
            price: decimal('100'),
            stopPrice: null,
            triggerSource: 'LAST',
            expireTime: null,
            postOnly: false,
            reduceOnly: false,
            tags: ['x'],
          },
        },
      },
    ]);
  });

  const rejected = anOrder({ status: 'REJECTED', reason: reason('INSUFFICIENT_BALANCE') });
  const venueRejected = anOrder({ status: 'REJECTED', reason: reason('out of coffee', 'VENUE') });
  it.each([
    ['new', { outcome: 'ACCEPTED', order: anOrder() }, 201, undefined],
    ['repeated', { outcome: 'REPEATED', order: anOrder() }, 200, undefined],
    ['undecided', { outcome: 'UNDECIDED', order: anOrder({ status: 'PENDING_NEW' }) }, 202, undefined],
    [
      'conflicting',
      { outcome: 'REFUSED', reason: reason('IDEMPOTENCY_CONFLICT', 'OMS'), order: anOrder() },
      409,
      'IDEMPOTENCY_CONFLICT',
    ],
    [
      'conflicting with a rejected one',
      { outcome: 'REFUSED', reason: reason('IDEMPOTENCY_CONFLICT', 'OMS'), order: rejected },
      409,
      'IDEMPOTENCY_CONFLICT',
    ],
    ['of nobody', { outcome: 'REFUSED', reason: reason('UNKNOWN_ACCOUNT', 'OMS') }, 404, 'UNKNOWN_ACCOUNT'],
    ['denied', { outcome: 'REFUSED', reason: rejected.reason, order: rejected }, 422, 'INSUFFICIENT_BALANCE'],
    ['denied, again', { outcome: 'REPEATED', order: rejected }, 422, 'INSUFFICIENT_BALANCE'],
    ['rejected by the venue', { outcome: 'ACCEPTED', order: venueRejected }, 422, 'VENUE_REJECTED'],
    ['poisoned', { quarantinedAt: 42 }, 500, 'MESSAGE_QUARANTINED'],
  ] as const)('an order that is %s', async (_name, reply, status, code) => {
    const test = apiUnderTest();
    test.house.reply = () => reply;
    const answer = await place(test);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers['idempotent-replayed']).toBe(status === 200 ? 'true' : undefined);
    if (code === undefined) {
      expect(answer.json().orderId).toBe('o-0-1');
      return;
    }
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status, code, type: expect.stringContaining('/docs/errors#'), errors: [] });
    expect(answer.json().order).toEqual(status === 422 ? (reply as { order: unknown }).order : undefined);
  });

  it('answers 503 with Retry-After and accepts nothing when the queue is full, but takes cancels', async () => {
    const test = apiUnderTest();
    test.house.occupancy = 1;
    const answer = await place(test);
    expect(answer.statusCode).toBe(503);
    expect(answer.json().code).toBe('OVERLOADED');
    expect(answer.headers['retry-after']).toBe('1');
    expect(test.house.submitted).toEqual([]);
    const cancel = await test.api.app.inject({ method: 'DELETE', url: '/v1/orders/o-0-1' });
    expect(cancel.statusCode).toBe(202);
    expect(test.house.submitted.map(({ urgency }) => urgency)).toEqual(['urgent']);
  });

  it.each([
    ['202 when the order is durable all the same', [anOrder({ status: 'PENDING_NEW' })], 202],
    ['200 when it is decided by now', [anOrder()], 200],
    ['422 when it is rejected by now', [anOrder({ status: 'REJECTED', reason: reason('REDUCING_ONLY') })], 422],
    ['504 when nothing is known of it', [], 504],
  ])('without a decision in time answers %s', async (_name, orders, status) => {
    const test = apiUnderTest();
    test.house.reply = () => null;
    test.house.orders = orders;
    const answer = place(test);
    while (test.house.submitted.length === 0) await new Promise(setImmediate);
    test.time.advance(2_100);
    expect((await answer).statusCode).toBe(status);
  });
});

describe('a batch', () => {
  it('judges each order on its own, in order, in one pass', async () => {
    const test = apiUnderTest();
    test.house.reply = (message) =>
      message.type === 'PlaceOrder' && message.clientOrderId === 'c-3'
        ? { outcome: 'REFUSED', reason: reason('UNKNOWN_ACCOUNT', 'OMS') }
        : { order: anOrder() };
    const orders = [PLACE, { ...PLACE, price: 'NaN' }, { ...PLACE, clientOrderId: 'c-3' }, 7];
    const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders/batch', payload: { orders } });
    expect(answer.statusCode).toBe(200);
    const { results } = answer.json();
    expect(results[0]).toEqual({ order: anOrder() });
    expect(results.slice(1).map((result: { error: { code: string } }) => result.error.code)).toEqual([
      'VALIDATION_FAILED',
      'UNKNOWN_ACCOUNT',
      'VALIDATION_FAILED',
    ]);
  });

  it.each([{ orders: [] }, { orders: Array(1001).fill(PLACE) }, {}, { orders: {} }, [PLACE]])(
    'refuses %# as a whole',
    async (payload) => {
      const test = apiUnderTest();
      const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders/batch', payload });
      expect(answer.statusCode).toBe(400);
      expect(test.house.submitted).toEqual([]);
    },
  );
});

describe('replace and cancel', () => {
  const pending = anOrder({ status: 'PENDING_CANCEL' });

  it('answer 202 with the order and its pending status', async () => {
    const test = apiUnderTest();
    test.house.reply = () => ({ order: pending });
    const replace = await test.api.app.inject({
      method: 'PATCH',
      url: '/v1/orders/o-0-1',
      payload: { clientOrderId: 'r-1', quantity: '2' },
    });
    const cancel = await test.api.app.inject({ method: 'DELETE', url: '/v1/orders/o-0-1?clientOrderId=x-1' });
    expect([replace.statusCode, cancel.statusCode]).toEqual([202, 202]);
    expect(cancel.json().status).toBe('PENDING_CANCEL');
    expect(test.house.submitted.map(({ message }) => message)).toMatchObject([
      {
        type: 'ReplaceOrder',
        orderId: 'o-0-1',
        clientOrderId: 'r-1',
        quantity: decimal('2'),
        price: null,
        stopPrice: null,
      },
      { type: 'CancelOrder', orderId: 'o-0-1', clientOrderId: 'x-1', origin: 'CLIENT' },
    ]);
  });

  it('answer 409 ORDER_NOT_OPEN for a closed order', async () => {
    const test = apiUnderTest();
    test.house.reply = () => ({
      outcome: 'REFUSED',
      reason: reason('ORDER_NOT_OPEN', 'OMS'),
      order: anOrder({ status: 'FILLED' }),
    });
    const answer = await test.api.app.inject({ method: 'DELETE', url: '/v1/orders/o-0-1' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json().code).toBe('ORDER_NOT_OPEN');
  });

  it.each(['nonsense', 'o-7-1', 'o-0-1-2', '%20', 'o-0-'])('answer 404 UNKNOWN_ORDER for %s', async (orderId) => {
    const test = apiUnderTest();
    const answer = await test.api.app.inject({ method: 'DELETE', url: `/v1/orders/${orderId}` });
    expect(answer.statusCode).toBe(404);
    expect(answer.json().code).toBe('UNKNOWN_ORDER');
    expect(test.house.submitted).toEqual([]);
  });

  it('cancel all reaches every partition and adds up', async () => {
    const test = apiUnderTest({}, 4);
    test.house.reply = (_message, partition) => ({ count: partition });
    const all = await test.api.app.inject({ method: 'DELETE', url: '/v1/orders?symbol=BTC-USD&side=SELL' });
    expect(all.statusCode).toBe(202);
    expect(all.json()).toEqual({ count: 6 });
    expect(test.house.submitted.every(({ urgency }) => urgency === 'urgent')).toBe(true);
    const one = await test.api.app.inject({ method: 'DELETE', url: '/v1/orders?accountId=B' });
    expect(one.json()).toEqual({ count: test.house.partitionOf('B') });
    const nobody = await test.api.app.inject({ method: 'DELETE', url: '/v1/orders?accountId=nobody' });
    expect(nobody.json().code).toBe('UNKNOWN_ACCOUNT');
  });
});

describe('reading', () => {
  it('finds an order in live state, then in the read model, then says 404', async () => {
    const test = apiUnderTest();
    test.house.orders = [anOrder()];
    test.readModel.stored = [anOrder({ orderId: 'o-0-2', clientOrderId: 'old' })];
    const get = async (url: string) => (await test.api.app.inject(url)).json();
    expect((await get('/v1/orders/o-0-1')).orderId).toBe('o-0-1');
    expect((await get('/v1/orders/o-0-2')).orderId).toBe('o-0-2');
    expect((await get('/v1/orders/o-0-3')).code).toBe('UNKNOWN_ORDER');
    expect((await get('/v1/orders/by-client-order-id/c-1?accountId=A')).orderId).toBe('o-0-1');
    expect((await get('/v1/orders/by-client-order-id/old?accountId=A')).orderId).toBe('o-0-2');
    expect((await get('/v1/orders/by-client-order-id/c-1?accountId=B')).code).toBe('UNKNOWN_ORDER');
    expect((await get('/v1/orders/by-client-order-id/c-1')).code).toBe('VALIDATION_FAILED');
  });

  it('lists orders with filters, a cursor and the staleness', async () => {
    const test = apiUnderTest();
    test.readModel.stalenessMs = 12.2;
    const answer = await test.api.app.inject('/v1/orders?accountId=A&symbol=BTC-USD&status=open&limit=5&cursor=abc');
    expect(answer.json()).toEqual({ items: [], nextCursor: 'next' });
    expect(answer.headers['x-staleness-ms']).toBe('13');
    expect(test.readModel.asked).toEqual([
      { accountIds: ['A'], symbol: 'BTC-USD', status: 'open', limit: 5, cursor: 'abc' },
    ]);
  });

  it("tells an order's events, and none of an order that never was", async () => {
    const test = apiUnderTest();
    test.readModel.reports = [aReport(1), aReport(2)];
    expect((await test.api.app.inject('/v1/orders/o-0-1/events')).json().items).toHaveLength(2);
    expect((await test.api.app.inject('/v1/orders/o-0-9/events')).json().code).toBe('UNKNOWN_ORDER');
  });

  it.each([
    ['/v1/orders?limit=0'],
    ['/v1/orders?limit=1001'],
    ['/v1/orders?limit=1e2'],
    ['/v1/orders?limit=5&limit=6'],
    ['/v1/orders?status=OPENISH'],
    ['/v1/orders?colour=red'],
    ['/v1/orders?accountId='],
    ['/v1/executions?cursor=%00'],
    ['/v1/market-data/BTC-USD/book?depth=-1'],
    ['/v1/market-data/BTC-USD/candles?interval=2m'],
  ])('refuses %s', async (url) => {
    const answer = await apiUnderTest().api.app.inject(url);
    expect(answer.statusCode).toBe(400);
    expect(answer.json().errors).toHaveLength(1);
  });

  it('answers 503 when the read model is away, and 500 without a word of why for a fault of ours', async () => {
    const test = apiUnderTest();
    test.readModel.orders = () => Promise.reject(new InfrastructureError('READ_MODEL_UNAVAILABLE', 'away'));
    test.readModel.audit = () => Promise.reject(new Error('secret path /etc/oms'));
    const away = await test.api.app.inject('/v1/orders');
    expect([away.statusCode, away.json().code, away.headers['retry-after']]).toEqual([
      503,
      'READ_MODEL_UNAVAILABLE',
      '1',
    ]);
    const fault = await test.api.app.inject('/v1/audit');
    expect([fault.statusCode, fault.json().code]).toEqual([500, 'INTERNAL']);
    expect(fault.body).not.toMatch(/secret|stack|at /);
    expect(test.faults).toHaveLength(1);
  });

  it('shows accounts, positions, balances, instruments and market data', async () => {
    const { api, market } = apiUnderTest();
    const get = async (url: string) => (await api.app.inject(url)).json();
    expect((await get('/v1/accounts')).items).toHaveLength(2);
    expect((await get('/v1/positions?accountId=A')).items[0].accountId).toBe('A');
    expect((await get('/v1/balances')).items).toHaveLength(2);
    expect((await get('/v1/balances?accountId=nobody')).code).toBe('UNKNOWN_ACCOUNT');
    expect((await get('/v1/instruments')).items[0]).toMatchObject({ symbol: 'BTC-USD', priceIncrement: '0.01' });
    expect(await get('/v1/market-data/BTC-USD/book?depth=1')).toEqual({
      symbol: 'BTC-USD',
      sequence: 1,
      time: '2026-01-05T12:00:00.000Z',
      bids: [['99', '1']],
      asks: [['101', '1']],
    });
    expect((await get('/v1/market-data/BTC-USD/trades')).items[0].price).toBe('100');
    expect((await get('/v1/market-data/BTC-USD/ticker')).bestBid).toBe('99');
    expect((await get('/v1/market-data/BTC-USD/candles?limit=2')).items).toHaveLength(2);
    expect((await get('/v1/market-data/NOPE/book')).code).toBe('UNKNOWN_SYMBOL');
    market.quiet = true;
    expect((await get('/v1/market-data/BTC-USD/ticker')).code).toBe('MARKET_DATA_NOT_READY');
  });
});

describe('controls', () => {
  it('keeps limits that are not named and unsets those that are null', async () => {
    const test = apiUnderTest();
    test.house.limitsView = { openOrdersMax: 5, orderNotionalMax: '1000', dailyLossMax: '7' };
    test.house.reply = () => ({});
    const payload = { openOrdersMax: 3, dailyLossMax: null };
    const answer = await test.api.app.inject({ method: 'PUT', url: '/v1/accounts/A/limits', payload });
    expect(answer.statusCode).toBe(200);
    expect(test.house.submitted[0]!.message).toMatchObject({
      type: 'ChangeLimits',
      scope: 'ACCOUNT',
      id: 'A',
      actor: null,
      limits: { openOrdersMax: 3, orderNotionalMax: decimal('1000'), dailyLossMax: null, submitsPerSecondMax: null },
    });
    const nobody = await test.api.app.inject({ method: 'PUT', url: '/v1/accounts/nobody/limits', payload });
    expect(nobody.json().code).toBe('UNKNOWN_ACCOUNT');
  });

  it('broadcasts a trading state of the firm, urgently, and tells the state as it is then', async () => {
    const test = apiUnderTest({}, 3);
    test.house.reply = () => ({});
    const state = { scope: 'FIRM', id: null, state: 'HALTED', reason: 'drill', actor: null, changedAt: 'now' } as const;
    test.house.states = [state];
    const payload = { scope: 'FIRM', state: 'HALTED', reason: 'drill' };
    const answer = await test.api.app.inject({ method: 'PUT', url: '/v1/trading-state', payload });
    expect(answer.json()).toEqual(state);
    expect(test.house.submitted.map(({ partition, urgency }) => [partition, urgency])).toEqual([
      [0, 'urgent'],
      [1, 'urgent'],
      [2, 'urgent'],
    ]);
  });

  it.each([
    [{ scope: 'FIRM', id: 'A', state: 'HALTED', reason: 'x' }, 400],
    [{ scope: 'ACCOUNT', state: 'HALTED', reason: 'x' }, 400],
    [{ scope: 'ACCOUNT', id: 'nobody', state: 'HALTED', reason: 'x' }, 404],
    [{ scope: 'INSTRUMENT', id: 'NOPE', state: 'HALTED', reason: 'x' }, 404],
    [{ scope: 'FIRM', state: 'PAUSED', reason: 'x' }, 400],
    [{ scope: 'FIRM', state: 'ACTIVE' }, 400],
  ])('refuses trading state %j', async (payload, status) => {
    const test = apiUnderTest();
    const answer = await test.api.app.inject({ method: 'PUT', url: '/v1/trading-state', payload });
    expect(answer.statusCode).toBe(status);
    expect(test.house.submitted).toEqual([]);
  });

  it('instructs a manual venue, with or without a body, and no other', async () => {
    const test = apiUnderTest();
    const url = '/v1/simulation/venue/orders/o-0-1/fill';
    const fill = await test.api.app.inject({ method: 'POST', url, payload: { quantity: '0.5', price: '99' } });
    const ack = await test.api.app.inject({ method: 'POST', url: url.replace('fill', 'ack') });
    expect([fill.statusCode, ack.statusCode]).toEqual([200, 200]);
    expect(fill.json()).toEqual(anOrder());
    expect(test.house.submitted[0]!.message).toMatchObject({
      type: 'VenueInstruction',
      action: 'fill',
      quantity: decimal('0.5'),
    });
    expect((await test.api.app.inject({ method: 'POST', url: url.replace('fill', 'sing') })).statusCode).toBe(404);
    const automatic = apiUnderTest({ manualVenue: false });
    const answer = await automatic.api.app.inject({ method: 'POST', url, payload: {} });
    expect([answer.statusCode, answer.json().code]).toEqual([404, 'NOT_A_MANUAL_VENUE']);
  });

  it('sets and shows the fault switches', async () => {
    const test = apiUnderTest();
    test.house.reply = (message) => {
      if (message.type === 'SetVenueFaults') test.venueFaults = message.faults;
      return {};
    };
    const put = (payload: object) =>
      test.api.app.inject({ method: 'PUT', url: '/v1/simulation/venue/faults', payload });
    expect((await put({ latencyMs: 20, rejectRate: '0.25' })).json()).toMatchObject({
      latencyMs: 20,
      rejectRate: '0.25',
      overfillRate: '0',
    });
    expect((await put({ rejectRate: '1.1' })).statusCode).toBe(400);
    expect((await test.api.app.inject('/v1/simulation/venue/faults')).json().rejectRate).toBe('0.25');
  });
});
