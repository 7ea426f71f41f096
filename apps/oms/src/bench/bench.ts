/** Runs the benchmark: server, warm-up, rounds, overload, baselines, and the check of what was acknowledged. */
import { writeFileSync } from 'node:fs';
import { CommandError } from '../commandError.ts';
import type { BenchFlags } from '../commands/benchCommand.ts';
import type { CommandContext } from '../main.ts';
import { printBenchReport } from '../printing/benchReport.ts';
import { createOutput, type Output } from '../printing/output.ts';
import type { Acknowledged } from './acknowledged.ts';
import { measureBareServer } from './baseline/bareRun.ts';
import { measureRawDisk } from './baseline/rawDisk.ts';
import { type BenchOptions, readBenchOptions } from './benchOptions.ts';
import {
  type BareReport,
  type BenchReport,
  type BenchSettings,
  headlineRound,
  type OverloadReport,
  type RoundReport,
} from './benchReport.ts';
import { checkJournal } from './checkJournal.ts';
import { ControlProbe, PROBE_ACCOUNTS } from './controlProbe.ts';
import type { GeneratorOptions } from './generator/generatorMessages.ts';
import { GeneratorProcess } from './generator/generatorProcess.ts';
import { htmlReportOf } from './html/htmlReport.ts';
import { describeMachine, measureFsync } from './machine.ts';
import type { SymbolTerms } from './marketTerms.ts';
import { type MarketWatch, watchMarket } from './marketWatch.ts';
import { measureOverload } from './overload.ts';
import { RoundRunner } from './roundRunner.ts';
import { ServerProcess } from './serverProcess.ts';

const ACCOUNTS_MIN = 1_000;

/** Everything measured on the real server. */
interface Load {
  readonly rounds: readonly RoundReport[];
  readonly overload: OverloadReport | null;
  readonly acknowledged: Acknowledged;
  readonly terms: readonly SymbolTerms[];
  readonly sampleAnswer: string;
}

export async function bench(flags: BenchFlags, context: CommandContext): Promise<number> {
  const options = readBenchOptions(flags);
  const output = createOutput(context.streams, flags.json === true);
  const accounts = Math.max(ACCOUNTS_MIN, options.accounts + PROBE_ACCOUNTS);
  const server = options.url === null ? await ServerProcess.start(accounts, options.keep) : null;
  try {
    const report = await measure(options, server, output);
    if (output.json) output.jsonLine(report);
    else printBenchReport(report, output);
    if (options.html !== null) {
      writeFileSync(options.html, htmlReportOf(report));
      output.note(`The report is in ${options.html}`);
    }
    return report.journal?.ok === false ? 1 : 0;
  } finally {
    await server?.stop().catch(() => undefined);
    server?.discard();
  }
}

async function measure(options: BenchOptions, server: ServerProcess | null, output: Output): Promise<BenchReport> {
  const startedAt = new Date().toISOString();
  const url = new URL(server?.address ?? options.url!);
  const fsync = server === null ? null : measureFsync(server.dataDirectory);
  const generatorOptions = generatorOptionsOf(options, url);
  const { idPrefix } = generatorOptions;
  const load = await putUnderLoad(options, generatorOptions, url.origin, server?.processId ?? null, output);
  await server?.stop();
  const bare = options.baseline ? await measureBaseline(generatorOptions, load, output) : null;
  const journal =
    server === null ? null : await checkJournal(server.dataDirectory, load.acknowledged, idPrefix, output);
  const disk =
    server === null || journal === null || !options.baseline
      ? null
      : measureRawDisk(server.dataDirectory, journal.payloadBytes / Math.max(1, journal.acknowledged));
  output.progress('');
  return {
    startedAt,
    settings: settingsOf(options, idPrefix, load),
    machine: describeMachine(),
    fsync,
    rounds: load.rounds,
    gate: options.oneRate ? { held: load.rounds[0]!.sustained } : null,
    overload: load.overload,
    bare,
    disk,
    journal,
    dataDirectory: options.keep ? (server?.dataDirectory ?? null) : null,
  };
}

async function putUnderLoad(
  options: BenchOptions,
  generatorOptions: GeneratorOptions,
  url: string,
  serverProcessId: number | null,
  output: Output,
): Promise<Load> {
  const generator = await GeneratorProcess.start(generatorOptions);
  let market: MarketWatch | null = null;
  try {
    market = await watchMarket(url, options.symbols, (terms) => generator.price(terms));
    const runner = new RoundRunner(generator, serverProcessId, output);
    if (options.warmup.seconds > 0) {
      const warmup = await runner.run(options.warmup, 'warm-up');
      if (!warmup.sustained) await runner.settle();
    }
    const rounds = await runner.climb(options.rounds);
    const overload = options.overload ? await overloadOf(options, rounds, runner, url) : null;
    const acknowledged = await generator.finish();
    if (acknowledged.count === 0 || runner.sampleAnswer === null) throw nothingAcknowledged(rounds.at(-1)!);
    return { rounds, overload, acknowledged, terms: market.terms(), sampleAnswer: runner.sampleAnswer };
  } finally {
    market?.stop();
    generator.stop();
    output.progress('');
  }
}

/** A name of its own for every run: an id that was used before would be answered with the order of then. */
const runName = (): string => `b${Date.now().toString(36)}-`;

function generatorOptionsOf(options: BenchOptions, url: URL): GeneratorOptions {
  const { transport, connections, batch, mix, seed, accounts, trades, skew } = options;
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port === '' ? 80 : url.port),
    transport,
    connections,
    batch,
    mix: { seed, accounts, replaceShare: mix.replace, cancelShare: mix.cancel, tradeShare: trades, skew },
    idPrefix: runName(),
  };
}

async function overloadOf(
  options: BenchOptions,
  rounds: readonly RoundReport[],
  runner: RoundRunner,
  url: string,
): Promise<OverloadReport> {
  const knee = headlineRound(rounds);
  const probe = await ControlProbe.create(url, options.accounts, `p${Date.now().toString(36)}-`);
  const kneeRate = knee.sustained ? knee.offeredRate : Math.max(1, Math.round(knee.achievedRate));
  return measureOverload(runner, probe, kneeRate, knee.seconds);
}

function measureBaseline(
  generator: GeneratorOptions,
  { rounds, terms, sampleAnswer }: Load,
  output: Output,
): Promise<BareReport> {
  const { offeredRate, seconds } = headlineRound(rounds);
  return measureBareServer({ generator, terms, sampleAnswer, rate: offeredRate, seconds }, output);
}

function settingsOf(options: BenchOptions, idPrefix: string, { terms, sampleAnswer }: Load): BenchSettings {
  const { transport, connections, batch, accounts, mix, trades, skew, seed, warmup } = options;
  // The answer repeats what was asked for, in the members that the request had.
  const { clientOrderId, accountId, symbol, side, type, quantity, price } = JSON.parse(sampleAnswer);
  const request = { clientOrderId, symbol, side, type, quantity, price, accountId };
  return {
    transport,
    connections,
    batch,
    accounts,
    symbols: terms.length,
    mix,
    trades,
    skew,
    seed,
    idPrefix,
    warmupSeconds: warmup.seconds,
    durability: 'every order is written and fsynced before its acknowledgement',
    payloadBytes: Buffer.byteLength(JSON.stringify(request)),
    answerBytes: Buffer.byteLength(sampleAnswer),
  };
}

function nothingAcknowledged({ errors }: RoundReport): CommandError {
  const codes = Object.entries(errors).map(([code, count]) => `${code} × ${count}`);
  return new CommandError(
    'NOTHING_ACKNOWLEDGED',
    `Not one order was acknowledged${codes.length === 0 ? '' : ` (${codes.join(', ')})`}.`,
    'With --url, start that server with: oms start --profile bench --bench-accounts N',
  );
}
