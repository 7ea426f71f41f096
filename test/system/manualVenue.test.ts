/** What only a venue can do to an order, played exactly: the rules of races through the public interface. */
import { beforeAll, describe, expect, it } from 'vitest';
import { type Answer, eventually } from './support/api.ts';
import { inProcess } from './support/server.ts';

const server = inProcess({ venue: 'manual' });
const PRICE = '30000';
let lastAccount = 100;
let accountId = '';

/** An order of 1 BTC in an account of its own, as the venue has received it. */
async function sent(members: object = {}): Promise<string> {
  accountId = `BENCH-${String(++lastAccount).padStart(4, '0')}`;
  const order = await server.api.placed({ clientOrderId: 'o', accountId, quantity: '1', price: PRICE, ...members });
  expect(order.status).toBe('PENDING_NEW');
  return order.orderId;
}

/** The same, acknowledged. */
async function working(members: object = {}): Promise<string> {
  const orderId = await sent(members);
  expect((await server.api.venue(orderId, 'ack')).body.status).toBe('NEW');
  return orderId;
}

const venue = async (orderId: string, action: string, instruction: object = {}) => {
  const answer: Answer = await server.api.venue(orderId, action, instruction);
  if (answer.status !== 200) throw new Error(`${action} was answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  // biome-ignore lint/suspicious/noExplicitAny: the order after the report
  return answer.body as any;
};
const cancel = (orderId: string) => server.api.call('DELETE', `/v1/orders/${orderId}`);
const replace = (orderId: string, body: object) => server.api.call('PATCH', `/v1/orders/${orderId}`, body);
const quantityOf = async () => (await server.api.position(accountId))?.quantity ?? '0';

beforeAll(() => eventually(async () => expect((await server.api.top()).ask).toBeGreaterThan(0)));

describe('ordinary answers', () => {
  it('partial fills add up to FILLED, each with its report', async () => {
    const orderId = await working();
    expect(await venue(orderId, 'fill', { quantity: '0.4' })).toMatchObject({
      status: 'PARTIALLY_FILLED',
      leavesQuantity: '0.6',
    });
    expect(await venue(orderId, 'fill')).toMatchObject({ status: 'FILLED', filledQuantity: '1', averagePrice: PRICE });
    expect(await quantityOf()).toBe('1');
    const events = await server.api.events(orderId);
    expect(events.map(({ execType, lastQuantity }) => [execType, lastQuantity])).toEqual([
      ['PENDING_NEW', null],
      ['NEW', null],
      ['TRADE', '0.4'],
      ['TRADE', '0.6'],
    ]);
    const sequences = events.map(({ sequence }) => sequence);
    expect(sequences).toEqual([1, 2, 3, 4]);
  });

  it('reject ends it, a late reject of a filled order changes nothing (rule 10)', async () => {
    const rejected = await sent();
    expect(await venue(rejected, 'reject', { reason: 'no such luck' })).toMatchObject({
      status: 'REJECTED',
      reason: { source: 'VENUE', code: 'VENUE_REJECTED', message: 'no such luck' },
    });
    expect((await server.api.balance(accountId)).held).toBe('0');
    const filled = await working();
    await venue(filled, 'fill');
    expect(await venue(filled, 'reject')).toMatchObject({ status: 'FILLED', reason: null });
  });

  it('expire ends it with its time as the reason', async () => {
    const orderId = await working({ timeInForce: 'DAY' });
    expect(await venue(orderId, 'expire')).toMatchObject({
      status: 'EXPIRED',
      leavesQuantity: '0',
      reason: { code: 'TIME_EXPIRED' },
    });
    expect((await server.api.balance(accountId)).held).toBe('0');
  });
});

describe('cancel races', () => {
  it('rule 1: a fill while the cancel is pending keeps PENDING_CANCEL; completed, the cancel comes too late', async () => {
    const orderId = await working();
    expect((await cancel(orderId)).body.status).toBe('PENDING_CANCEL');
    expect(await venue(orderId, 'fill', { quantity: '0.5' })).toMatchObject({
      status: 'PENDING_CANCEL',
      filledQuantity: '0.5',
    });
    expect(await venue(orderId, 'fill')).toMatchObject({ status: 'PENDING_CANCEL', filledQuantity: '1' });
    expect(await venue(orderId, 'cancel-reject')).toMatchObject({ status: 'FILLED', pendingRequests: [] });
    expect((await server.api.events(orderId)).at(-1)).toMatchObject({ execType: 'CANCEL_REJECTED' });
  });

  it('a refused cancel leaves the order working', async () => {
    const orderId = await working();
    await cancel(orderId);
    expect(await venue(orderId, 'cancel-reject', { reason: 'busy' })).toMatchObject({
      status: 'NEW',
      leavesQuantity: '1',
      pendingRequests: [],
    });
  });

  it('rule 2: a late fill after the cancel books the position; the order never reopens', async () => {
    const orderId = await working();
    await cancel(orderId);
    expect(await venue(orderId, 'cancel')).toMatchObject({ status: 'CANCELED' });
    expect(await venue(orderId, 'fill', { quantity: '0.3' })).toMatchObject({
      status: 'CANCELED',
      filledQuantity: '0.3',
      leavesQuantity: '0',
    });
    expect(await quantityOf()).toBe('0.3');
    expect((await server.api.balance(accountId)).held).toBe('0');
  });
});

describe('replace races', () => {
  it('rule 4: fills before the answer carry the old id and terms', async () => {
    const orderId = await working();
    await replace(orderId, { clientOrderId: 'o-2', quantity: '2', price: '30100' });
    expect(await venue(orderId, 'fill', { quantity: '0.5' })).toMatchObject({
      status: 'PENDING_REPLACE',
      clientOrderId: 'o',
      quantity: '1',
    });
    expect((await server.api.events(orderId)).at(-1)).toMatchObject({
      execType: 'TRADE',
      clientOrderId: 'o',
      lastPrice: PRICE,
    });
    expect(await venue(orderId, 'replace-accept')).toMatchObject({
      status: 'PARTIALLY_FILLED',
      clientOrderId: 'o-2',
      quantity: '2',
      price: '30100',
      leavesQuantity: '1.5',
    });
    expect((await server.api.balance(accountId)).held).toBe('45195.15');
  });

  it('a refused replace keeps the old terms and gives the extra hold back', async () => {
    const orderId = await working();
    await replace(orderId, { clientOrderId: 'o-2', quantity: '5' });
    expect((await server.api.balance(accountId)).held).toBe('150150');
    expect(await venue(orderId, 'replace-reject')).toMatchObject({ status: 'NEW', clientOrderId: 'o', quantity: '1' });
    expect((await server.api.balance(accountId)).held).toBe('30030');
  });

  it('rule 6: a total at or below what is filled makes it FILLED; one that changes nothing is refused', async () => {
    const orderId = await working();
    await venue(orderId, 'fill', { quantity: '0.6' });
    const nothing = await replace(orderId, { clientOrderId: 'o-1', quantity: '1' });
    expect([nothing.status, nothing.body.code]).toEqual([422, 'REPLACE_CHANGES_NOTHING']);
    await replace(orderId, { clientOrderId: 'o-2', quantity: '0.5' });
    expect(await venue(orderId, 'replace-accept')).toMatchObject({
      status: 'FILLED',
      filledQuantity: '0.6',
      leavesQuantity: '0',
    });
    expect((await server.api.balance(accountId)).held).toBe('0');
  });
});

describe('what a venue should not do', () => {
  it('rule 8: a repeated execution counts once; the same id with other content is put aside and audited', async () => {
    const orderId = await working();
    await venue(orderId, 'fill', { executionId: 'e1', quantity: '0.2' });
    expect(await venue(orderId, 'fill', { executionId: 'e1', quantity: '0.2' })).toMatchObject({
      filledQuantity: '0.2',
    });
    expect(await venue(orderId, 'fill', { executionId: 'e1', quantity: '0.3' })).toMatchObject({
      filledQuantity: '0.2',
    });
    expect(await quantityOf()).toBe('0.2');
    await eventually(async () => {
      const { body } = await server.api.call('GET', '/v1/audit?action=REPORT_QUARANTINED');
      expect(JSON.stringify(body.items)).toContain(orderId);
    });
    expect(server.oms.house.runtime.status.quarantinedTotal).toBe(0);
  });

  it('rule 9: an overfill is booked and flagged', async () => {
    const orderId = await working();
    expect(await venue(orderId, 'fill', { quantity: '1.5' })).toMatchObject({
      status: 'FILLED',
      filledQuantity: '1.5',
      leavesQuantity: '0',
      overfilled: true,
    });
    expect(await quantityOf()).toBe('1.5');
    expect((await server.api.balance(accountId)).held).toBe('0');
  });

  it('rule 3: a bust takes FILLED back to work, once; a correction moves the numbers', async () => {
    const orderId = await working();
    await venue(orderId, 'fill', { executionId: 'e1', quantity: '0.4' });
    await venue(orderId, 'fill', { executionId: 'e2', quantity: '0.6' });
    expect((await server.api.balance(accountId)).held).toBe('0');
    const busted = await venue(orderId, 'trade-cancel', { executionId: 'e2' });
    expect(busted).toMatchObject({ status: 'PARTIALLY_FILLED', filledQuantity: '0.4', leavesQuantity: '0.6' });
    expect(await quantityOf()).toBe('0.4');
    expect((await server.api.balance(accountId)).held).toBe('18018');
    const corrected = await venue(orderId, 'trade-correct', { executionId: 'e1', quantity: '0.3', price: '29900' });
    expect(corrected).toMatchObject({ filledQuantity: '0.3', averagePrice: '29900', leavesQuantity: '0.7' });
    expect(await quantityOf()).toBe('0.3');
    const types = (await server.api.events(orderId)).map(({ execType, referenceExecutionId }) => [
      execType,
      referenceExecutionId,
    ]);
    expect(types.slice(-2)).toEqual([
      ['TRADE_CANCEL', 'e2'],
      ['TRADE_CORRECT', 'e1'],
    ]);
    await cancel(orderId);
    expect(await venue(orderId, 'cancel')).toMatchObject({ status: 'CANCELED', filledQuantity: '0.3' });
    expect(await venue(orderId, 'trade-cancel', { executionId: 'e1' })).toMatchObject({
      status: 'CANCELED',
      filledQuantity: '0',
    });
    expect(await quantityOf()).toBe('0');
    expect(await server.api.balance(accountId)).toMatchObject({ total: '10000000000', held: '0' });
  });

  it('instructions that answer nothing, or about nothing, are refused', async () => {
    const orderId = await working();
    expect((await server.api.venue(orderId, 'cancel-reject')).status).toBe(422);
    expect((await server.api.venue(orderId, 'replace-accept')).status).toBe(422);
    expect((await server.api.venue(orderId, 'trade-cancel')).status).toBe(422);
    expect((await server.api.venue('o-0-999999', 'fill')).status).toBe(404);
  });
});
