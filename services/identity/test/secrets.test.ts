/** Secrets and their hashes, and the throttle as a model of its own. */

import { ManualTime } from '@oms/testkit';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AttemptThrottle } from '../src/attemptThrottle.ts';
import { HASH_COSTS, hashSecret, isSecretHash, newPassword, SecretChecker } from '../src/secrets.ts';

const CHEAP = { costLog2: 4, blockSize: 1, parallel: 1 } as const;

describe('a hash', () => {
  it('is of its secret and of no other, with a salt of its own', async () => {
    const checker = new SecretChecker();
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.string(), async (secret, other) => {
        const hash = await hashSecret(secret, CHEAP);
        expect(isSecretHash(hash)).toBe(true);
        expect(await hashSecret(secret, CHEAP)).not.toBe(hash);
        expect(await checker.check(secret, hash)).toBe(true);
        expect(await checker.check(other, hash)).toBe(other.normalize('NFKC') === secret.normalize('NFKC'));
      }),
      { numRuns: 50 },
    );
  });

  it('says what it cost', async () => {
    expect(await hashSecret('x', HASH_COSTS.password)).toMatch(/^scrypt\$ln=15,r=8,p=1\$/);
    expect(await new SecretChecker().check('x', await hashSecret('x', HASH_COSTS.clientSecret))).toBe(true);
  });

  it.each([
    null,
    '',
    'x',
    'scrypt$ln=99,r=8,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
    'scrypt$ln=4,r=0,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  ])('that is none (%j) matches nothing', async (stored) => {
    expect(await new SecretChecker(CHEAP).check('', stored)).toBe(false);
    if (stored !== null) expect(isSecretHash(stored)).toBe(false);
  });

  it('of a password stands for a hundred bits that can be typed', () => {
    const passwords = Array.from({ length: 200 }, newPassword);
    for (const password of passwords) expect(password).toMatch(/^([a-km-np-z2-9]{5}-){3}[a-km-np-z2-9]{5}$/);
    expect(new Set(passwords).size).toBe(200);
  });
});

describe('the throttle', () => {
  it('lets the free attempts through, then asks for twice as long each time, up to a minute', () => {
    const time = new ManualTime();
    const throttle = new AttemptThrottle(time);
    const keys = [{ key: 'a', free: 2 }];
    expect([throttle.begin(keys), throttle.begin(keys)]).toEqual([0, 0]);
    const waits: number[] = [];
    for (let i = 0; i < 8; i++) {
      waits.push(throttle.begin(keys));
      time.jump(waits.at(-1)!);
      expect(throttle.begin(keys)).toBe(0);
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1000));
  });

  it('counts nothing while it asks to wait, forgets after a success, and after a quarter of an hour', () => {
    const time = new ManualTime();
    const throttle = new AttemptThrottle(time);
    const keys = [{ key: 'a', free: 1 }];
    throttle.begin(keys);
    for (let i = 0; i < 5; i++) expect(throttle.begin(keys)).toBe(1_000);
    throttle.succeeded(keys);
    expect(throttle.begin(keys)).toBe(0);
    expect(throttle.begin(keys)).toBe(1_000);
    time.jump(900_000);
    expect(throttle.begin(keys)).toBe(0);
    expect(throttle.begin(keys)).toBe(1_000);
  });

  it('keeps apart what is counted apart, and asks for the longest wait of all', () => {
    const throttle = new AttemptThrottle(new ManualTime());
    const pair = { key: 'pair', free: 1 };
    const address = { key: 'address', free: 3 };
    expect(throttle.begin([pair, address])).toBe(0);
    expect(throttle.begin([pair, address])).toBe(1_000);
    expect(throttle.begin([address])).toBe(0);
    expect(throttle.begin([{ key: 'other', free: 1 }, address])).toBe(0);
    expect(throttle.begin([{ key: 'third', free: 1 }, address])).toBe(1_000);
  });
});
