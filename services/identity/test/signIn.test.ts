/** The sign-in page over HTTP: what it shows, what it takes from whom, and how it slows down guessing. */
import { request } from 'node:http';
import { describe, expect, it } from 'vitest';
import {
  authorization,
  Browser,
  basic,
  follow,
  type IssuerUnderTest,
  openSignIn,
  postForm,
  signInUser,
  startIssuer,
} from './issuerUnderTest.ts';

async function begin(issuer: IssuerUnderTest) {
  const browser = new Browser();
  const begun = authorization(issuer);
  return { browser, begun, ...(await openSignIn(issuer, browser, begun.url)) };
}

describe('the page', () => {
  it('is a form without script, that nobody can frame, keep or send elsewhere', async () => {
    const issuer = await startIssuer();
    const { response, html } = await begin(issuer);
    expect(response.status).toBe(200);
    const policy = response.headers.get('content-security-policy')!;
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^style-src 'sha256-[A-Za-z0-9+/=]{44}'$/),
      `form-action 'self' ${issuer.url}`,
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(html).not.toMatch(/<script|javascript:|\son\w+=/i);
    expect(html).toContain('<html lang="en">');
    expect(html).toContain('crypto-oms dashboard');
  });

  it('shows what was typed before, harmlessly, and says what was wrong to those who do not see', async () => {
    const issuer = await startIssuer();
    const { browser, page, formToken } = await begin(issuer);
    const again = await browser.post(page, { formToken, userName: '"><script>alert(1)</script>', password: 'x' });
    expect(again.status).toBe(401);
    const html = await again.text();
    expect(html).toContain('value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"');
    expect(html).toContain('role="alert"');
    expect(html).not.toContain('<script>');
  });

  it('sets cookies that no script reads and no other site sends', async () => {
    const issuer = await startIssuer();
    const begun = await fetch(authorization(issuer).url, { redirect: 'manual' });
    const cookies = begun.headers.getSetCookie();
    expect(cookies.length).toBeGreaterThan(0);
    for (const cookie of cookies) expect(cookie.toLowerCase()).toMatch(/; samesite=lax; httponly/);
  });
});

describe('a form', () => {
  it('signs the user in, whatever the case of the name', async () => {
    const issuer = await startIssuer();
    const { browser, page, formToken } = await begin(issuer);
    const password = issuer.passwords.get('trader')!;
    const end = await follow(issuer, browser, await browser.post(page, { formToken, userName: 'Trader', password }));
    expect(end.searchParams.get('code')).toEqual(expect.any(String));
    expect(issuer.facts).toEqual([
      {
        action: 'SIGN_IN',
        actor: 'trader',
        address: '127.0.0.1',
        outcome: 'ALLOWED',
        details: { client: 'oms-dashboard', how: 'password' },
      },
    ]);
  });

  it.each([
    ['the wrong password', 'trader', 'wrong', 'trader'],
    ["another's password", 'viewer', null, 'viewer'],
    ['an unknown user', 'nobody', 'wrong', null],
    ["a program's name", 'oms-trader', 'wrong', null],
    ['nothing', '', '', null],
  ])('with %s says no more than that it does not match', async (_, userName, given, actor) => {
    const issuer = await startIssuer();
    const { browser, page, formToken } = await begin(issuer);
    const password = given ?? issuer.passwords.get('trader')!;
    const response = await browser.post(page, { formToken, userName, password });
    expect(response.status).toBe(401);
    expect(await response.text()).toContain('User and password do not match.');
    expect(issuer.facts).toMatchObject([{ action: 'SIGN_IN', actor, outcome: 'REFUSED' }]);
    expect(JSON.stringify(issuer.facts)).not.toContain(`"${password || 'x'}"`);
  });

  it('counts only from the browser that began, with our token, from our page', async () => {
    const issuer = await startIssuer();
    const { browser, page, formToken } = await begin(issuer);
    const password = issuer.passwords.get('trader')!;
    const fields = { formToken, userName: 'trader', password };
    const other = await begin(issuer);
    const refused = [
      await new Browser().post(page, fields),
      await other.browser.post(page, fields),
      await browser.post(page, { ...fields, formToken: '' }),
      await browser.post(page, { ...fields, formToken: other.formToken }),
      await browser.post(page, fields, { origin: 'https://attacker.test' }),
      await browser.post(page, fields, { origin: 'null' }),
      await browser.post(page, fields, { 'sec-fetch-site': 'cross-site' }),
      await browser.post(page, fields, { 'sec-fetch-site': 'same-site' }),
      await browser.post(page, { ...fields, padding: 'x'.repeat(5_000) }),
      await browser.open(page, { method: 'POST', body: JSON.stringify(fields) }),
      await browser.open(page, { method: 'PUT', body: '' }),
    ];
    expect(refused.map(({ status }) => status)).toEqual([400, 400, 400, 400, 403, 403, 403, 403, 400, 400, 405]);
    expect(issuer.facts).toEqual([]);
    expect((await browser.post(page, fields)).status).toBe(303);
  });

  it('counts only for the sign-in that its cookie is of', async () => {
    const issuer = await startIssuer();
    const browser = new Browser(false);
    const first = await openSignIn(issuer, browser, authorization(issuer).url);
    const second = await openSignIn(issuer, browser, authorization(issuer).url);
    const fields = { userName: 'trader', password: issuer.passwords.get('trader')! };
    for (const { formToken } of [first, second]) {
      expect((await browser.post(first.page, { ...fields, formToken })).status).toBe(400);
    }
    expect((await browser.post(second.page, { ...fields, formToken: second.formToken })).status).toBe(303);
  });

  it('is taken once', async () => {
    const issuer = await startIssuer();
    const { browser, page, formToken } = await begin(issuer);
    const fields = { formToken, userName: 'trader', password: issuer.passwords.get('trader')! };
    await follow(issuer, browser, await browser.post(page, fields));
    expect((await browser.post(page, fields)).status).toBe(400);
  });
});

describe('guessing', () => {
  it('has to wait after a few attempts, also many at once, and the right password too', async () => {
    const issuer = await startIssuer();
    const { browser, page, formToken } = await begin(issuer);
    const guess = (password: string) => browser.post(page, { formToken, userName: 'admin', password });
    const statuses = await Promise.all(Array.from({ length: 12 }, async (_, i) => (await guess(`guess ${i}`)).status));
    expect(statuses.toSorted()).toEqual([...Array(5).fill(401), ...Array(7).fill(429)]);
    const slowed = await guess(issuer.passwords.get('admin')!);
    expect(slowed.status).toBe(429);
    expect(slowed.headers.get('retry-after')).toBe('1');
    expect(await slowed.text()).toContain('Try again in 1 second.');
    issuer.time.addedMs += 1_500;
    expect((await guess(issuer.passwords.get('admin')!)).status).toBe(303);
  });

  it('of one user leaves the others alone', async () => {
    const issuer = await startIssuer();
    const { browser, page, formToken } = await begin(issuer);
    for (let i = 0; i < 6; i++) await browser.post(page, { formToken, userName: 'admin', password: 'x' });
    const fields = { formToken, userName: 'trader', password: issuer.passwords.get('trader')! };
    expect((await browser.post(page, fields)).status).toBe(303);
  });

  it('of many users from one address has to wait as well', async () => {
    const issuer = await startIssuer();
    const { browser, page, formToken } = await begin(issuer);
    const statuses: number[] = [];
    for (let i = 0; i < 31; i++) {
      statuses.push((await browser.post(page, { formToken, userName: `user${i}`, password: 'x' })).status);
    }
    expect(statuses.indexOf(429)).toBe(30);
  });
});

describe('a session', () => {
  it('spares the password the next time, for the same person', async () => {
    const issuer = await startIssuer();
    const browser = new Browser();
    await signInUser(issuer, 'risk', issuer.passwords.get('risk')!, { browser });
    const next = authorization(issuer);
    const end = await follow(issuer, browser, await browser.open(next.url));
    expect(end.searchParams.get('code')).toEqual(expect.any(String));
    const asked = await browser.open(authorization(issuer, { prompt: 'login' }).url);
    expect(asked.headers.get('location')).toContain('/oauth2/sign-in/');
  });

  it('is not to be had silently by a stranger', async () => {
    const issuer = await startIssuer();
    const response = await new Browser().open(authorization(issuer, { prompt: 'none' }).url);
    expect(response.headers.get('location')).toContain('error=login_required');
  });

  it('stays when the person changes their mind', async () => {
    const issuer = await startIssuer();
    const browser = new Browser();
    await signInUser(issuer, 'risk', issuer.passwords.get('risk')!, { browser });
    const page = await browser.open(`${issuer.url}/oauth2/logout?client_id=oms-dashboard`);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(await page.text()).toContain('href="/">Stay signed in</a>');
    const end = await follow(issuer, browser, await browser.open(authorization(issuer, { prompt: 'none' }).url));
    expect(end.searchParams.get('code')).toEqual(expect.any(String));
  });

  it('is ended by nobody else', async () => {
    const issuer = await startIssuer();
    const browser = new Browser();
    await signInUser(issuer, 'risk', issuer.passwords.get('risk')!, { browser });
    const forged = await browser.post(`${issuer.url}/oauth2/logout/confirm`, { xsrf: 'guess', logout: 'yes' });
    expect(forged.status).toBe(400);
    const end = await follow(issuer, browser, await browser.open(authorization(issuer, { prompt: 'none' }).url));
    expect(end.searchParams.get('code')).toEqual(expect.any(String));
  });
});

describe('the address', () => {
  const statusAt = (issuer: IssuerUnderTest, headers: Record<string, string>): Promise<number> =>
    new Promise((resolve, reject) => {
      const { port } = new URL(issuer.url);
      request({ port, host: '127.0.0.1', path: '/.well-known/openid-configuration', headers }, (response) => {
        response.resume();
        resolve(response.statusCode!);
      })
        .on('error', reject)
        .end();
    });

  it('is one of its names; a foreign one that points here is turned away', async () => {
    const issuer = await startIssuer();
    const { port } = new URL(issuer.url);
    const hosts = [`127.0.0.1:${port}`, `localhost:${port}`, 'attacker.test', `attacker.test:${port}`, 'localhost:1'];
    expect(await Promise.all(hosts.map((host) => statusAt(issuer, { host })))).toEqual([200, 200, 421, 421, 421]);
  });

  it('is not what forwarded headers say', async () => {
    const issuer = await startIssuer();
    const headers = {
      'x-forwarded-host': 'attacker.test',
      'x-forwarded-proto': 'https',
      forwarded: 'host=attacker.test',
    };
    const response = await fetch(`${issuer.url}/.well-known/openid-configuration`, { headers });
    expect(await response.text()).not.toMatch(/attacker|https:/);
    const { clientId, clientSecret } = issuer.program('trader');
    const forged = { ...basic(clientId, clientSecret), 'x-forwarded-for': '10.9.8.7' };
    await postForm(`${issuer.url}/oauth2/token`, { grant_type: 'client_credentials' }, forged);
    expect(issuer.facts).toMatchObject([{ action: 'TOKEN_ISSUED', address: '127.0.0.1' }]);
  });
});
