/** What `oms start` accepts, where its defaults come from, and why it refuses. */
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CommandError } from '../src/commandError.ts';
import type { StartFlags } from '../src/commands/startCommand.ts';
import { isLoopback, readStartOptions } from '../src/commands/startOptions.ts';

const FLAGS: StartFlags = {
  host: '127.0.0.1',
  marketData: 'simulated',
  venue: 'simulated',
  profile: 'demo',
  role: 'all',
};

const COGNITO = 'https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_Example';

const errorOf = (flags: Partial<StartFlags>, environment: Record<string, string> = {}): CommandError => {
  try {
    readStartOptions({ ...FLAGS, ...flags }, environment);
  } catch (error) {
    return error as CommandError;
  }
  throw new Error('nothing was refused');
};

describe('defaults', () => {
  it('are port 8080 and ./data', () => {
    expect(readStartOptions(FLAGS, {})).toMatchObject({ port: 8080, dataDirectory: path.resolve('data') });
  });

  it('come from the environment, unless an option is given', () => {
    const environment = { PORT: '9001', OMS_DATA_DIR: '/tmp/there' };
    expect(readStartOptions(FLAGS, environment)).toMatchObject({ port: 9001, dataDirectory: '/tmp/there' });
    const given = readStartOptions({ ...FLAGS, port: '0', dataDir: '/tmp/here' }, environment);
    expect(given).toMatchObject({ port: 0, dataDirectory: '/tmp/here' });
  });

  it('hold for empty variables', () => {
    expect(readStartOptions(FLAGS, { PORT: '', OMS_DATA_DIR: '' })).toMatchObject({ port: 8080 });
  });
});

describe('refusals', () => {
  it.each([
    [{ port: '-1' }, '--port'],
    [{ port: '8080x' }, '--port'],
    [{ venue: 'real' }, 'simulated, manual'],
    [{ profile: 'prod' }, 'demo, bench'],
    [{ benchAccounts: '0' }, '--bench-accounts'],
    [{ benchAccounts: '1000001' }, '--bench-accounts'],
    [{ role: 'janitor' }, 'risk-engine'],
    [{ marketData: 'simulated:x' }, '--market-data'],
    [{ marketData: 'replay:' }, '--market-data'],
    [{ marketData: 'replay:a.csv,pace=2' }, '--market-data'],
  ])('%j', (flags, part) => {
    const error = errorOf(flags);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(part);
  });

  it('name the variable when that is wrong', () => {
    expect(errorOf({}, { PORT: 'http' }).message).toContain('PORT must be');
  });

  it('of a role say what it needs', () => {
    expect(errorOf({ role: 'order-api' })).toMatchObject({
      exitCode: 2,
      code: 'ROLE_NOT_AVAILABLE',
      message: expect.stringContaining('Kafka'),
    });
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.example.org'])('of address %s say why', (host) => {
    expect(errorOf({ host })).toMatchObject({ exitCode: 2, message: expect.stringContaining('sign-in') });
  });
});

it.each(['simulated', 'simulated:42', 'replay:tape.csv', 'replay:tape.csv.gz,symbol=BTC-USD,speed=0.5'])(
  'takes market data %s',
  (marketData) => {
    expect(readStartOptions({ ...FLAGS, marketData }, {}).marketData).toBe(marketData);
  },
);

it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])('%s is loopback', (host) => {
  expect(isLoopback(host)).toBe(true);
});

describe('sign-in', () => {
  const authOf = (environment: Record<string, string>, flags: Partial<StartFlags> = {}) =>
    readStartOptions({ ...FLAGS, ...flags }, environment).auth;

  it('is as OMS_AUTH says, and off where load is measured', () => {
    expect(authOf({ OMS_AUTH: 'off' })).toBe('off');
    expect(authOf({ OMS_AUTH: 'embedded' })).toBe('embedded');
    expect(authOf({ OMS_AUTH: 'embedded' }, { profile: 'bench' })).toBe('off');
  });

  it('that is off keeps the server on loopback', () => {
    expect(errorOf({ host: '0.0.0.0' }, { OMS_AUTH: 'off' })).toMatchObject({ code: 'SIGN_IN_REQUIRED', exitCode: 2 });
    const bench = errorOf({ host: '0.0.0.0', profile: 'bench' }, { OMS_AUTH: 'embedded' });
    expect(bench).toMatchObject({ code: 'SIGN_IN_REQUIRED', exitCode: 2 });
  });

  it('of its own needs a name on other addresses', () => {
    expect(errorOf({ host: '0.0.0.0' }, { OMS_AUTH: 'embedded' })).toMatchObject({ code: 'PUBLIC_URL_REQUIRED' });
    const environment = { OMS_AUTH: 'embedded', OMS_PUBLIC_URL: 'https://oms.example.com/' };
    expect(readStartOptions({ ...FLAGS, host: '0.0.0.0' }, environment).publicUrl).toBe('https://oms.example.com');
  });

  it('by another issuer has sensible defaults', () => {
    expect(authOf({ OMS_AUTH_ISSUER: 'https://id.example.com', OMS_AUTH_AUDIENCE: 'oms, other' })).toEqual({
      issuer: 'https://id.example.com',
      audiences: ['oms', 'other'],
      tokenType: 'at+jwt',
      roleClaim: 'roles',
      roleMap: null,
      accountsClaim: 'accounts',
      dashboardClientId: null,
    });
    const cognito = authOf({ OMS_AUTH_ISSUER: COGNITO, OMS_AUTH_AUDIENCE: '1example23456789' });
    expect(cognito).toMatchObject({ tokenType: 'cognito', roleClaim: 'cognito:groups', roleMap: { trader: 'trader' } });
  });

  it('by another issuer takes its words for roles and accounts', () => {
    const environment = {
      OMS_AUTH_ISSUER: COGNITO,
      OMS_AUTH_AUDIENCE: 'a',
      OMS_AUTH_TOKEN_TYPE: 'jwt',
      OMS_AUTH_ROLE_CLAIM: 'groups',
      OMS_AUTH_ROLE_MAP: 'cn=Traders=trader, Risk Desk=risk-manager',
      OMS_AUTH_ACCOUNTS_CLAIM: 'desks',
    };
    expect(authOf(environment)).toMatchObject({
      ...{ tokenType: 'jwt', roleClaim: 'groups', accountsClaim: 'desks' },
      roleMap: { 'cn=Traders': 'trader', 'Risk Desk': 'risk-manager' },
    });
  });

  it.each([
    [{ OMS_AUTH: 'on' }, 'OMS_AUTH'],
    [{ OMS_AUTH: 'off', OMS_AUTH_ISSUER: COGNITO }, 'not both'],
    [{ OMS_AUTH_ISSUER: COGNITO }, 'OMS_AUTH_AUDIENCE'],
    [{ OMS_AUTH_ISSUER: 'http://id.example.com', OMS_AUTH_AUDIENCE: 'a' }, 'https'],
    [{ OMS_AUTH_ISSUER: 'nowhere', OMS_AUTH_AUDIENCE: 'a' }, 'OMS_AUTH_ISSUER'],
    [{ OMS_AUTH_ISSUER: COGNITO, OMS_AUTH_AUDIENCE: 'a', OMS_AUTH_ROLE_MAP: 'x=root' }, 'OMS_AUTH_ROLE_MAP'],
    [{ OMS_AUTH_ISSUER: COGNITO, OMS_AUTH_AUDIENCE: 'a', OMS_AUTH_ROLE_MAP: 'trader' }, 'OMS_AUTH_ROLE_MAP'],
    [{ OMS_AUTH_ISSUER: COGNITO, OMS_AUTH_AUDIENCE: 'a', OMS_AUTH_TOKEN_TYPE: 'saml' }, 'OMS_AUTH_TOKEN_TYPE'],
    [{ OMS_PUBLIC_URL: 'https://oms.example.com/below' }, 'OMS_PUBLIC_URL'],
    [{ OMS_PUBLIC_URL: 'ftp://oms.example.com' }, 'OMS_PUBLIC_URL'],
  ])('refuses %j', (environment, part) => {
    const error = errorOf({}, environment as unknown as Record<string, string>);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(part);
  });
});
