/** `oms token` and `oms identity`: what they refuse with which exit code, and what they do to the files. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openIdentity } from '@oms/identity';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nobodysAddress, runOms } from './commandRunner.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'oms-commands-'));
const CHEAP = { costLog2: 4, blockSize: 1, parallel: 1 };
beforeAll(async () => {
  const identity = await openIdentity({
    directory,
    clock: { now: () => Date.now() },
    scheduler: { soon: () => {}, every: () => ({ cancel: () => {} }), after: () => ({ cancel: () => {} }) },
    traderAccounts: [],
    onAudit: () => {},
    onFault: () => {},
    onRevoked: () => {},
    hashCosts: { password: CHEAP, clientSecret: CHEAP },
  });
  identity.close();
});
afterAll(() => rmSync(directory, { recursive: true }));

const fileText = (name: string) => readFileSync(path.join(directory, name), 'utf8');

describe('oms token', () => {
  it.each([
    [['--role', 'root'], 2, 'viewer, trader, risk-manager, admin'],
    [['--server', 'ftp://x'], 2, '--server'],
    [['--data-dir', '/nowhere'], 1, '--data-dir'],
  ])('%j is refused', async (arguments_, exitCode, part) => {
    const run = await runOms(['token', '--data-dir', directory, ...arguments_]);
    expect(run).toMatchObject({ exitCode, out: '' });
    expect(run.error).toContain(part);
  });

  it('says when nobody answers, and never what the secret is', async () => {
    const run = await runOms(['token', '--server', await nobodysAddress(), '--json'], { OMS_DATA_DIR: directory });
    expect(run.exitCode).toBe(1);
    expect(JSON.parse(run.error).error.code).toBe('NO_ANSWER');
    const { programs } = JSON.parse(fileText('local-credentials.json'));
    for (const { clientSecret } of programs) expect(run.error).not.toContain(clientSecret);
  });
});

describe('oms identity', () => {
  it('makes a new key and keeps the old one for a while', async () => {
    const run = await runOms(['identity', 'rotate-keys', '--data-dir', directory, '--json']);
    expect(run.exitCode).toBe(0);
    const { signing } = JSON.parse(fileText('identity-keys.json'));
    expect(signing).toHaveLength(2);
    expect(signing[0]).toMatchObject({ keyId: JSON.parse(run.out).keyId, retiredAt: null });
    expect(signing[1].retiredAt).toEqual(expect.any(Number));
  });

  it('gives a user a new password and shows it once', async () => {
    const before = fileText('identity.json');
    const run = await runOms(['identity', 'new-password', 'trader'], { OMS_DATA_DIR: directory });
    expect(run.out).toMatch(/^([a-z2-9]{5}-){3}[a-z2-9]{5}\n$/);
    expect(fileText('identity.json')).not.toBe(before);
    expect(fileText('identity.json')).not.toContain(run.out.trim());
  });

  it.each([
    [['new-password', 'nobody'], 'viewer, trader, risk'],
    [['rotate-keys', '--data-dir', '/nowhere'], '/nowhere'],
  ])('%j is refused', async (arguments_, part) => {
    const run = await runOms(['identity', ...arguments_], { OMS_DATA_DIR: directory });
    expect(run.exitCode).toBe(1);
    expect(run.error).toContain(part);
  });
});
