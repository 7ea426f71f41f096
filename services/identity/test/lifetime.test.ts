/** What lasts and what ends: files and their modes, restarts, revocation, rotation of keys, changes by hand. */
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { createLocalJWKSet, type JWK, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { changePassword, rotateKeys } from '../src/administration.ts';
import {
  authorization,
  Browser,
  basic,
  claimsOf,
  follow,
  getJson,
  headerOf,
  type IssuerUnderTest,
  newDirectory,
  postForm,
  readText,
  redeem,
  refresh,
  signInProgram,
  signInUser,
  startIssuer,
  tokensOf,
} from './issuerUnderTest.ts';

const FILES = ['identity.json', 'identity-keys.json', 'identity.sqlite', 'local-credentials.json'];

async function isGood(issuer: IssuerUnderTest, token: unknown): Promise<boolean> {
  const { keys } = await getJson(`${issuer.url}/.well-known/jwks.json`);
  const keySet = createLocalJWKSet({ keys: keys as JWK[] });
  return jwtVerify(String(token), keySet).then(
    () => true,
    () => false,
  );
}

describe('the files', () => {
  it('are made at the first start, for the owner only, with no secret readable in them', async () => {
    const issuer = await startIssuer();
    await tokensOf(issuer, 'trader');
    for (const file of readdirSync(issuer.directory)) {
      expect([file, (statSync(path.join(issuer.directory, file)).mode & 0o777).toString(8)]).toEqual([file, '600']);
    }
    expect(readdirSync(issuer.directory)).toEqual(expect.arrayContaining(FILES));
    const identity = readText(issuer, 'identity.json');
    for (const secret of [...issuer.passwords.values(), issuer.program('admin').clientSecret]) {
      expect(identity).not.toContain(secret);
    }
    expect([...issuer.passwords.keys()]).toEqual(['viewer', 'trader', 'risk', 'risk2', 'admin']);
    expect(new Set(issuer.passwords.values()).size).toBe(5);
  });

  it('hold no refresh token that could be redeemed', async () => {
    const issuer = await startIssuer();
    const { body } = await tokensOf(issuer, 'trader');
    const kept = readdirSync(issuer.directory).map((file) => readText(issuer, file));
    expect(kept.join('')).not.toContain(String(body.refresh_token));
    expect((await refresh(issuer, body.refresh_token)).status).toBe(200);
  });

  it.each(['identity.json', 'identity-keys.json', 'identity.sqlite'])(
    '%s that others may read refuses to start',
    async (file) => {
      const issuer = await startIssuer();
      await issuer.stop();
      for (const mode of [0o640, 0o604, 0o660]) {
        chmodSync(path.join(issuer.directory, file), mode);
        await expect(startIssuer(issuer.directory)).rejects.toMatchObject({ code: 'IDENTITY_FILE_UNUSABLE' });
      }
    },
  );

  it.each([
    ['no JSON', '{'],
    ['no document', '[]'],
    ['another version', '{"version":2}'],
    ['an unknown role', documentWith({ roles: ['root'] })],
    ['no roles', documentWith({ roles: [] })],
    ['a plain secret', documentWith({ secret: 'hunter2' })],
    ['a strange id', documentWith({ id: '../x' })],
    ['accounts that are none', documentWith({ accounts: [7] })],
    ['an id that is there twice', documentWith({ id: 'OMS-dashboard' })],
  ])('refuse to start with %s, naming it', async (_, text) => {
    const directory = newDirectory();
    writeFileSync(path.join(directory, 'identity.json'), text, { mode: 0o600 });
    await expect(startIssuer(directory)).rejects.toMatchObject({
      code: 'IDENTITY_FILE_UNUSABLE',
      message: expect.stringContaining('identity.json'),
    });
  });

  it('are not looked for at the end of a link', async () => {
    const directory = newDirectory();
    symlinkSync('/etc/hostname', path.join(directory, 'identity.json'));
    await expect(startIssuer(directory)).rejects.toMatchObject({ code: 'IDENTITY_FILE_UNUSABLE' });
  });
});

function documentWith(changed: object): string {
  const secret = 'scrypt$ln=4,r=1,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA';
  const user = { id: 'one', name: 'One', roles: ['viewer'], accounts: '*', secret, ...changed };
  const application = { id: 'oms-dashboard', name: 'Dashboard', redirectUris: ['/'] };
  return JSON.stringify({ version: 1, users: [user], programs: [], applications: [application] });
}

describe('a restart', () => {
  it('keeps who may sign in, who is signed in, what was taken back, and the keys', async () => {
    const first = await startIssuer();
    const browser = new Browser();
    const { body } = await tokensOf(first, 'trader', browser);
    const program = await signInProgram(first, 'trader');
    const { clientId, clientSecret } = first.program('trader');
    const given = { token: String(program.body.access_token) };
    await postForm(`${first.url}/oauth2/revoke`, given, basic(clientId, clientSecret));
    await first.stop();
    const second = await startIssuer(first.directory);
    expect(second.identity.firstSignIn).toBeNull();
    expect(second.identity.isRevoked(String(claimsOf(program.body.access_token).jti))).toBe(true);
    expect(await isGood(second, body.access_token)).toBe(true);
    expect((await refresh(second, body.refresh_token)).status).toBe(200);
    const end = await follow(second, browser, await browser.open(authorization(second, { prompt: 'none' }).url));
    expect(end.searchParams.get('code')).toEqual(expect.any(String));
    expect((await signInProgram(second, 'admin')).status).toBe(200);
  });

  it('forgives no refresh token that was used', async () => {
    const first = await startIssuer();
    const { body } = await tokensOf(first, 'trader');
    await refresh(first, body.refresh_token);
    await first.stop();
    const second = await startIssuer(first.directory);
    expect((await refresh(second, body.refresh_token)).status).toBe(400);
    expect(second.revoked).toHaveLength(2);
  });
});

describe('revocation', () => {
  it('of a refresh token takes back its access token', async () => {
    const issuer = await startIssuer();
    const { body } = await tokensOf(issuer, 'trader');
    const fields = { token: String(body.refresh_token), client_id: 'oms-dashboard' };
    expect((await postForm(`${issuer.url}/oauth2/revoke`, fields)).status).toBe(200);
    expect(issuer.revoked).toEqual([claimsOf(body.access_token).jti]);
    expect((await refresh(issuer, body.refresh_token)).status).toBe(400);
  });

  it('of a signed access token takes back that one', async () => {
    const issuer = await startIssuer();
    const { body } = await tokensOf(issuer, 'trader');
    const fields = { token: String(body.access_token), client_id: 'oms-dashboard' };
    expect(await postForm(`${issuer.url}/oauth2/revoke`, fields)).toMatchObject({ status: 200, body: {} });
    const { jti } = claimsOf(body.access_token);
    expect(issuer.revoked).toEqual([jti]);
    expect(issuer.facts.at(-1)).toMatchObject({ action: 'TOKEN_REVOKED', actor: 'trader', details: { token: jti } });
    expect((await refresh(issuer, body.refresh_token)).status).toBe(200);
  });

  it('is not for the tokens of others, nor for strangers, nor for what is no token', async () => {
    const issuer = await startIssuer();
    const { body } = await signInProgram(issuer, 'admin');
    const token = String(body.access_token);
    const revoke = (fields: Record<string, string>, headers = {}) =>
      postForm(`${issuer.url}/oauth2/revoke`, fields, headers);
    const { clientId, clientSecret } = issuer.program('trader');
    expect((await revoke({ token }, basic(clientId, clientSecret))).status).toBe(200);
    expect((await revoke({ token, client_id: 'oms-dashboard' })).status).toBe(200);
    expect((await revoke({ token })).status).toBe(400);
    expect((await revoke({ token }, basic('oms-admin', 'wrong'))).status).toBe(401);
    const forged = token.replace(/[^.]+$/, 'A'.repeat(86));
    expect((await revoke({ token: forged }, basic('oms-admin', issuer.program('admin').clientSecret))).status).toBe(
      200,
    );
    expect(issuer.revoked).toEqual([]);
  });
});

describe('rotation of keys', () => {
  it('by command: the new key signs, the old one verifies until its last token has expired', async () => {
    const issuer = await startIssuer();
    const old = await signInProgram(issuer, 'trader');
    const keyId = rotateKeys(issuer.directory, issuer.time.now());
    issuer.time.tick();
    const fresh = await signInProgram(issuer, 'trader');
    expect(headerOf(fresh.body.access_token).kid).toBe(keyId);
    expect(headerOf(old.body.access_token).kid).not.toBe(keyId);
    expect(await isGood(issuer, fresh.body.access_token)).toBe(true);
    expect(await isGood(issuer, old.body.access_token)).toBe(true);
    expect(issuer.identity.publicKeys()).toHaveLength(2);
    expect(issuer.facts.filter(({ action }) => action === 'KEYS_ROTATED')).toMatchObject([
      { actor: null, details: { key: keyId, why: 'command' } },
    ]);
    issuer.time.addedMs += 16 * 60_000;
    issuer.time.tick();
    expect(await isGood(issuer, old.body.access_token)).toBe(false);
    expect(await isGood(issuer, fresh.body.access_token)).toBe(true);
    expect(readText(issuer, 'identity-keys.json')).not.toContain(String(headerOf(old.body.access_token).kid));
  });

  it('by age, while it runs and at the start', async () => {
    const issuer = await startIssuer();
    const before = issuer.identity.publicKeys()[0]!.kid;
    issuer.time.addedMs += 31 * 86_400_000;
    issuer.time.tick();
    expect(issuer.identity.publicKeys().map(({ kid }) => kid)).toEqual([expect.any(String), before]);
    expect(issuer.facts.at(-1)).toMatchObject({ action: 'KEYS_ROTATED', details: { why: 'age' } });
    await issuer.stop();
    // Back in time, the key is from the future, and stays.
    const again = await startIssuer(issuer.directory);
    expect(again.identity.publicKeys()).toEqual(issuer.identity.publicKeys());
  });

  it('keeps people signed in', async () => {
    const issuer = await startIssuer();
    const browser = new Browser();
    const { body } = await tokensOf(issuer, 'trader', browser);
    rotateKeys(issuer.directory, issuer.time.now());
    issuer.time.tick();
    expect((await refresh(issuer, body.refresh_token)).status).toBe(200);
    const begun = authorization(issuer, { prompt: 'none' });
    const end = await follow(issuer, browser, await browser.open(begun.url));
    expect((await redeem(issuer, begun, end.searchParams.get('code')!)).status).toBe(200);
  });
});

describe('a change of identity.json', () => {
  const change = (issuer: IssuerUnderTest, edit: (text: string) => string): void => {
    const file = path.join(issuer.directory, 'identity.json');
    writeFileSync(file, edit(readFileSync(file, 'utf8')));
    issuer.time.tick();
  };

  it('counts without a restart: a new password', async () => {
    const issuer = await startIssuer();
    const password = await changePassword(issuer.directory, 'trader');
    issuer.time.tick();
    await expect(signInUser(issuer, 'trader', issuer.passwords.get('trader')!)).rejects.toThrow('401');
    expect((await signInUser(issuer, 'trader', password)).searchParams.get('code')).toEqual(expect.any(String));
    await expect(changePassword(issuer.directory, 'nobody')).rejects.toThrow('viewer, trader, risk');
  });

  it('counts for those who are signed in: a role taken away, a user removed', async () => {
    const issuer = await startIssuer();
    const { body } = await tokensOf(issuer, 'admin');
    change(issuer, (text) => text.replace(/(Administrator",\s+"roles": \[\s+)"admin"/, '$1"viewer"'));
    const second = await refresh(issuer, body.refresh_token);
    expect(claimsOf(second.body.access_token).roles).toEqual(['viewer']);
    change(issuer, (text) => text.replace('"id": "admin"', '"id": "somebody"'));
    expect((await refresh(issuer, second.body.refresh_token)).status).toBe(400);
  });

  it('that cannot be used changes nothing, and is told once', async () => {
    const issuer = await startIssuer();
    change(issuer, (text) => text.slice(1));
    issuer.time.tick();
    expect(issuer.faults).toMatchObject([{ code: 'IDENTITY_FILE_UNUSABLE' }]);
    expect((await signInProgram(issuer, 'trader')).status).toBe(200);
  });
});
