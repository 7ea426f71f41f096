/** The runner and the comparison as they are called: their output, their files, their exit codes. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scriptPath } from '../suite/catalog.ts';
import { readResults, resultFileOf, writeResults } from '../suite/results.ts';
import { resultsOf } from './testResults.ts';

let directory = '';
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'oms-bench-test-'));
});
afterAll(() => rmSync(directory, { recursive: true }));

function run(script: string, ...arguments_: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [scriptPath(script), ...arguments_], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

function fileOf(name: string, values: readonly number[]): string {
  const file = join(directory, name);
  writeResults(file, resultsOf({ rate: { values } }));
  return file;
}

describe('bench/run.ts', () => {
  it('runs a benchmark in rounds, prints the table, keeps every value', () => {
    const file = join(directory, 'made/codec.json');
    const { status, stdout, stderr } = run('run.ts', 'codec', '--quick', '--rounds', '2', '--json', file);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).toContain('round 2/2, 1/1  codec');
    expect(stdout).toMatch(/codec encode OrderPlaced +[\d,.]+ +ns .* JSON\.stringify/);
    const { measured, rounds, machine, quick } = readResults(file);
    expect(measured.filter(({ figure }) => figure === 'codec decode OrderFilled').map(({ round }) => round)).toEqual([
      1, 2,
    ]);
    expect(rounds).toHaveLength(2);
    expect(rounds[0]!.yardstick.keptRecordsPerSecond).toBeGreaterThan(0);
    expect({ node: machine.node, quick }).toEqual({ node: process.version, quick: true });
  });

  it.each([
    [['codex'], 'no benchmark "codex"'],
    [['codec', '--rounds', '0'], '--rounds'],
  ])('refuses %j', (arguments_, complaint) => {
    const { status, stderr } = run('run.ts', ...arguments_);
    expect(status).toBe(2);
    expect(stderr).toContain(complaint);
  });

  it('lists what there is', () => {
    expect(run('run.ts', '--list').stdout).toMatch(/^journal-replay +read, checksum/m);
  });
});

describe('bench/compare.ts', () => {
  it('ends with 1 only when something got worse', () => {
    const slow = fileOf('slow.json', [50, 51, 52]);
    const fast = fileOf('fast.json', [100, 101, 102]);
    expect(run('compare.ts', slow, fast)).toMatchObject({ status: 0, stdout: expect.stringContaining('BETTER') });
    expect(run('compare.ts', fast, slow)).toMatchObject({ status: 1, stdout: expect.stringContaining('WORSE') });
    expect(run('compare.ts', fast, fast).status).toBe(0);
  });

  it('speaks JSON', () => {
    const file = fileOf('one.json', [1, 2, 3]);
    const { before, figures, warnings } = JSON.parse(run('compare.ts', file, file, '--json').stdout);
    expect({ before, warnings }).toEqual({ before: { file, commit: 'abc1234' }, warnings: [] });
    expect(figures).toMatchObject([{ figure: 'rate', before: 2, after: 2, ratio: 1, change: 'same' }]);
  });

  it('refuses what it cannot compare', () => {
    const other = join(directory, 'other.json');
    writeFileSync(other, '{}');
    const file = fileOf('two.json', [1]);
    expect(run('compare.ts', file)).toMatchObject({ status: 2, stderr: expect.stringContaining('two result files') });
    expect(run('compare.ts', file, other)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('no benchmark result'),
    });
  });
});

describe('the result file', () => {
  it('is named by minute and commit', () => {
    const results = resultsOf({});
    expect(resultFileOf(results)).toMatch(/bench.results.2026-01-05T1234-abc1234\.json$/);
    expect(resultFileOf({ ...results, changed: true })).toMatch(/-abc1234-changed\.json$/);
  });
});
