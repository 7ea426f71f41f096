/** The kill switch by every scope, and REDUCING: what is open goes, nothing new comes, cancels always pass. */
import { afterEach, describe, expect, it } from 'vitest';
import { eventually } from './support/api.ts';
import { inProcess } from './support/server.ts';

const server = inProcess();
const resting = { quantity: '0.1', price: '30000' };
const touched: object[] = [];

async function setState(scope: string, id: string | null, state: string) {
  touched.push({ scope, id });
  const answer = await server.api.call('PUT', '/v1/trading-state', {
    scope,
    ...(id === null ? {} : { id }),
    state,
    reason: `test ${state}`,
  });
  expect(answer.status).toBe(200);
  return answer.body;
}

afterEach(async () => {
  for (const scope of touched.splice(0)) {
    await server.api.call('PUT', '/v1/trading-state', { ...scope, state: 'ACTIVE', reason: 'test is over' });
  }
});

describe('HALTED', () => {
  it.each([
    ['FIRM', null, true, true],
    ['ACCOUNT', 'BENCH-0011', true, false],
    ['INSTRUMENT', 'BTC-USD', false, true],
  ] as const)(
    'for %s %s cancels everything open inside, and nothing outside',
    async (scope, id, ethGoes, otherGoes) => {
      const { api } = server;
      const suffix = `${scope}-${Date.now()}`;
      const own = await api.placed({ ...resting, clientOrderId: `own-${suffix}`, accountId: 'BENCH-0011' });
      const stop = await api.placed({
        clientOrderId: `stop-${suffix}`,
        accountId: 'BENCH-0011',
        type: 'STOP',
        quantity: '0.1',
        stopPrice: '60000',
      });
      const eth = await api.placed({
        clientOrderId: `eth-${suffix}`,
        accountId: 'BENCH-0011',
        symbol: 'ETH-USD',
        quantity: '1',
        price: '2000',
      });
      const other = await api.placed({ ...resting, clientOrderId: `other-${suffix}`, accountId: 'BENCH-0012' });
      expect(await setState(scope, id, 'HALTED')).toMatchObject({ scope, id, state: 'HALTED' });
      const goes = { [own.orderId]: true, [stop.orderId]: true, [eth.orderId]: ethGoes, [other.orderId]: otherGoes };
      await eventually(async () => {
        for (const [orderId, gone] of Object.entries(goes)) {
          const order = await api.order(orderId);
          if (gone) expect(order).toMatchObject({ status: 'CANCELED', reason: { source: 'OMS', code: 'KILL_SWITCH' } });
          else expect(order.status).toBe('NEW');
        }
      });
      const refused = await api.place({ ...resting, clientOrderId: `new-${suffix}`, accountId: 'BENCH-0011' });
      expect([refused.status, refused.body.code]).toEqual([422, 'TRADING_HALTED']);
      expect(refused.body.order).toMatchObject({ status: 'REJECTED', reason: { source: 'RISK' } });
      // Rule 16: a cancel passes in any state.
      const late = await api.call('DELETE', `/v1/orders/${eth.orderId}`);
      expect([202, 409]).toContain(late.status);
      await api.call('DELETE', '/v1/orders?accountId=BENCH-0012');
    },
  );

  it('is kept and shown with who and why, and audited with before and after', async () => {
    const { api } = server;
    await setState('ACCOUNT', 'BENCH-0013', 'HALTED');
    const states = (await api.call('GET', '/v1/trading-state')).body.items;
    expect(states.find((item: { id: string }) => item.id === 'BENCH-0013')).toMatchObject({
      state: 'HALTED',
      reason: 'test HALTED',
    });
    const accounts = (await api.call('GET', '/v1/accounts')).body.items;
    expect(accounts.find((item: { accountId: string }) => item.accountId === 'BENCH-0013').tradingState).toBe('HALTED');
    await eventually(async () => {
      const { body } = await api.call('GET', '/v1/audit?accountId=BENCH-0013');
      expect(body.items[0]).toMatchObject({ after: { state: 'HALTED' }, reason: 'test HALTED' });
    });
  });
});

describe('REDUCING', () => {
  it('lets only what shrinks the position through', async () => {
    const { api } = server;
    const accountId = 'BENCH-0014';
    await api.placed({ clientOrderId: 'open', accountId, type: 'MARKET', quantity: '1' });
    await setState('ACCOUNT', accountId, 'REDUCING');
    const grows = await api.place({ ...resting, clientOrderId: 'grow', accountId });
    expect([grows.status, grows.body.code]).toEqual([422, 'REDUCING_ONLY']);
    const beyond = await api.place({
      clientOrderId: 'beyond',
      accountId,
      side: 'SELL',
      quantity: '1.5',
      price: '60000',
    });
    expect(beyond.body.code).toBe('REDUCING_ONLY');
    const shrinks = await api.placed({
      clientOrderId: 'shrink',
      accountId,
      side: 'SELL',
      type: 'MARKET',
      quantity: '0.4',
    });
    expect(shrinks.status).toBe('FILLED');
    expect((await api.position(accountId))!.quantity).toBe('0.6');
  });
});
