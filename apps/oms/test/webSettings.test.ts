/** What the environment says of TLS, proxies and origins, and what it must not say. */
import { describe, expect, it } from 'vitest';
import { readTlsIdentity, readWebSettings } from '../src/access/webSettings.ts';

describe('web settings', () => {
  it('are HTTP, no proxies and no origins by default; empty means unset', () => {
    const plain = { tls: null, trustedProxies: [], allowedOrigins: [] };
    expect(readWebSettings({})).toEqual(plain);
    const empty = { OMS_TLS_CERT: '', OMS_TLS_KEY: '', OMS_TRUSTED_PROXIES: ' , ', OMS_ALLOWED_ORIGINS: '' };
    expect(readWebSettings(empty)).toEqual(plain);
  });

  it('are read', () => {
    const environment = {
      OMS_TLS_CERT: '/c.pem',
      OMS_TLS_KEY: '/k.pem',
      OMS_TRUSTED_PROXIES: '10.0.0.0/8, 192.0.2.7,fd00::/8',
      OMS_ALLOWED_ORIGINS: 'https://desk.example, http://localhost:5173',
    };
    expect(readWebSettings(environment)).toEqual({
      tls: { certificateFile: '/c.pem', keyFile: '/k.pem' },
      trustedProxies: ['10.0.0.0/8', '192.0.2.7', 'fd00::/8'],
      allowedOrigins: ['https://desk.example', 'http://localhost:5173'],
    });
  });

  it.each([
    [{ OMS_TLS_CERT: '/c.pem' }, 'both'],
    [{ OMS_TLS_KEY: '/k.pem' }, 'both'],
    [{ OMS_TRUSTED_PROXIES: 'everybody' }, 'neither an address'],
    [{ OMS_TRUSTED_PROXIES: 'loopback' }, 'neither an address'],
    [{ OMS_TRUSTED_PROXIES: '0.0.0.0/0' }, 'neither an address'],
    [{ OMS_TRUSTED_PROXIES: '10.0.0.0/33' }, 'neither an address'],
    [{ OMS_TRUSTED_PROXIES: 'true' }, 'neither an address'],
    [{ OMS_ALLOWED_ORIGINS: '*' }, 'no origin'],
    [{ OMS_ALLOWED_ORIGINS: 'null' }, 'no origin'],
    [{ OMS_ALLOWED_ORIGINS: 'https://desk.example/' }, 'no origin'],
    [{ OMS_ALLOWED_ORIGINS: 'desk.example' }, 'no origin'],
  ])('%j is refused', (environment, why) => {
    expect(() => readWebSettings(environment)).toThrow(why);
  });

  it('a file that cannot be read is told of at the start', () => {
    const tls = { certificateFile: '/nowhere/c.pem', keyFile: '/nowhere/k.pem' };
    expect(() => readTlsIdentity(tls)).toThrow('/nowhere/c.pem cannot be read (ENOENT)');
  });
});
