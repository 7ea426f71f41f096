/** Every bad token is refused, and remembered by nobody; the good one they are made from is not. */
import { BAD_TOKEN_TEXTS, BAD_TOKENS } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { verifierUnderTest } from './verifierUnderTest.ts';

const { issuer, verifier, refusals } = verifierUnderTest();

describe('a bad token', () => {
  it.each([...BAD_TOKENS, ...BAD_TOKEN_TEXTS])('$name', async ({ build }) => {
    const token = build(issuer);
    expect(await verifier.verify(token)).toBeNull();
    const reason = refusals.at(-1)!.reason;
    expect(await verifier.verify(token)).toBeNull();
    expect(refusals.at(-1)!.reason).toBe(reason);
  });

  it('is one change away from a good one', async () => {
    expect(await verifier.verify(issuer.sign({}))).toMatchObject({ subject: 'somebody', roles: ['trader'] });
  });

  it('is of at least thirty kinds, each named once', () => {
    const names = [...BAD_TOKENS, ...BAD_TOKEN_TEXTS].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.length).toBeGreaterThanOrEqual(30);
  });

  it('is refused for as many reasons as there are', () => {
    expect(new Set(refusals.map(({ reason }) => reason))).toEqual(
      new Set([
        ...['TOO_LONG', 'MALFORMED', 'HEADER', 'ALGORITHM', 'TYPE', 'KEY_UNKNOWN', 'SIGNATURE', 'ISSUER'],
        ...['AUDIENCE', 'EXPIRED', 'NOT_YET', 'CLAIMS', 'ROLES', 'ACCOUNTS'],
      ]),
    );
  });
});
