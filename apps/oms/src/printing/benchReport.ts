/** The outcome of `oms bench` for people: a row per rate, the headline, and everything a figure depends on. */
import { type BenchReport, highestSustained, P99_BOUND_MS, type RoundReport } from '../bench/benchReport.ts';
import { quietTable } from './orderTables.ts';
import type { Colors, Output } from './output.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en-US');
const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
const percent = (share: number): string => `${Math.round(share * 100)} %`;

const HEAD = [
  'offered/s',
  'achieved/s',
  'p50 ms',
  'p90',
  'p99',
  'p99.9',
  'max',
  'traded',
  'errors',
  'lag p99',
  'cpu gen',
  'cpu srv',
  '',
];

export function printBenchReport(report: BenchReport, output: Output): void {
  const { colors } = output;
  const table = quietTable(HEAD, [...HEAD.keys()].slice(0, -1), colors);
  for (const round of report.rounds) table.push(rowOf(round, colors));
  output.line(table.toString());
  printErrors(report.rounds, output);
  output.line();
  output.line(headlineOf(report, colors));
  output.line();
  for (const [name, value] of factsOf(report)) output.line(`  ${colors.dim(name.padEnd(12))}${value}`);
  printJournal(report, output);
}

function rowOf(round: RoundReport, colors: Colors): string[] {
  const { latency } = round;
  const failed = round.unanswered + Object.values(round.errors).reduce((sum, value) => sum + value, 0);
  return [
    count(round.offeredRate),
    count(round.achievedRate),
    milliseconds(latency.p50Ms),
    milliseconds(latency.p90Ms),
    milliseconds(latency.p99Ms),
    milliseconds(latency.p999Ms),
    milliseconds(latency.maxMs),
    percent(round.tradedShare),
    failed === 0 ? '0' : colors.red(count(failed)),
    milliseconds(round.generatorLag.p99Ms),
    percent(round.generatorCpu),
    round.serverCpu === null ? '–' : percent(round.serverCpu),
    round.sustained ? colors.green('sustained') : colors.yellow('not sustained'),
  ];
}

function printErrors(rounds: readonly RoundReport[], output: Output): void {
  for (const round of rounds) {
    const parts = Object.entries(round.errors).map(([code, number]) => `${code} × ${count(number)}`);
    if (round.unanswered > 0) parts.push(`unanswered × ${count(round.unanswered)}`);
    if (parts.length > 0) output.line(`  at ${count(round.offeredRate)}/s: ${parts.join(', ')}`);
  }
}

export function headlineOf(report: BenchReport, colors: Colors): string {
  const best = highestSustained(report.rounds);
  if (best === null) return colors.yellow(`No offered rate was sustained with P99 < ${P99_BOUND_MS} ms.`);
  const rate = colors.bold(`${count(best.offeredRate)} orders/s`);
  return `${rate} sustained, P99 ${milliseconds(best.latency.p99Ms)} ms of ${count(best.latency.count)} answers, fsync before every acknowledgement`;
}

function factsOf(report: BenchReport): (readonly [string, string])[] {
  const { machine, fsync } = report;
  const syncs =
    fsync === null
      ? 'not measured: not our server'
      : `p50 ${milliseconds(fsync.p50Ms)} ms, p99 ${milliseconds(fsync.p99Ms)} ms`;
  const share = 'LIMIT orders near the market, about a third priced to trade; one order per message, pipelined';
  return [
    ['durability', report.durability],
    ['mix', share],
    [
      'load',
      `${report.connections} connections, ${report.accounts} accounts, ${report.symbols} symbols, ${report.payloadBytes} bytes per order, seed ${report.seed}`,
    ],
    ['fsync', syncs],
    [
      'machine',
      `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform}; generator and server share it`,
    ],
    ['node', machine.node],
  ];
}

function printJournal({ journal, dataDirectory }: BenchReport, output: Output): void {
  const { colors } = output;
  if (journal !== null) {
    const counts = `${count(journal.acknowledged)} acknowledged: ${count(journal.missing)} missing from the journal, ${count(journal.doubled)} twice in it`;
    const failures = journal.failedChecks.length === 0 ? '' : `; failed: ${journal.failedChecks.join(', ')}`;
    const verdict = journal.ok ? colors.green('✓') : colors.red('✗');
    output.line(`  ${colors.dim('journal'.padEnd(12))}${verdict} ${counts}${failures}`);
  }
  if (dataDirectory !== null) output.line(`  ${colors.dim('kept'.padEnd(12))}${dataDirectory}`);
}
