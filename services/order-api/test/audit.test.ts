/** What the API puts into the audit trail: privileged requests and access, bounded, and never a secret. */
import { describe, expect, it } from 'vitest';
import { type Frame, SocketClient } from './support/apiUnderTest.ts';
import { bearer, OWN_ORDER, type SignedInApi, signedInApi } from './support/signedIn.ts';

const notesOf = (test: SignedInApi, action: string) =>
  test.house.notes
    .filter((note) => note.action === action)
    .map(({ type: _, replyTo: __, action: ___, details, ...note }) => ({ ...note, ...JSON.parse(details) }) as Frame);

const from = (address: string) => ({ remoteAddress: address });

describe('a privileged request', () => {
  it('is noted before it is handed on: who, from where, what', async () => {
    const test = signedInApi();
    const headers = bearer(test.tokenOf('risk-manager'));
    const payload = { openOrdersMax: 7 };
    await test.api.app.inject({ method: 'PUT', url: '/v1/accounts/A/limits', headers, payload, ...from('192.0.2.7') });
    expect(notesOf(test, 'PRIVILEGED_REQUEST')).toEqual(
      [
        {
          actor: 'risk-manager',
          address: '192.0.2.7',
          accountId: 'A',
          operation: 'changeLimits',
          body: { openOrdersMax: 7 },
        },
      ].map(({ operation, body, ...rest }) => ({ ...rest, operation, accountId: 'A', body })),
    );
    expect(test.house.submitted.at(-1)?.message.type).toBe('ChangeLimits');
  });

  it.each([
    ['PUT', '/v1/trading-state', { scope: 'FIRM', state: 'HALTED', reason: 'x' }, 'changeTradingState'],
    ['DELETE', `/v1/orders/${OWN_ORDER}`, undefined, 'cancelOrder'],
    ['DELETE', '/v1/orders', undefined, 'cancelMatching'],
    ['POST', '/v1/approvals/p-1/approve', {}, 'approveChange'],
    ['POST', '/v1/reconciliation/runs', undefined, 'startReconciliation'],
  ] as const)('%s %s of a risk manager is one', async (method, url, payload, operation) => {
    const test = signedInApi();
    const headers = bearer(test.tokenOf('risk-manager'));
    await test.api.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) });
    expect(notesOf(test, 'PRIVILEGED_REQUEST').map((note) => note.operation)).toEqual([operation]);
  });

  it("a trader's orders and cancels are none, nor is reading", async () => {
    const test = signedInApi();
    const headers = bearer(test.tokenOf('trader'));
    await test.api.app.inject({ method: 'DELETE', url: `/v1/orders/${OWN_ORDER}`, headers });
    await test.api.app.inject({ url: '/v1/audit', headers: bearer(test.tokenOf('admin')) });
    expect(notesOf(test, 'PRIVILEGED_REQUEST')).toEqual([]);
  });

  it('over WebSocket as well', async () => {
    const test = signedInApi();
    const client = await SocketClient.open(await test.listen(), { headers: bearer(test.tokenOf('risk-manager')) });
    await client.request('order.cancelAll', { symbol: 'BTC-USD' });
    expect(notesOf(test, 'PRIVILEGED_REQUEST')).toMatchObject([{ operation: 'order.cancelAll', symbol: 'BTC-USD' }]);
  });

  it('of enormous size is told by its length', async () => {
    const test = signedInApi();
    const headers = bearer(test.tokenOf('admin'));
    const payload = { scope: 'FIRM', state: 'HALTED', reason: 'x'.repeat(100_000) };
    await test.api.app.inject({ method: 'PUT', url: '/v1/trading-state', headers, payload });
    const [note] = test.house.notes.filter(({ action }) => action === 'PRIVILEGED_REQUEST');
    expect(note!.details.length).toBeLessThan(200);
  });
});

describe('access', () => {
  it('the first use of a token, refused tokens and refused requests are noted', async () => {
    const test = signedInApi();
    const headers = bearer(test.tokenOf('viewer'));
    const ask = (url: string, given: Record<string, string>) =>
      test.api.app.inject({ url, headers: given, ...from('192.0.2.9') });
    await ask('/v1/accounts', headers);
    await ask('/v1/accounts', headers);
    await ask('/v1/audit', headers);
    await ask('/v1/accounts', bearer('guess'));
    expect(test.house.notes.map(({ action, actor, address }) => [action, actor, address])).toEqual([
      ['TOKEN_FIRST_USED', 'viewer', '192.0.2.9'],
      ['ACCESS_REFUSED', 'viewer', '192.0.2.9'],
      ['TOKEN_REFUSED', null, '192.0.2.9'],
    ]);
  });

  it('a flood of failures from one address is two entries a minute, whoever they claim to be', () => {
    const test = signedInApi();
    for (let i = 0; i < 10_000; i++) {
      const details = { user: `guess-${i}` };
      test.api.recordAccess({
        action: 'SIGN_IN',
        actor: `guess-${i}`,
        address: '203.0.113.5',
        outcome: 'REFUSED',
        details,
      });
    }
    expect(notesOf(test, 'SIGN_IN')).toHaveLength(1);
    test.time.advance(60_000);
    expect(notesOf(test, 'SIGN_IN')).toMatchObject([{ outcome: 'REFUSED' }, { outcome: 'REFUSED', further: 9_999 }]);
    test.time.advance(600_000);
    expect(test.house.notes).toHaveLength(2);
  });

  it('a flood from everywhere is bounded, too', () => {
    const test = signedInApi();
    for (let i = 0; i < 20_000; i++) {
      const address = `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`;
      test.api.recordAccess({ action: 'SIGN_IN', actor: null, address, outcome: 'REFUSED', details: {} });
    }
    test.time.advance(60_000);
    expect(test.house.notes.length).toBeLessThanOrEqual(1_001);
    expect(notesOf(test, 'ACCESS_OTHERS')).toMatchObject([{ further: 19_500 }]);
  });

  it('what was only counted is noted when the server stops', async () => {
    const test = signedInApi();
    const fact = { action: 'SIGN_IN', actor: 'a', address: null, outcome: 'ALLOWED', details: {} } as const;
    test.api.recordAccess(fact);
    test.api.recordAccess(fact);
    await test.api.close();
    expect(notesOf(test, 'SIGN_IN')).toHaveLength(2);
  });
});

describe('secrets', () => {
  it('are in no note, answer or fault', async () => {
    const SECRET = 'planted.secret.token';
    const test = signedInApi();
    const port = await test.listen();
    test.tokens.give({ roles: ['admin'], subject: 'ann', tokenId: 'jti-1' }, SECRET);
    test.house.reply = () => ({
      outcome: 'REFUSED',
      reason: { source: 'OMS', code: 'UNKNOWN_ACCOUNT', message: '', details: {} },
    });
    const texts: string[] = [];
    const ask = async (method: 'GET' | 'PUT' | 'DELETE', url: string, token: string, payload?: object) => {
      const answer = await test.api.app.inject({
        method,
        url,
        headers: bearer(token),
        ...(payload === undefined ? {} : { payload }),
      });
      texts.push(answer.body, JSON.stringify(answer.headers));
    };
    await ask('PUT', '/v1/trading-state', SECRET, { scope: 'FIRM', state: 'HALTED', reason: 'x' });
    await ask('GET', '/v1/accounts', `${SECRET}x`);
    await ask('GET', `/v1/accounts`, SECRET);
    await ask('DELETE', '/v1/orders', SECRET);
    await ask('GET', '/metrics', SECRET);
    for (const token of [SECRET, `${SECRET}x`]) {
      const client = await SocketClient.open(port);
      client.send({ id: 1, op: 'auth', params: { token } });
      await client.find(({ id }) => id === 1);
      texts.push(JSON.stringify(client.frames));
    }
    texts.push(JSON.stringify(test.house.notes), JSON.stringify(test.house.submitted), String(test.faults));
    expect(test.house.notes.length).toBeGreaterThan(3);
    expect(texts.filter((text) => text.includes('planted'))).toEqual([]);
  });
});
