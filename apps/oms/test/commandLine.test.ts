/** The commands without a server behind them: help, exit codes, and errors that tell the next step. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nobodysAddress, runOms } from './commandRunner.ts';

const COMMANDS = [
  ['start'],
  ['order', 'place'],
  ['order', 'replace'],
  ['order', 'cancel'],
  ['order', 'list'],
  ['order', 'show'],
  ['bench'],
  ['simulate'],
  ['verify'],
  ['version'],
];

describe('help', () => {
  it.each(COMMANDS.map((words) => [words.join(' '), words] as const))(
    'of %s shows --json and an example',
    async (_, words) => {
      const { exitCode, out } = await runOms([...words, '--help']);
      expect(exitCode).toBe(0);
      expect(out).toContain('--json');
      expect(out).toMatch(/Examples?:\n {2}\$ oms /);
    },
  );

  it('of oms alone succeeds', async () => {
    expect((await runOms(['--help'])).exitCode).toBe(0);
    expect((await runOms([])).exitCode).toBe(0);
  });

  it('is pointed to after a mistake, with exit code 2', async () => {
    const { exitCode, error } = await runOms(['order', 'list', '--colour']);
    expect(exitCode).toBe(2);
    expect(error).toContain('--help');
    expect((await runOms(['nonsense'])).exitCode).toBe(2);
    expect((await runOms(['order', 'place', '--symbol', 'BTC-USD'])).exitCode).toBe(2);
  });
});

describe('failures', () => {
  it('say what to do when nobody answers', async () => {
    const { exitCode, error, out } = await runOms(['order', 'list', '--url', await nobodysAddress()]);
    expect(exitCode).toBe(1);
    expect(error).toContain('ECONNREFUSED');
    expect(error).toContain('npm start');
    expect(out).toBe('');
  });

  it('are JSON with --json', async () => {
    const { exitCode, error } = await runOms(['order', 'show', 'o-0-1', '--url', await nobodysAddress(), '--json']);
    expect(exitCode).toBe(1);
    expect(JSON.parse(error)).toMatchObject({
      error: { code: 'NO_ANSWER', nextStep: expect.stringContaining('npm start') },
    });
  });

  it.each([
    ['simulate --seeds 5..1', 'expected a range such as 1..100'],
    ['simulate --seed 1 --seeds 1..2', 'not both'],
    ['simulate --minutes 0', '--minutes 0'],
    ['simulate --focus rain', 'disk, messages, clock, venue'],
    ['simulate --trace', '--trace goes with one --seed'],
    ['order show', 'Which order?'],
    ['order cancel', 'Which order?'],
    ['order cancel --all', '--all needs --account'],
    ['order cancel o-0-1 --all --account A', 'either an orderId or --all'],
    ['order replace o-0-1', 'Nothing to change'],
    ['order list --url ftp://x', '--url must be'],
    ['order list --limit 0', '--limit must be'],
    ['order list --status done', '--status must be one of'],
    ['bench --rate fast', '--rate must be'],
    ['bench --accounts 100001', '--accounts must be'],
    ['start --bench-accounts 0', '--bench-accounts must be'],
    ['start --port 70000', '--port must be'],
    ['verify --anchor 12', 'a position, a colon and 64 hexadecimal digits'],
    ['verify --anchor 12:abc', 'a position, a colon and 64 hexadecimal digits'],
  ])('of usage: %s', async (line, message) => {
    const { exitCode, error } = await runOms(line.split(' '));
    expect(exitCode).toBe(2);
    expect(error).toContain(message);
  });

  it('of verify name the directory that is missing', async () => {
    const { exitCode, error } = await runOms(['verify', '--data-dir', '/nowhere/at/all']);
    expect(exitCode).toBe(1);
    expect(error).toContain('/nowhere/at/all');
  });
});

describe('verify', () => {
  const EMPTY = '0'.repeat(64);
  const OTHER = 'ab'.repeat(32);
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'oms-command-'));
    mkdirSync(join(directory, 'journal'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));
  const verify = (...options: string[]) => runOms(['verify', '--data-dir', directory, ...options]);

  it('prints the head, and the same to programs', async () => {
    expect((await verify()).out).toContain(`head 0:${EMPTY}\n`);
    expect(JSON.parse((await verify('--json')).out)).toMatchObject({ ok: true, head: { position: 0, hash: EMPTY } });
  });

  it('wants every anchor in the journal', async () => {
    expect((await verify('--anchor', `0:${EMPTY}`)).exitCode).toBe(0);
    const { exitCode, out } = await verify('--anchor', `0:${EMPTY}`, '--anchor', `7:${OTHER.toUpperCase()}`);
    expect(exitCode).toBe(1);
    expect(out).toContain('I9 the anchor knows position 7, the journal ends with 0');
    expect((await verify('--anchor', `0:${OTHER}`)).out).toContain(
      `the anchor has hash ${OTHER}, the journal ${EMPTY}`,
    );
  });
});

describe('version', () => {
  it('is told to people and to programs', async () => {
    expect((await runOms(['version'])).out).toMatch(/^oms \d+\.\d+\.\d+ \(Node v/);
    expect(JSON.parse((await runOms(['version', '--json'])).out)).toEqual({
      version: expect.any(String),
      node: process.version,
    });
  });
});
