/** What a good token says, and for how long it is known without being verified again. */
import type { Principal } from '@oms/ports';
import { TokenIssuer } from '@oms/testkit';
import type { JWK } from 'jose';
import { describe, expect, it } from 'vitest';
import { verifierUnderTest } from './verifierUnderTest.ts';

describe('a good token', () => {
  it('says who the caller is', async () => {
    const { issuer, verifier, time } = verifierUnderTest();
    const accounts = ['DEMO-0001', 'DEMO-0002'];
    const token = issuer.sign({}, { name: 'Ada', roles: ['admin', 'viewer'], accounts, jti: 'id-1' });
    expect(await verifier.verify(token)).toEqual({
      subject: 'somebody',
      name: 'Ada',
      roles: ['viewer', 'admin'],
      accounts,
      expiresAt: time.now() + 900_000,
      tokenId: 'id-1',
    });
  });

  it.each<[string, object, Partial<Principal>]>([
    ['all accounts', { accounts: '*' }, { accounts: 'all' }],
    ['no accounts', { accounts: undefined }, { accounts: [] }],
    ['accounts as a text', { accounts: 'A-1, A-2 A-3' }, { accounts: ['A-1', 'A-2', 'A-3'] }],
    ['no name', {}, { name: 'somebody' }],
    ['a name with a line break', { name: 'a\nb' }, { name: 'somebody' }],
    ['several audiences', { aud: ['other', 'urn:crypto-oms:api'] }, { subject: 'somebody' }],
    ['a role twice', { roles: ['trader', 'trader'] }, { roles: ['trader'] }],
    ['no id', { jti: undefined }, { tokenId: expect.stringMatching(/^[\w-]{43}$/) as unknown as string }],
    [
      'an id that is none',
      { jti: 'two words' },
      { tokenId: expect.stringMatching(/^[\w-]{43}$/) as unknown as string },
    ],
  ])('may have %s', async (_, claims, expected) => {
    const { issuer, verifier } = verifierUnderTest();
    expect(await verifier.verify(issuer.sign({}, { ...claims }))).toMatchObject(expected);
  });

  it('may be a few seconds off, as clocks are, and no more', async () => {
    const { issuer, verifier } = verifierUnderTest();
    const at = (ms: number) => issuer.seconds(ms);
    expect(await verifier.verify(issuer.sign({}, { exp: at(-3_000) }))).not.toBeNull();
    expect(await verifier.verify(issuer.sign({}, { exp: at(-6_000) }))).toBeNull();
    expect(await verifier.verify(issuer.sign({}, { iat: at(3_000), nbf: at(3_000) }))).not.toBeNull();
    expect(await verifier.verify(issuer.sign({}, { iat: at(6_000) }))).toBeNull();
    expect(await verifier.verify(issuer.sign({}, { nbf: at(6_000) }))).toBeNull();
  });
});

describe('a token verified before', () => {
  it('is known at once, for a minute', async () => {
    const { issuer, verifier, time } = verifierUnderTest();
    const token = issuer.token();
    expect(verifier.verify(token)).toBeInstanceOf(Promise);
    const principal = await verifier.verify(token);
    expect(verifier.verify(token)).toBe(principal);
    time.jump(59_999);
    expect(verifier.verify(token)).toBe(principal);
    time.jump(1);
    expect(verifier.verify(token)).toBeInstanceOf(Promise);
    expect(await verifier.verify(token)).toEqual(principal);
  });

  it('is never known beyond its expiry', async () => {
    const { issuer, verifier, time } = verifierUnderTest();
    const token = issuer.sign({}, { exp: issuer.seconds(20_000) });
    await verifier.verify(token);
    time.jump(19_999);
    expect(verifier.verify(token)).toMatchObject({ subject: 'somebody' });
    time.jump(6_000);
    expect(await verifier.verify(token)).toBeNull();
  });

  it('is not once it was taken back', async () => {
    const revoked = new Set<string>();
    const { issuer, verifier, refusals } = verifierUnderTest({ isRevoked: (id) => revoked.has(id) });
    const [token, other] = [issuer.sign({}, { jti: 'one' }), issuer.sign({}, { jti: 'other' })];
    await Promise.all([verifier.verify(token), verifier.verify(other)]);
    revoked.add('one');
    verifier.forget('one');
    expect(await verifier.verify(token)).toBeNull();
    expect(refusals).toEqual([{ reason: 'REVOKED', subject: 'somebody' }]);
    expect(verifier.verify(other)).toMatchObject({ tokenId: 'other' });
    expect([verifier.isRevoked('one'), verifier.isRevoked('other')]).toEqual([true, false]);
  });

  it('makes room for newer ones', async () => {
    const { issuer, verifier } = verifierUnderTest({ knownMax: 2 });
    const tokens = [issuer.token(), issuer.token(), issuer.token()];
    for (const token of tokens) await verifier.verify(token);
    expect(tokens.map((token) => verifier.verify(token) instanceof Promise)).toEqual([true, false, false]);
  });

  it('is verified once, however many ask meanwhile', async () => {
    let asked = 0;
    const issuerKeys = verifierUnderTest();
    const { verifier } = verifierUnderTest({
      clock: issuerKeys.time,
      keys: {
        find: () => {
          asked++;
          return issuerKeys.issuer.publicJwk as JWK;
        },
        close: () => {},
      },
    });
    const token = issuerKeys.issuer.token();
    const principals = await Promise.all(Array.from({ length: 50 }, () => verifier.verify(token)));
    expect(new Set(principals).size).toBe(1);
    expect(asked).toBe(1);
  });

  it('counts for nothing after the close, nor does one under way', async () => {
    const { issuer, verifier, refusals } = verifierUnderTest();
    const token = issuer.token();
    await verifier.verify(token);
    const underWay = verifier.verify(issuer.token());
    verifier.close();
    expect(await underWay).toBeNull();
    expect(await verifier.verify(token)).toBeNull();
    expect(refusals.map(({ reason }) => reason)).toEqual(['CLOSED', 'CLOSED']);
  });
});

describe('a rotation of keys', () => {
  it('counts at once: the new key is good, the old one until it is gone', async () => {
    const { issuer, verifier, keys, time, refusals } = verifierUnderTest();
    const next = new TokenIssuer({ clock: time });
    expect(await verifier.verify(next.token())).toBeNull();
    keys.unshift(next.publicJwk as JWK);
    expect(await verifier.verify(next.token())).not.toBeNull();
    expect(await verifier.verify(issuer.token())).not.toBeNull();
    keys.pop();
    expect(await verifier.verify(issuer.token())).toBeNull();
    expect(refusals.map(({ reason }) => reason)).toEqual(['KEY_UNKNOWN', 'KEY_UNKNOWN']);
  });
});

describe('many tokens at once', () => {
  it('are all verified, in turns', async () => {
    const { issuer, verifier } = verifierUnderTest();
    const tokens = Array.from({ length: 100 }, () => issuer.token());
    const principals = await Promise.all(tokens.map((token) => verifier.verify(token)));
    expect(principals.every((principal) => principal !== null)).toBe(true);
    expect(new Set(principals.map((principal) => principal?.tokenId)).size).toBe(100);
  });
});
