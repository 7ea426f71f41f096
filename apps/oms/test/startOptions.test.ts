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
