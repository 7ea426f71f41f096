/** The corpus of bad tokens against the real API, over HTTP and WebSocket: every one is refused and changes nothing. */
import { BAD_TOKEN_TEXTS, BAD_TOKENS } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { verifierUnderTest } from '../../packages/adapters/oidc/test/verifierUnderTest.ts';
import { apiUnderTest, PLACE, SocketClient } from '../../services/order-api/test/support/apiUnderTest.ts';

const CORPUS = [...BAD_TOKENS, ...BAD_TOKEN_TEXTS];

function prepared() {
  const { issuer, verifier } = verifierUnderTest();
  const test = apiUnderTest({ access: verifier, rateLimiter: null, worldClock: { now: () => 0 } });
  test.house.accountIds = ['A', 'DEMO-0001'];
  return { issuer, test };
}

describe('a bad token', () => {
  it('places no order over HTTP, whatever is wrong with it; nor does it open a connection', async () => {
    const { issuer, test } = prepared();
    const statuses = new Set<number>();
    for (const { name, build } of CORPUS) {
      const headers = { authorization: `Bearer ${build(issuer)}` };
      const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: PLACE });
      expect([401, 431], name).toContain(answer.statusCode);
      statuses.add(answer.statusCode);
    }
    expect(statuses).toContain(401);
    expect(test.house.submitted).toEqual([]);
    expect(test.faults).toEqual([]);
  });

  it('signs nobody in over WebSocket', async () => {
    const { issuer, test } = prepared();
    const port = await test.listen();
    for (const { name, build } of CORPUS) {
      const client = await SocketClient.open(port);
      client.send({ id: 1, op: 'auth', params: { token: build(issuer) } });
      client.send({ id: 2, op: 'order.place', params: PLACE });
      expect([4401, 1009], name).toContain(await client.closed());
      expect(
        client.frames.filter(({ id }) => id === 2),
        name,
      ).toEqual([]);
    }
    expect(test.house.submitted).toEqual([]);
    expect(test.faults).toEqual([]);
  });

  it('is one change away from one that works', async () => {
    const { issuer, test } = prepared();
    const headers = { authorization: `Bearer ${issuer.sign({}, { accounts: ['A'] })}` };
    const answer = await test.api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: PLACE });
    expect(answer.statusCode).toBe(201);
  });
});
