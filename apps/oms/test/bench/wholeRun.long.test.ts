/** `oms bench` from the command line to the verified journal, on every transport. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Acknowledged, FIRST_NUMBER, LAST_NUMBER } from '../../src/bench/acknowledged.ts';
import type { BenchReport } from '../../src/bench/benchReport.ts';
import { checkJournal } from '../../src/bench/checkJournal.ts';
import { createOutput } from '../../src/printing/output.ts';
import { runOms } from '../commandRunner.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'bench-report-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A server, a load, a verification and two baselines, on a machine that may be busy. */
const LIMIT = { timeout: 240_000 };

describe('a whole run', LIMIT, () => {
  it.each([
    ['ws', ['--mix', 'new:80,replace:10,cancel:10', '--accounts', '2000', '--skew', '0.5']],
    ['rest', ['--mix', 'new:80,replace:10,cancel:10', '--symbols', '2']],
    ['rest-batch', ['--batch', '50', '--no-baseline']],
  ])('over %s', async (transport, more) => {
    const html = path.join(directory, `${transport}.html`);
    const line = ['bench', '--transport', transport, '--rate', '500', '--duration', '2', '--warmup', '1', '--json'];
    const { exitCode, out, error } = await runOms([...line, '--html', html, ...more]);
    expect(error).toBe(`The report is in ${html}\n`);
    expect(exitCode).toBe(0);
    const report = JSON.parse(out) as BenchReport;
    const [round] = report.rounds;
    expect(round).toMatchObject({ offeredRate: 500, sent: 1_000, unanswered: 0, errors: {} });
    const { acknowledged, tooLate } = round!;
    expect(acknowledged.new + acknowledged.replace + acknowledged.cancel + tooLate).toBe(1_000);
    expect(acknowledged.replace > 50 && acknowledged.cancel > 50).toBe(transport !== 'rest-batch');
    expect(round!.tradedShare).toBeGreaterThan(0.2);
    expect(report.settings).toMatchObject({ transport, symbols: transport === 'rest' ? 2 : 6 });
    expect(report.gate).toEqual({ held: round!.sustained });
    expect(report.journal).toMatchObject({ ok: true, missing: 0, doubled: 0, failedChecks: [] });
    expect(report.journal!.acknowledged).toBeGreaterThanOrEqual(1_000);
    expect(report.bare === null).toBe(transport === 'rest-batch');
    expect(readFileSync(html, 'utf8')).toContain('<svg');
  });

  it('measures cancels and the kill switch apart under overload', async () => {
    const line = 'bench --ladder 100,200 --duration 2 --warmup 1 --overload --no-baseline --keep --json';
    const { exitCode, out } = await runOms(line.split(' '));
    expect(exitCode).toBe(0);
    const { overload, journal, settings, dataDirectory } = JSON.parse(out) as BenchReport;
    for (const { controls } of [overload!.atKnee, overload!.atTwice]) {
      expect(controls).toMatchObject({ errors: {}, cancels: { count: 40 }, switches: { count: 4 } });
    }
    expect(overload!.atTwice.round.offeredRate).toBe(overload!.kneeRate * 2);
    expect(journal).toMatchObject({ ok: true });
    // The same journal, held against a record with an order that is not in it.
    const acknowledged = new Acknowledged();
    for (const number of [FIRST_NUMBER, FIRST_NUMBER + 1, LAST_NUMBER]) acknowledged.add(number);
    const silent = { write: () => undefined };
    const output = createOutput({ out: silent, error: silent }, false);
    const check = await checkJournal(dataDirectory!, acknowledged, settings.idPrefix, output);
    rmSync(dataDirectory!, { recursive: true });
    expect(check).toMatchObject({ ok: false, acknowledged: 3, missing: 1, doubled: 0, failedChecks: [] });
  });
});
