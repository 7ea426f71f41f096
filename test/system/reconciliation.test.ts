/** A venue that loses reports and requests, through the public interface: what is unknown is shown, and settled. */
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from './support/api.ts';
import { inProcess } from './support/server.ts';

const server = inProcess({ venue: 'manual', venueTimes: { requestTimeoutMs: 100, reconcileEveryMs: 300 } });
const PRICE = '30000';
let lastAccount = 200;
let accountId = '';

async function sent(): Promise<string> {
  accountId = `BENCH-${String(++lastAccount).padStart(4, '0')}`;
  const members = { clientOrderId: 'o', accountId, quantity: '1', price: PRICE };
  return (await server.api.placed(members)).orderId;
}

async function working(): Promise<string> {
  const orderId = await sent();
  await server.api.venue(orderId, 'ack');
  return orderId;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies as the wire has them
type Body = any;
const get = async (path: string): Promise<Body> => (await server.api.call('GET', path)).body;
const order = (orderId: string): Promise<Body> => get(`/v1/orders/${orderId}`);
const reconciliation = (): Promise<Body> => get(`/v1/reconciliation?accountId=${accountId}`);
const faults = (switches: object) => server.api.call('PUT', '/v1/simulation/venue/faults', switches);
const resolve = (orderId: string, clientOrderId: string, body: object) =>
  server.api.call('POST', `/v1/reconciliation/requests/${orderId}/${clientOrderId}/resolve`, body);

const becomesUnknown = (orderId: string, kind: string) =>
  eventually(async () =>
    expect((await reconciliation()).unknownRequests).toMatchObject([{ orderId, accountId, kind, symbol: 'BTC-USD' }]),
  );
const nothingIsUnknown = () => eventually(async () => expect((await reconciliation()).unknownRequests).toEqual([]));

beforeAll(() => eventually(async () => expect((await server.api.top()).ask).toBeGreaterThan(0)));
afterEach(() => faults({}));

describe('lost reports', () => {
  it.each([
    { title: 'with the trades it tells', switches: {} },
    { title: 'in sum when it tells no trades', switches: { totalsOnly: true } },
  ])('acknowledgement and fills are asked for and booked once, $title', async ({ switches }) => {
    await faults({ lostReportRate: '1', ...switches });
    const orderId = await working();
    await server.api.venue(orderId, 'fill', { quantity: '0.4', executionId: 'e1' });
    await server.api.venue(orderId, 'fill', { executionId: 'e2' });
    expect(await order(orderId)).toMatchObject({ status: 'PENDING_NEW', filledQuantity: '0' });
    await becomesUnknown(orderId, 'NEW');

    await faults(switches);
    await eventually(async () => expect(await order(orderId)).toMatchObject({ status: 'FILLED', averagePrice: PRICE }));
    expect((await server.api.position(accountId))?.quantity).toBe('1');
    await nothingIsUnknown();
    // The originals come after all.
    await server.api.venue(orderId, 'fill', { executionId: 'e1' });
    await server.api.venue(orderId, 'fill', { executionId: 'e2' });
    expect(await order(orderId)).toMatchObject({ filledQuantity: '1', overfilled: false });
    // Two runs while the reports were lost may also have told that the position differs: gone by now, not repaired.
    await eventually(async () => {
      const found: Body[] = (await reconciliation()).differences;
      expect(found.every(({ resolvedAt }) => resolvedAt !== null)).toBe(true);
      expect(found.every(({ kind, repaired }) => repaired || kind === 'POSITION_DIFFERS')).toBe(true);
    });
    const { differences, lastRunAt } = await reconciliation();
    expect(lastRunAt).not.toBeNull();
    const audit = await get(`/v1/audit?action=RECONCILIATION_DIFFERENCE_FOUND&accountId=${accountId}`);
    expect(audit.items).toHaveLength(differences.length);
  });

  it('an order the venue lost is canceled', async () => {
    const orderId = await working();
    await server.api.venue(orderId, 'lose');
    await eventually(async () =>
      expect(await order(orderId)).toMatchObject({ status: 'CANCELED', reason: { code: 'ORDER_UNKNOWN_AT_VENUE' } }),
    );
  });
});

describe('lost requests', () => {
  it('a new order that never arrived is rejected, and its hold goes back', async () => {
    await faults({ lostRequestRate: '1' });
    const orderId = await sent();
    await becomesUnknown(orderId, 'NEW');
    await faults({});
    await eventually(async () =>
      expect(await order(orderId)).toMatchObject({ status: 'REJECTED', reason: { code: 'ORDER_UNKNOWN_AT_VENUE' } }),
    );
    const balances = await get(`/v1/balances?accountId=${accountId}`);
    expect(balances.items.find(({ currency }: Body) => currency === 'USD').held).toBe('0');
  });

  it('a cancel that never arrived shows as unknown, and is refused: the order works on', async () => {
    const orderId = await working();
    await faults({ lostRequestRate: '1' });
    await server.api.call('DELETE', `/v1/orders/${orderId}?clientOrderId=x`);
    await becomesUnknown(orderId, 'CANCEL');
    const open = await get(`/v1/orders?status=open&accountId=${accountId}`);
    expect(open.items[0].pendingRequests).toMatchObject([{ clientOrderId: 'x', outcome: 'unknown' }]);
    await faults({});
    await eventually(async () => expect(await order(orderId)).toMatchObject({ status: 'NEW', pendingRequests: [] }));
    expect((await server.api.events(orderId)).at(-1)).toMatchObject({
      execType: 'CANCEL_REJECTED',
      reason: { code: 'REQUEST_NOT_RECEIVED' },
    });
  });

  it('a disconnected venue is waited for', async () => {
    const orderId = await working();
    await server.api.call('DELETE', `/v1/orders/${orderId}?clientOrderId=x`);
    await faults({ disconnected: true });
    await server.api.venue(orderId, 'cancel');
    await becomesUnknown(orderId, 'CANCEL');
    const { lastRunAt } = await reconciliation();
    await new Promise((done) => setTimeout(done, 700));
    expect((await reconciliation()).lastRunAt).toBe(lastRunAt);
    expect(await order(orderId)).toMatchObject({ status: 'PENDING_CANCEL' });
    await faults({});
    await eventually(async () => expect(await order(orderId)).toMatchObject({ status: 'CANCELED' }));
  });
});

describe('an operator', () => {
  const told = { outcome: 'ACCEPTED', reason: 'told by telephone' };

  it('settles a request that the venue does not answer, once, and the audit trail says so', async () => {
    const orderId = await working();
    expect((await resolve(orderId, 'x', told)).body.code).toBe('REQUEST_NOT_UNKNOWN');
    await server.api.call('DELETE', `/v1/orders/${orderId}?clientOrderId=x`);
    await becomesUnknown(orderId, 'CANCEL');
    const resolved = await resolve(orderId, 'x', told);
    expect(resolved).toMatchObject({ status: 200, body: { status: 'CANCELED', pendingRequests: [] } });
    expect(await resolve(orderId, 'x', told)).toMatchObject({ status: 409, body: { code: 'REQUEST_NOT_UNKNOWN' } });
    const { items } = await get(`/v1/audit?action=REQUEST_RESOLVED&accountId=${accountId}`);
    expect(items).toMatchObject([
      {
        before: { orderId, clientOrderId: 'x', kind: 'CANCEL', outcome: 'UNKNOWN' },
        after: { outcome: 'ACCEPTED' },
        reason: 'told by telephone',
      },
    ]);
    // The venue works on what we have closed: it is told to stop.
    await eventually(async () =>
      expect((await reconciliation()).differences).toMatchObject([{ kind: 'ORDER_OPEN_AT_VENUE', orderId }]),
    );
  });

  it('needs an outcome, a reason and an order', async () => {
    const orderId = await working();
    expect((await resolve(orderId, 'x', { outcome: 'MAYBE', reason: '' })).status).toBe(400);
    expect((await resolve('o-0-999999999', 'x', told)).status).toBe(404);
  });

  it('lets a comparison begin now, and sees its figures', async () => {
    expect(await server.api.call('POST', '/v1/reconciliation/runs')).toMatchObject({ status: 200 });
    const metrics = await (await fetch(`${server.oms.address}/metrics`)).text();
    expect(metrics).toMatch(/^oms_reconciliation_last_run_timestamp_seconds [1-9]/m);
    expect(metrics).toMatch(/^oms_unknown_requests \d+$/m);
    expect(metrics).toMatch(/^oms_reconciliation_differences_total\{kind="EXECUTIONS_MISSING"\} [1-9]/m);
  });
});
