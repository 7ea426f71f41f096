/** The token endpoint over HTTP: every grant, and every way to get one wrong. */
import { describe, expect, it } from 'vitest';
import {
  authorization,
  Browser,
  basic,
  challengeOf,
  claimsOf,
  getJson,
  headerOf,
  newVerifier,
  postForm,
  redeem,
  refresh,
  signInProgram,
  signInUser,
  startIssuer,
  tokensOf,
} from './issuerUnderTest.ts';

describe('discovery', () => {
  it('names the endpoints and publishes the public halves of the keys', async () => {
    const issuer = await startIssuer();
    const found = await getJson(`${issuer.url}/.well-known/openid-configuration`);
    expect(found).toMatchObject({
      issuer: issuer.url,
      authorization_endpoint: `${issuer.url}/oauth2/authorize`,
      token_endpoint: `${issuer.url}/oauth2/token`,
      revocation_endpoint: `${issuer.url}/oauth2/revoke`,
      end_session_endpoint: `${issuer.url}/oauth2/logout`,
      jwks_uri: `${issuer.url}/.well-known/jwks.json`,
      code_challenge_methods_supported: ['S256'],
      response_types_supported: ['code'],
    });
    expect((found.grant_types_supported as string[]).toSorted()).toEqual([
      'authorization_code',
      'client_credentials',
      'refresh_token',
    ]);
    const { keys } = await getJson(String(found.jwks_uri));
    expect(keys).toEqual([
      {
        kty: 'EC',
        crv: 'P-256',
        alg: 'ES256',
        use: 'sig',
        kid: expect.any(String),
        x: expect.any(String),
        y: expect.any(String),
      },
    ]);
  });
});

describe('client_credentials', () => {
  it.each([
    ['viewer', '*'],
    ['trader', ['DEMO-0001', 'DEMO-0002']],
    ['risk-manager', '*'],
    ['admin', '*'],
  ])('gives the program of %s a token of 15 minutes', async (role, accounts) => {
    const issuer = await startIssuer();
    const { status, body, headers } = await signInProgram(issuer, role);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({ access_token: expect.any(String), expires_in: 900, token_type: 'Bearer' });
    expect(headerOf(body.access_token)).toEqual({ alg: 'ES256', typ: 'at+jwt', kid: expect.any(String) });
    const claims = claimsOf(body.access_token);
    expect(claims).toMatchObject({
      iss: issuer.url,
      aud: 'urn:crypto-oms:api',
      sub: `oms-${role}`,
      roles: [role],
      accounts,
    });
    expect(Number(claims.exp) - Number(claims.iat)).toBe(900);
    expect(issuer.facts).toEqual([
      {
        action: 'TOKEN_ISSUED',
        actor: `oms-${role}`,
        address: '127.0.0.1',
        outcome: 'ALLOWED',
        details: { grant: 'client_credentials', token: claims.jti },
      },
    ]);
  });

  it('refuses a wrong secret, an unknown client, a secret in the address, and another audience', async () => {
    const issuer = await startIssuer();
    const { clientId, clientSecret } = issuer.program('trader');
    const token = `${issuer.url}/oauth2/token`;
    const grant = { grant_type: 'client_credentials' };
    expect(await postForm(token, grant, basic(clientId, `${clientSecret}x`))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(await postForm(token, grant, basic('nobody', clientSecret))).toMatchObject({
      status: 401,
      body: { error: 'invalid_client' },
    });
    expect(await postForm(token, grant)).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
    expect(await postForm(`${token}?client_id=${clientId}&client_secret=${clientSecret}`, grant)).toMatchObject({
      status: 400,
    });
    expect(await signInProgram(issuer, 'trader', { resource: 'urn:somebody:else' })).toMatchObject({
      status: 400,
      body: { error: 'invalid_target' },
    });
    expect(issuer.facts.map(({ outcome }) => outcome)).toEqual(Array(5).fill('REFUSED'));
    expect(issuer.facts[0]).toMatchObject({ actor: clientId, details: { reason: 'invalid secret provided' } });
    expect(JSON.stringify(issuer.facts)).not.toContain(clientSecret);
  });

  it('refuses the grants of others', async () => {
    const issuer = await startIssuer();
    const { clientId, clientSecret } = issuer.program('trader');
    for (const grantType of [
      'password',
      'authorization_code',
      'refresh_token',
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
    ]) {
      const fields = {
        grant_type: grantType,
        username: 'admin',
        password: 'x',
        code: 'x',
        refresh_token: 'x',
        redirect_uri: 'x',
      };
      expect((await postForm(`${issuer.url}/oauth2/token`, fields, basic(clientId, clientSecret))).status).toBe(400);
    }
    expect(
      await postForm(`${issuer.url}/oauth2/token`, { grant_type: 'client_credentials', client_id: 'oms-dashboard' }),
    ).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
  });

  it('makes guessing a secret slow, also with many at once', async () => {
    const issuer = await startIssuer();
    const { clientId } = issuer.program('admin');
    const guesses = Array.from({ length: 30 }, (_, i) =>
      postForm(`${issuer.url}/oauth2/token`, { grant_type: 'client_credentials' }, basic(clientId, `guess ${i}`)),
    );
    const answers = await Promise.all(guesses);
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(10);
    const slowed = answers.filter(({ body }) => body.error === 'slow_down');
    expect(slowed).toHaveLength(20);
    expect(slowed[0]!.status).toBe(429);
    expect(Number(slowed[0]!.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect((await signInProgram(issuer, 'trader')).status).toBe(200);
    issuer.time.addedMs += 1_500;
    expect((await signInProgram(issuer, 'admin')).status).toBe(200);
  });
});

describe('authorization_code', () => {
  it('gives a person who signed in through the page a token, an id token and a refresh token', async () => {
    const issuer = await startIssuer();
    const begun = authorization(issuer);
    const end = await signInUser(issuer, 'trader', issuer.passwords.get('trader')!, { begun });
    expect(end.href.split('?')[0]).toBe(begun.redirectUri);
    expect(end.searchParams.get('state')).toBe('the state');
    expect(end.searchParams.get('iss')).toBe(issuer.url);
    const { status, body } = await redeem(issuer, begun, end.searchParams.get('code')!);
    expect(status).toBe(200);
    expect(claimsOf(body.access_token)).toMatchObject({
      sub: 'trader',
      name: 'Trader',
      roles: ['trader'],
      accounts: ['DEMO-0001', 'DEMO-0002'],
    });
    expect(headerOf(body.id_token)).toEqual({ alg: 'ES256', kid: expect.any(String) });
    expect(claimsOf(body.id_token)).toMatchObject({
      sub: 'trader',
      name: 'Trader',
      nonce: 'the nonce',
      aud: 'oms-dashboard',
    });
    expect(body.refresh_token).toEqual(expect.stringMatching(/^[\w-]{43}$/));
    expect(issuer.facts.map(({ action, actor, outcome }) => [action, actor, outcome])).toEqual([
      ['SIGN_IN', 'trader', 'ALLOWED'],
      ['TOKEN_ISSUED', 'trader', 'ALLOWED'],
    ]);
  });

  it.each([
    ['no PKCE', { code_challenge: undefined, code_challenge_method: undefined }],
    ['plain PKCE', { code_challenge_method: 'plain' }],
    ['an implicit grant', { response_type: 'token' }],
    ['an id token from the front', { response_type: 'id_token' }],
    ['an unknown scope server', { resource: 'urn:somebody:else' }],
  ])('refuses %s', async (_, changed) => {
    const issuer = await startIssuer();
    const response = await new Browser().open(authorization(issuer, changed).url);
    const location = response.headers.get('location') ?? '';
    expect(location).toContain('error=');
    expect(location).not.toContain('/oauth2/sign-in');
  });

  it.each([
    ['another place to come back to', { redirect_uri: 'https://attacker.test/' }],
    ['a place below a registered one', { redirect_uri: 'http://127.0.0.1/dashboard/../x' }],
    ['no place to come back to', { redirect_uri: undefined }],
    ['an unknown application', { client_id: 'nobody' }],
    ['a program', { client_id: 'oms-trader' }],
  ])('sends nobody anywhere with %s', async (_, changed) => {
    const issuer = await startIssuer();
    const response = await new Browser().open(authorization(issuer, changed).url);
    expect(response.status).toBe(400);
    expect(response.headers.get('location')).toBeNull();
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('redeems a code once, with its verifier, by its application, for its address', async () => {
    const issuer = await startIssuer();
    const attempt = async (changed: (code: string) => Record<string, string>) => {
      const begun = authorization(issuer);
      const end = await signInUser(issuer, 'viewer', issuer.passwords.get('viewer')!, { begun });
      const code = end.searchParams.get('code')!;
      return redeem(issuer, begun, code, changed(code));
    };
    expect((await attempt(() => ({ code_verifier: newVerifier() }))).body.error).toBe('invalid_grant');
    expect((await attempt(() => ({ code_verifier: '' }))).body.error).toBe('invalid_grant');
    expect((await attempt(() => ({ redirect_uri: `${issuer.url}/` }))).body.error).toBe('invalid_grant');
    expect((await attempt((code) => ({ code: `${code}x` }))).body.error).toBe('invalid_grant');
    const verifier = newVerifier();
    expect((await attempt(() => ({ code_verifier: challengeOf(verifier) }))).body.error).toBe('invalid_grant');
    expect((await attempt(() => ({}))).status).toBe(200);
  });

  it('takes back everything when a code is used twice', async () => {
    const issuer = await startIssuer();
    const begun = authorization(issuer);
    const end = await signInUser(issuer, 'risk', issuer.passwords.get('risk')!, { begun });
    const code = end.searchParams.get('code')!;
    const first = await redeem(issuer, begun, code);
    expect(await redeem(issuer, begun, code)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect(issuer.revoked).toEqual([claimsOf(first.body.access_token).jti]);
    expect(await refresh(issuer, first.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(issuer.facts.map(({ action }) => action)).toContain('TOKEN_REVOKED');
  });
});

describe('pages of other origins', () => {
  it('may ask for tokens only where the application lives', async () => {
    const issuer = await startIssuer();
    const ask = (origin: string) =>
      postForm(
        `${issuer.url}/oauth2/token`,
        { grant_type: 'refresh_token', client_id: 'oms-dashboard', refresh_token: 'x' },
        { origin },
      );
    const own = await ask(issuer.url);
    expect(own.headers.get('access-control-allow-origin')).toBe(issuer.url);
    expect(own.headers.get('access-control-allow-credentials')).toBeNull();
    for (const origin of ['https://attacker.test', 'null', 'http://127.0.0.1:1']) {
      const answer = await ask(origin);
      expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    }
  });
});

describe('refresh_token', () => {
  it('gives a new pair each time, and the old one is worth nothing', async () => {
    const issuer = await startIssuer();
    const first = await tokensOf(issuer, 'trader');
    const second = await refresh(issuer, first.body.refresh_token);
    expect(second).toMatchObject({ status: 200, body: { expires_in: 900 } });
    expect(claimsOf(second.body.access_token)).toMatchObject({ sub: 'trader', roles: ['trader'] });
    const third = await refresh(issuer, second.body.refresh_token);
    expect(third.status).toBe(200);
    expect(new Set([first, second, third].map(({ body }) => body.refresh_token)).size).toBe(3);
  });

  it('takes back the whole family when one is used twice', async () => {
    const issuer = await startIssuer();
    const first = await tokensOf(issuer, 'trader');
    const second = await refresh(issuer, first.body.refresh_token);
    expect(await refresh(issuer, first.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    expect(await refresh(issuer, second.body.refresh_token)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant' },
    });
    const ids = [first, second].map(({ body }) => String(claimsOf(body.access_token).jti));
    expect(issuer.revoked.toSorted()).toEqual(ids.toSorted());
    expect(ids.every((id) => issuer.identity.isRevoked(id))).toBe(true);
  });

  it('ends with the session', async () => {
    const issuer = await startIssuer();
    const browser = new Browser();
    const { body } = await tokensOf(issuer, 'trader', browser);
    const asked = await (await browser.open(`${issuer.url}/oauth2/logout?client_id=oms-dashboard`)).text();
    expect(asked).toContain('Sign out?');
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(asked)![1]!;
    const done = await browser.post(`${issuer.url}/oauth2/logout/confirm`, { xsrf, logout: 'yes' });
    expect(done.status).toBe(303);
    expect((await refresh(issuer, body.refresh_token)).status).toBe(400);
    expect(issuer.revoked).toEqual([claimsOf(body.access_token).jti]);
    expect(issuer.facts.find(({ action }) => action === 'SIGN_OUT')).toMatchObject({ actor: 'trader' });
  });
});
