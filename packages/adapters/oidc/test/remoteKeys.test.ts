/** Outside issuers over real HTTP: their keys, their failures, and the tokens of Amazon Cognito and of older ones. */
import { ManualTime, TokenIssuer } from '@oms/testkit';
import { afterEach, describe, expect, it } from 'vitest';
import type { TokenRefusal } from '../src/refusals.ts';
import { RemoteKeys, type RemoteKeysOptions } from '../src/remoteKeys.ts';
import type { TokenRules } from '../src/tokenRules.ts';
import { OidcTokenVerifier } from '../src/tokenVerifier.ts';
import { type OutsideIssuer, startOutsideIssuer } from './outsideIssuer.ts';
import { embeddedRules } from './verifierUnderTest.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function outside(
  rules: Partial<TokenRules> = {},
  options: Partial<RemoteKeysOptions> & { readonly path?: string } = {},
) {
  const time = new ManualTime();
  const issuer = await startOutsideIssuer({ clock: time }, options.path);
  const failures: string[] = [];
  const refusals: TokenRefusal[] = [];
  const onFailure = (error: Error) => failures.push(error.message);
  const keys = new RemoteKeys({ issuer: issuer.url, clock: time, onFailure, ...options });
  const verifier = new OidcTokenVerifier({
    keys,
    clock: time,
    rules: { ...embeddedRules(issuer.tokens), ...rules },
    onRefused: (reason) => refusals.push(reason),
  });
  cleanUps.push(issuer.close, () => verifier.close());
  return { time, issuer, verifier, failures, refusals };
}

const rotate = (issuer: OutsideIssuer, time: ManualTime): TokenIssuer => {
  const next = new TokenIssuer({ clock: time, issuer: issuer.url });
  issuer.keys = [{ ...next.publicJwk }];
  return next;
};

describe('the keys of an outside issuer', () => {
  it('are found by discovery, once for many tokens', async () => {
    const { issuer, verifier } = await outside();
    const tokens = Array.from({ length: 20 }, () => issuer.tokens.token());
    const principals = await Promise.all(tokens.map((token) => verifier.verify(token)));
    expect(principals.every((principal) => principal?.subject === 'somebody')).toBe(true);
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('are asked for again when a token names one that is new, but not for every such token', async () => {
    const { issuer, verifier, time } = await outside();
    await verifier.verify(issuer.tokens.token());
    const next = rotate(issuer, time);
    expect(await verifier.verify(next.token())).toBeNull();
    time.jump(30_000);
    expect(await verifier.verify(next.token())).not.toBeNull();
    const asked = issuer.requests.length;
    for (let i = 0; i < 200; i++) {
      expect(await verifier.verify(issuer.tokens.sign({ kid: `unknown ${i}` }))).toBeNull();
    }
    expect(issuer.requests.length).toBe(asked);
  });

  it('are renewed behind the requests, so that one taken back is gone after ten minutes', async () => {
    const { issuer, verifier, time } = await outside({}, { cooldownMs: 1_000 });
    await verifier.verify(issuer.tokens.token());
    rotate(issuer, time);
    time.jump(600_000);
    expect(await verifier.verify(issuer.tokens.token())).not.toBeNull();
    await expect.poll(() => issuer.requests.length).toBe(4);
    await expect.poll(() => verifier.verify(issuer.tokens.token())).toBeNull();
  });

  it('serve while the issuer is down, for an hour, and again once it is back', async () => {
    const { issuer, verifier, time, failures, refusals } = await outside();
    await verifier.verify(issuer.tokens.token());
    issuer.status = 503;
    time.jump(3_599_000);
    expect(await verifier.verify(issuer.tokens.token())).not.toBeNull();
    await expect.poll(() => failures.length).toBe(1);
    expect(failures[0]).toContain('answered 503');
    time.jump(6_000);
    expect(await verifier.verify(issuer.tokens.token())).toBeNull();
    expect(refusals).toEqual(['KEYS_UNAVAILABLE']);
    issuer.status = 200;
    time.jump(5_000);
    expect(await verifier.verify(issuer.tokens.token())).not.toBeNull();
  });

  it('are waited for by all at the start, and asked for sparingly while they cannot be had', async () => {
    const { issuer, verifier, time, failures } = await outside();
    issuer.status = 500;
    for (let i = 0; i < 50; i++) expect(await verifier.verify(issuer.tokens.token())).toBeNull();
    expect(failures).toHaveLength(1);
    time.jump(5_000);
    issuer.status = 200;
    expect(await verifier.verify(issuer.tokens.token())).not.toBeNull();
  });

  it.each<[string, (issuer: OutsideIssuer) => unknown]>([
    [
      'a discovery document of another issuer',
      (one) => (one.discovery = { issuer: 'https://x', jwks_uri: `${one.url}/keys` }),
    ],
    ['no discovery document', (one) => (one.discovery = {})],
    [
      'a key set over an open line',
      (one) => (one.discovery = { issuer: one.url, jwks_uri: 'http://example.test/keys' }),
    ],
    ['a key set in a file', (one) => (one.discovery = { issuer: one.url, jwks_uri: 'file:///etc/passwd' })],
    ['a redirect', (one) => (one.moved = true)],
    ['a key set that is none', (one) => (one.keySetText = '{"keys":"none"}')],
    ['a key set that is no JSON', (one) => (one.keySetText = '<html>')],
    ['a key set without end', (one) => (one.keySetText = `{"keys":[${' '.repeat(300_000)}]}`)],
  ])('are not taken from %s', async (_, spoil) => {
    const { issuer, verifier, failures, refusals } = await outside();
    spoil(issuer);
    expect(await verifier.verify(issuer.tokens.token())).toBeNull();
    expect(failures).toHaveLength(1);
    expect(refusals).toEqual(['KEYS_UNAVAILABLE']);
  });

  it.each<[string, object]>([
    ['a shared secret', { kty: 'oct', k: 'c2VjcmV0' }],
    ['for encryption', { use: 'enc' }],
    ['for signing only', { key_ops: ['sign'] }],
    ['a private key', { d: 'c2VjcmV0' }],
    ['for another algorithm', { alg: 'ES384' }],
  ])('are passed over when one is %s', async (_, changed) => {
    const { issuer, verifier, refusals } = await outside();
    issuer.keys = issuer.keys.map((key) => ({ ...key, ...changed }));
    expect(await verifier.verify(issuer.tokens.token())).toBeNull();
    expect(refusals).toEqual(['KEY_UNKNOWN']);
  });

  it('are not waited for for ever', async () => {
    const { issuer, verifier, failures } = await outside({}, { timeoutMs: 50 });
    const held = Promise.withResolvers<void>();
    issuer.holding = held.promise;
    expect(await verifier.verify(issuer.tokens.token())).toBeNull();
    expect(failures).toHaveLength(1);
    held.resolve();
  });
});

describe('Amazon Cognito', () => {
  const COGNITO: Partial<TokenRules> = {
    tokenType: 'cognito',
    audiences: ['1example23456789'],
    roleClaim: 'cognito:groups',
    roleMap: new Map([
      ['Traders', 'trader'],
      ['RiskDesk', 'risk-manager'],
    ]),
  };
  /** As a user pool signs them: no typ, no audience. */
  const cognitoToken = ({ tokens }: OutsideIssuer, changed: object = {}): string =>
    tokens.sign(
      { typ: undefined },
      {
        aud: undefined,
        roles: undefined,
        accounts: ['DEMO-0001'],
        sub: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
        'cognito:groups': ['Traders', 'eu-central-1_google'],
        version: 2,
        client_id: '1example23456789',
        origin_jti: 'aaaaaaaa-bbbb-cccc-dddd-ffffffffffff',
        token_use: 'access',
        scope: 'openid profile',
        auth_time: tokens.seconds(-60_000),
        username: 'ada',
        ...changed,
      },
    );
  const path = '/eu-central-1_Example';

  it('signs in by groups, client_id in place of an audience, and token_use', async () => {
    const { issuer, verifier } = await outside(COGNITO, { path });
    expect(await verifier.verify(cognitoToken(issuer))).toMatchObject({
      subject: 'aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee',
      name: 'ada',
      roles: ['trader'],
      accounts: ['DEMO-0001'],
    });
    expect(issuer.requests[0]).toBe(`${path}/.well-known/openid-configuration`);
  });

  it.each<[string, object, TokenRefusal]>([
    ['an id token', { token_use: 'id', aud: '1example23456789' }, 'TYPE'],
    ['a token that does not say what it is for', { token_use: undefined }, 'TYPE'],
    ['a token of another client', { client_id: 'another' }, 'AUDIENCE'],
    ['a token of no client', { client_id: undefined, aud: '1example23456789' }, 'AUDIENCE'],
    ['no group that is mapped', { 'cognito:groups': ['trader', 'admin'] }, 'ROLES'],
    ['no groups', { 'cognito:groups': undefined }, 'ROLES'],
    ['another user pool', { iss: 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Other' }, 'ISSUER'],
  ])('is refused with %s', async (_, changed, reason) => {
    const { issuer, verifier, refusals } = await outside(COGNITO, { path });
    expect(await verifier.verify(cognitoToken(issuer, changed))).toBeNull();
    expect(refusals).toEqual([reason]);
  });
});

describe('an issuer that marks its tokens as plain JWT', () => {
  it('is understood when told so, its id tokens are not', async () => {
    const { issuer, verifier, refusals } = await outside({ tokenType: 'jwt' });
    for (const typ of ['JWT', 'at+jwt', undefined]) {
      expect(await verifier.verify(issuer.tokens.sign({ typ }))).not.toBeNull();
    }
    expect(await verifier.verify(issuer.tokens.sign({ typ: 'JWT' }, { nonce: 'n' }))).toBeNull();
    expect(await verifier.verify(issuer.tokens.sign({ typ: 'logout+jwt' }))).toBeNull();
    expect(refusals).toEqual(['TYPE', 'TYPE']);
  });
});
