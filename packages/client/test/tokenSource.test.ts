/** Signing in by itself: when, how often, and what happens when the issuer or the server says no. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OmsClient, OmsStream, ProgramSignIn } from '../src/index.ts';
import { openNodeSocket } from '../src/nodeSocket.ts';
import { recordedBackOff, TestServer, until } from './testServer.ts';

let server: TestServer;
let nowMs: number;
let signIn: ProgramSignIn;
beforeEach(async () => {
  server = await TestServer.start();
  nowMs = 1_000_000;
  signIn = new ProgramSignIn({ url: server.url, clientId: 'oms-trader', clientSecret: 's:%', now: () => nowMs });
});
afterEach(() => server.stop());

const granted = (token: string) => ({
  status: 200,
  body: { access_token: token, expires_in: 100, token_type: 'Bearer' },
});
const answered = { status: 200, body: { items: [], nextCursor: null } };
const refused = { status: 401, body: { code: 'UNAUTHENTICATED', detail: 'no' } };

describe('signing in', () => {
  it('says who it is, once for all who ask, and again shortly before the token expires', async () => {
    server.answers.push(granted('one'), granted('two'));
    expect(await Promise.all([signIn.token(), signIn.token(), signIn.token()])).toEqual(['one', 'one', 'one']);
    const [id, secret] = atob(server.seen[0]!.authorization!.slice('Basic '.length)).split(':');
    expect([id, decodeURIComponent(secret!)]).toEqual(['oms-trader', 's:%']);
    expect(server.seen[0]).toMatchObject({
      method: 'POST',
      url: '/oauth2/token',
      body: { grant_type: 'client_credentials' },
    });
    nowMs += 79_999;
    expect(await signIn.token()).toBe('one');
    nowMs += 1;
    expect(await signIn.token()).toBe('two');
    expect(server.seen).toHaveLength(2);
  });

  it('goes on with the old token while it is good and the issuer is not there', async () => {
    server.answers.push(granted('one'), 'DROP', 'DROP');
    await signIn.token();
    nowMs += 99_999;
    expect(await signIn.token()).toBe('one');
    nowMs += 1;
    await expect(signIn.token()).rejects.toMatchObject({ code: 'NO_ANSWER' });
  });

  it('sends no token to a server that has no sign-in', async () => {
    server.answers.push({ status: 404, body: { code: 'NOT_FOUND' } }, answered);
    expect(await new OmsClient({ url: server.url, token: signIn }).instruments()).toEqual([]);
    expect(server.seen[1]?.authorization).toBeUndefined();
  });

  it.each([
    [
      401,
      { error: 'invalid_client', error_description: 'client authentication failed' },
      'client authentication failed',
    ],
    [429, { error: 'slow_down' }, 'slow_down'],
    [502, '<html>', 'status 502'],
    [200, { access_token: 7 }, 'status 200'],
  ])('that fails with %d says so', async (status, body, part) => {
    server.answers.push({ status, body });
    await expect(signIn.token()).rejects.toMatchObject({
      code: 'SIGN_IN_FAILED',
      detail: expect.stringContaining(part),
    });
  });
});

describe('a request', () => {
  it('that is refused with 401 is sent again, once, with another token', async () => {
    const client = new OmsClient({ url: server.url, token: signIn, backOff: recordedBackOff() });
    server.answers.push(granted('one'), refused, granted('two'), answered);
    expect(await client.instruments()).toEqual([]);
    expect(server.seen.map(({ authorization }) => authorization).filter((one) => one?.startsWith('Bearer'))).toEqual([
      'Bearer one',
      'Bearer two',
    ]);
    server.answers.push(refused, granted('three'), refused);
    await expect(client.instruments()).rejects.toMatchObject({ status: 401 });
    expect(server.seen).toHaveLength(7);
  });

  it('with a fixed token is not', async () => {
    server.answers.push(refused);
    await expect(new OmsClient({ url: server.url, token: 'x' }).instruments()).rejects.toMatchObject({ status: 401 });
    expect(server.seen).toHaveLength(1);
  });
});

describe('a stream', () => {
  it('asks for another token when the first message is refused', async () => {
    server.answers.push(granted('one'), granted('two'));
    server.onRequest = ({ id, params }, socket) => {
      const answer =
        params.token === 'two' ? { id, result: {} } : { id, error: { code: 'UNAUTHENTICATED', message: 'no' } };
      socket.send(JSON.stringify(answer));
    };
    const stream = new OmsStream({ url: server.url, token: signIn, backOff: recordedBackOff() });
    await until(() => stream.state === 'CONNECTED');
    stream.close();
    expect(server.socketRequests.map(({ params }) => params.token)).toEqual(['one', 'two']);
  });

  it('asks for another token when the handshake is refused', async () => {
    server.answers.push(granted('one'), granted('two'));
    server.onUpgrade = (authorization) => authorization === 'Bearer two';
    const stream = new OmsStream({
      url: server.url,
      token: signIn,
      openSocket: openNodeSocket,
      backOff: recordedBackOff(),
    });
    await until(() => stream.state === 'CONNECTED');
    stream.close();
    expect(server.upgradeTokens).toEqual(['Bearer two']);
  });
});
