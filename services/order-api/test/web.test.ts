/** What browsers are told: security headers on every answer, pages without inline script or style, CORS, TLS. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connect, type TLSSocket } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { bearer, signedInApi } from './support/signedIn.ts';

describe('every answer', () => {
  it.each([
    ['a page', '/'],
    ['the API browser', '/docs/api'],
    ['a document', '/openapi.json'],
    ['an answer', '/v1/accounts'],
    ['a refusal for want of a token', '/v1/orders'],
    ['an unknown path', '/nowhere'],
    ['a malformed one', '/%'],
    ['a probe', '/healthz'],
    ['metrics', '/metrics'],
  ])('%s has the security headers and sets no cookie', async (_name, url) => {
    const test = signedInApi();
    const headers = url === '/v1/accounts' ? bearer(test.tokenOf('viewer')) : {};
    const answer = await test.api.app.inject({ url, headers });
    expect(answer.headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    });
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/script-src[^;]*unsafe|\*/);
    expect(answer.headers['permissions-policy']).toContain('camera=()');
    expect(answer.headers['set-cookie']).toBeUndefined();
    expect(answer.headers['strict-transport-security']).toBeUndefined();
    expect(answer.headers['cache-control']).toBe(url.startsWith('/v1/') ? 'no-store' : answer.headers['cache-control']);
  });

  it.each(['/', '/docs/errors', '/docs/api'])('%s has neither inline script nor inline style', async (url) => {
    const { body } = await signedInApi().api.app.inject(url);
    expect(body).not.toMatch(/<style|style="|<script>|<script [^>]*>\s*[^<\s]|onclick|onload/);
    for (const [, file] of body.matchAll(/(?:src|href)="([^"]+\.(?:js|css))"/g)) {
      const at = new URL(file!, `http://a${url === '/docs/api' ? '/docs/api/' : url}`);
      expect((await signedInApi().api.app.inject(at.pathname)).statusCode, at.pathname).toBe(200);
    }
  });

  it('HSTS is told behind a proxy that speaks TLS', async () => {
    const answer = await signedInApi({ behindTls: true }).api.app.inject('/');
    expect(answer.headers['strict-transport-security']).toBe('max-age=31536000');
  });
});

describe('pages of other origins', () => {
  const ORIGIN = 'https://desk.example';
  const preflight = { 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' };

  it('may call the API when they were allowed, without cookies', async () => {
    const test = signedInApi({ allowedOrigins: [ORIGIN] });
    const asked = await test.api.app.inject({
      method: 'OPTIONS',
      url: '/v1/orders',
      headers: { origin: ORIGIN, ...preflight },
    });
    expect(asked.statusCode).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-methods': 'GET, POST, PUT, PATCH, DELETE',
      'access-control-allow-headers': 'authorization, content-type, x-request-id',
      vary: 'Origin',
    });
    expect(asked.headers['access-control-allow-credentials']).toBeUndefined();
    const headers = { origin: ORIGIN, ...bearer(test.tokenOf('viewer')) };
    expect((await test.api.app.inject({ url: '/v1/accounts', headers })).headers['access-control-allow-origin']).toBe(
      ORIGIN,
    );
  });

  it.each([`${ORIGIN}.evil.example`, 'null', 'http://desk.example', 'https://desk.example:444'])(
    '%s may not',
    async (origin) => {
      const test = signedInApi({ allowedOrigins: [ORIGIN] });
      const asked = await test.api.app.inject({
        method: 'OPTIONS',
        url: '/v1/orders',
        headers: { origin, ...preflight },
      });
      expect(asked.statusCode).toBe(401);
      expect(asked.headers['access-control-allow-origin']).toBeUndefined();
    },
  );

  it('cannot make a browser place orders: forms are refused, and there is nothing it would send along', async () => {
    const test = signedInApi({ access: null });
    const headers = { origin: 'https://evil.example', 'content-type': 'text/plain' };
    const sent = await test.api.app.inject({ method: 'POST', url: '/v1/orders', headers, payload: '{}' });
    expect(sent.statusCode).toBe(415);
    expect(test.house.submitted).toEqual([]);
  });
});

function certificate(name: string): { readonly certificate: string; readonly key: string } {
  const folder = mkdtempSync(path.join(tmpdir(), 'oms-tls-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [key, cert] = [path.join(folder, 'key.pem'), path.join(folder, 'cert.pem')];
  const options = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const subject = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  execFileSync('openssl', ['req', ...options, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' });
  return { certificate: readFileSync(cert, 'utf8'), key: readFileSync(key, 'utf8') };
}

describe('TLS of our own', () => {
  const get = (port: number, ca: string, url: string) =>
    new Promise<{ readonly status: number | undefined; readonly hsts: unknown; readonly name: unknown }>(
      (resolve, reject) => {
        request({ port, host: '127.0.0.1', path: url, ca, agent: false }, (answer) => {
          const name = (answer.socket as TLSSocket).getPeerCertificate().subject.CN;
          answer.resume();
          resolve({ status: answer.statusCode, hsts: answer.headers['strict-transport-security'], name });
        })
          .on('error', reject)
          .end();
      },
    );

  it('serves, says HSTS, and takes a renewed certificate while it runs', async () => {
    const first = certificate('first');
    const test = signedInApi({ tls: first });
    const port = await test.listen();
    expect(await get(port, first.certificate, '/healthz')).toEqual({
      status: 200,
      hsts: 'max-age=31536000',
      name: 'first',
    });
    const second = certificate('second');
    test.api.renewCertificate(second);
    expect(await get(port, second.certificate, '/healthz')).toMatchObject({ status: 200, name: 'second' });
    await expect(get(port, first.certificate, '/healthz')).rejects.toThrow();
    expect(() => test.api.renewCertificate({ ...second, key: first.key })).toThrow();
    expect(await get(port, second.certificate, '/healthz')).toMatchObject({ status: 200, name: 'second' });
  });

  it.each([
    ['TLSv1.1', false],
    ['TLSv1.2', true],
    ['TLSv1.3', true],
  ] as const)('%s: %s', async (version, accepted) => {
    const test = signedInApi({ tls: certificate('a') });
    const port = await test.listen();
    const ciphers = 'DEFAULT@SECLEVEL=0';
    const options = {
      port,
      host: '127.0.0.1',
      minVersion: version,
      maxVersion: version,
      ciphers,
      rejectUnauthorized: false,
    };
    const outcome = await new Promise((resolve) => {
      const socket = connect(options, () => {
        resolve(socket.getProtocol());
        socket.destroy();
      });
      socket.on('error', () => resolve(null));
    });
    expect(outcome).toBe(accepted ? version : null);
  });
});
