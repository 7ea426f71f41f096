/** The outcome of `oms bench` for people: a row per rate, the headline, and everything a figure depends on. */
import pc from 'picocolors';
import {
  type BenchReport,
  failuresOf,
  headlineRound,
  highestSustained,
  type JournalCheck,
  type LoadedReport,
  P99_BOUND_MS,
  type RoundReport,
} from '../bench/benchReport.ts';
import { count, factsOf, LATENCY_COLUMNS, milliseconds, percent, ratio } from './benchFacts.ts';
import { quietTable } from './orderTables.ts';
import type { Colors, Output } from './output.ts';

const HEAD = [...LATENCY_COLUMNS, 'count', 'traded', 'errors', 'lag p99', 'gen µs', 'srv µs', ''];
const LABEL_WIDTH = 12;

/** For the HTML report, which has colours of its own. */
export const PLAIN: Colors = pc.createColors(false);

export function printBenchReport(report: BenchReport, output: Output): void {
  const { colors } = output;
  const table = quietTable(HEAD, [...HEAD.keys()].slice(0, -1), colors);
  for (const round of report.rounds) table.push(rowOf(round, verdictOf(round, colors), colors));
  const { overload, bare } = report;
  if (overload !== null) {
    table.push(rowOf(overload.atKnee.round, 'at the knee', colors));
    table.push(rowOf(overload.atTwice.round, 'twice the knee', colors));
  }
  if (bare !== null) table.push(rowOf(bare.atRate, colors.dim('bare server'), colors));
  output.line(table.toString());
  for (const round of report.rounds) printErrors(round, output);
  output.line();
  output.line(headlineOf(report, colors));
  output.line();
  const fact = (name: string, value: string) => output.line(`  ${colors.dim(name.padEnd(LABEL_WIDTH))}${value}`);
  for (const [name, value] of ratiosOf(report)) fact(name, value);
  for (const [name, value] of [...overloadOf(report), ...factsOf(report)]) fact(name, value);
  printGate(report, output);
  printJournal(report, output);
}

const verdictOf = (round: RoundReport, colors: Colors): string =>
  round.sustained ? colors.green('sustained') : colors.yellow('not sustained');

function rowOf(round: RoundReport, remark: string, colors: Colors): string[] {
  const { latency } = round;
  const failed = failuresOf(round);
  return [
    count(round.offeredRate),
    count(round.achievedRate),
    milliseconds(latency.p50Ms),
    milliseconds(latency.p90Ms),
    milliseconds(latency.p99Ms),
    milliseconds(latency.p999Ms),
    milliseconds(latency.maxMs),
    count(latency.count),
    round.tradedShare === null ? '–' : percent(round.tradedShare),
    failed === 0 ? '0' : colors.red(count(failed)),
    milliseconds(round.generatorLag.p99Ms),
    round.generatorMicroseconds.toFixed(1),
    round.serverMicroseconds === null ? '–' : round.serverMicroseconds.toFixed(1),
    remark,
  ];
}

function printErrors(round: RoundReport, output: Output): void {
  const parts = Object.entries(round.errors).map(([code, number]) => `${code} × ${count(number)}`);
  if (round.unanswered > 0) parts.push(`unanswered × ${count(round.unanswered)}`);
  if (parts.length > 0) output.line(`  at ${count(round.offeredRate)}/s: ${parts.join(', ')}`);
}

export function headlineOf(report: BenchReport, colors: Colors): string {
  const best = highestSustained(report.rounds);
  if (best === null) return colors.yellow(`No offered rate was sustained with P99 < ${P99_BOUND_MS} ms.`);
  const rate = colors.bold(`${count(best.offeredRate)} orders/s`);
  return `${rate} sustained, P99 ${milliseconds(best.latency.p99Ms)} ms of ${count(best.latency.count)} answers, fsync before every acknowledgement`;
}

/** The headline against what was measured beside it, for the figures of a shared machine mean little alone. */
export function ratiosOf({ rounds, bare, disk }: BenchReport): (readonly [string, string])[] {
  const { achievedRate, latency } = headlineRound(rounds);
  const lines: (readonly [string, string])[] = [];
  if (bare !== null) {
    const { p99Ms } = bare.atRate.latency;
    lines.push([
      'bare server',
      `${ratio(achievedRate / bare.bestRate)} of its best rate (${count(bare.bestRate)}/s); P99 ${ratio(latency.p99Ms / p99Ms)} times its ${milliseconds(p99Ms)} ms at the same rate`,
    ]);
  }
  if (disk !== null) {
    const { ordersPerSecond, bytesPerOrder, groupOrders } = disk;
    lines.push([
      'raw disk',
      `${ratio(achievedRate / ordersPerSecond)} of an append + fdatasync loop (${count(ordersPerSecond)} orders/s: groups of ${groupOrders}, ${count(bytesPerOrder)} bytes each)`,
    ]);
  }
  return lines;
}

export function overloadOf({ overload }: BenchReport): (readonly [string, string])[] {
  if (overload === null) return [];
  const { atKnee, atTwice, goodputShare } = overload;
  return [
    ['overload', `goodput at twice the knee ${percent(goodputShare)} of that at the knee`],
    ['at the knee', controlsOf(atKnee)],
    ['twice', controlsOf(atTwice)],
  ];
}

function controlsOf({ controls: { cancels, switches, errors } }: LoadedReport): string {
  const failed = Object.entries(errors).map(([code, number]) => `, ${code} × ${number}`);
  return `cancels P99 ${milliseconds(cancels.p99Ms)} ms of ${cancels.count}, kill switch P99 ${milliseconds(switches.p99Ms)} ms of ${switches.count}${failed.join('')}`;
}

function printGate({ gate, rounds }: BenchReport, { line, colors }: Output): void {
  if (gate === null) return;
  const round = rounds[0]!;
  const found = `P99 ${milliseconds(round.latency.p99Ms)} ms, ${count(failuresOf(round))} errors, ${count(round.achievedRate)} of ${count(round.offeredRate)} orders/s`;
  const verdict = gate.held ? colors.green('✓ held') : colors.red('✗ not held');
  line(
    `  ${colors.dim('gate'.padEnd(LABEL_WIDTH))}${verdict}: P99 < ${P99_BOUND_MS} ms and 0 errors at this rate (${found})`,
  );
}

function printJournal({ journal, dataDirectory }: BenchReport, output: Output): void {
  const { colors } = output;
  if (journal !== null) {
    const verdict = journal.ok ? colors.green('✓') : colors.red('✗');
    output.line(`  ${colors.dim('journal'.padEnd(LABEL_WIDTH))}${verdict} ${journalText(journal)}`);
  }
  if (dataDirectory !== null) output.line(`  ${colors.dim('kept'.padEnd(LABEL_WIDTH))}${dataDirectory}`);
}

export function journalText({ acknowledged, missing, doubled, failedChecks }: JournalCheck): string {
  const failures = failedChecks.length === 0 ? '' : `; failed: ${failedChecks.join(', ')}`;
  return `${count(acknowledged)} acknowledged: ${count(missing)} missing from the journal, ${count(doubled)} twice in it${failures}`;
}
