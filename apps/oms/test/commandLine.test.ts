/** The commands without a server behind them: help, exit codes, and errors that tell the next step. */
import { describe, expect, it } from 'vitest';
import { nobodysAddress, runOms } from './commandRunner.ts';

const COMMANDS = [
  ['start'],
  ['order', 'place'],
  ['order', 'replace'],
  ['order', 'cancel'],
  ['order', 'list'],
  ['order', 'show'],
  ['bench'],
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

describe('version', () => {
  it('is told to people and to programs', async () => {
    expect((await runOms(['version'])).out).toMatch(/^oms \d+\.\d+\.\d+ \(Node v/);
    expect(JSON.parse((await runOms(['version', '--json'])).out)).toEqual({
      version: expect.any(String),
      node: process.version,
    });
  });
});
