/** Runs the benchmark: server, warm-up, rounds, and the check that everything acknowledged is in the journal. */
import { CommandError } from '../commandError.ts';
import type { BenchFlags } from '../commands/benchCommand.ts';
import type { CommandContext } from '../main.ts';
import { printBenchReport } from '../printing/benchReport.ts';
import { createOutput, type Output } from '../printing/output.ts';
import { type BenchOptions, type Round, readBenchOptions } from './benchOptions.ts';
import { type BenchReport, roundReportOf } from './benchReport.ts';
import { checkJournal } from './checkJournal.ts';
import { LoadGenerator, type RoundResult } from './loadGenerator.ts';
import { cpuSecondsOf, describeMachine, measureFsync } from './machine.ts';
import { watchMarket } from './marketWatch.ts';
import { OrderMix } from './orderMix.ts';
import { ServerProcess } from './serverProcess.ts';

const PROGRESS_MS = 200;
const FAILURES_MAX = 2;
/** Too few orders to keep anybody busy, enough to see whether answers come at once. */
const PROBE: Round = { rate: 50, seconds: 0.5 };
const SETTLE_ATTEMPTS_MAX = 60;

interface Measured {
  readonly result: RoundResult;
  /** CPU seconds of the server per second; null when it is not ours. */
  readonly serverCpu: number | null;
}

export async function bench(flags: BenchFlags, context: CommandContext): Promise<number> {
  const options = readBenchOptions(flags);
  const output = createOutput(context.streams, flags.json === true);
  const server = options.url === null ? await ServerProcess.start(options.keep) : null;
  try {
    const report = await measure(options, server, output);
    if (output.json) output.jsonLine(report);
    else printBenchReport(report, output);
    return report.journal?.ok === false ? 1 : 0;
  } finally {
    await server?.stop().catch(() => undefined);
    server?.discard();
  }
}

async function measure(options: BenchOptions, server: ServerProcess | null, output: Output): Promise<BenchReport> {
  const url = server?.address ?? options.url!;
  const fsync = server === null ? null : measureFsync(server.dataDirectory);
  const mix = new OrderMix(options.seed, options.accounts, `b${Date.now().toString(36)}-`);
  const measured: Measured[] = [];
  const socketUrl = `${url.replace(/^http/, 'ws')}/v1/ws`;
  const generator = await LoadGenerator.connect(socketUrl, options.connections, mix);
  const stopWatching = await watchMarket(url, mix);
  try {
    if (options.warmup.seconds > 0) await runRound(generator, options.warmup, 'warm-up', server, output);
    await climb(options.rounds, generator, server, output, measured);
    if (generator.acknowledged.count === 0) throw nothingAcknowledged(measured.at(-1)!.result);
  } finally {
    generator.close();
    stopWatching();
    output.progress('');
  }
  await server?.stop();
  return {
    rounds: measured.map(({ result, serverCpu }) => roundReportOf(result, serverCpu)),
    connections: options.connections,
    accounts: options.accounts,
    symbols: mix.symbols,
    seed: options.seed,
    durability: 'every order is written and fsynced before its acknowledgement',
    payloadBytes: Buffer.byteLength(mix.request(0)),
    fsync,
    machine: describeMachine(),
    journal:
      server === null ? null : await checkJournal(server.dataDirectory, generator.acknowledged, mix.idPrefix, output),
    dataDirectory: options.keep ? (server?.dataDirectory ?? null) : null,
  };
}

/** Goes up the rates until two in a row were too much: enough to see the knee. */
async function climb(
  rounds: readonly Round[],
  generator: LoadGenerator,
  server: ServerProcess | null,
  output: Output,
  measured: Measured[],
): Promise<void> {
  let failures = 0;
  for (const round of rounds) {
    const one = await runRound(generator, round, 'measuring', server, output);
    measured.push(one);
    failures = roundReportOf(one.result, null).sustained ? 0 : failures + 1;
    if (failures === FAILURES_MAX || generator.lostConnections > 0) return;
    if (failures > 0 && round !== rounds.at(-1)) await settle(generator, output);
  }
}

/** Lets the server work off what it was given too much of, so that the next round does not pay for this one. */
async function settle(generator: LoadGenerator, output: Output): Promise<void> {
  for (let attempt = 0; attempt < SETTLE_ATTEMPTS_MAX; attempt++) {
    const { result } = await runRound(generator, PROBE, 'settling', null, output);
    if (roundReportOf(result, null).sustained) return;
  }
}

async function runRound(
  generator: LoadGenerator,
  round: Round,
  title: string,
  server: ServerProcess | null,
  output: Output,
): Promise<Measured> {
  const startedAt = performance.now();
  const cpuBefore = server === null ? null : cpuSecondsOf(server.processId);
  let shownAt = 0;
  const result = await generator.run(round, (sent, answered) => {
    const now = performance.now();
    if (now - shownAt < PROGRESS_MS) return;
    shownAt = now;
    const seconds = ((now - startedAt) / 1000).toFixed(1);
    output.progress(`${title} ${round.rate}/s  ${seconds} of ${round.seconds} s  sent ${sent}, answered ${answered}`);
  });
  const cpuAfter = server === null ? null : cpuSecondsOf(server.processId);
  const elapsedSeconds = (performance.now() - startedAt) / 1000;
  const serverCpu = cpuBefore === null || cpuAfter === null ? null : (cpuAfter - cpuBefore) / elapsedSeconds;
  return { result, serverCpu };
}

function nothingAcknowledged(result: RoundResult): CommandError {
  const codes = Object.entries(result.errors).map(([code, count]) => `${code} × ${count}`);
  return new CommandError(
    'NOTHING_ACKNOWLEDGED',
    `Not one order was acknowledged${codes.length === 0 ? '' : ` (${codes.join(', ')})`}.`,
    'With --url, start that server with: oms start --profile bench',
  );
}
