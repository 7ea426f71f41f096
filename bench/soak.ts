/**
 * A soak: the whole server as a process on a disk, under the load of `oms bench` at one rate for minutes, sampled every
 * five seconds. Says how memory grew per million orders after the warm-up, and how much of that is the orders it must
 * keep (measured first, by memory.ts). The samples and the load's own report go to a file.
 *   node bench/soak.ts [--minutes 10] [--rate 5000] [--warmup-minutes 1] [--json FILE] [--directory DIR]
 */
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { scriptPath } from './suite/catalog.ts';
import { withDiskDirectory } from './suite/diskDirectory.ts';
import { readFigures } from './suite/figure.ts';
import { runFresh } from './suite/freshProcess.ts';
import { describeCommit, describeMachine, resultFileOf, writeJson } from './suite/results.ts';
import { serverMetrics } from './suite/serverMetrics.ts';
import { type StartedServer, startServer } from './suite/serverProcess.ts';
import {
  type MemoryGrowth,
  memoryGrowth,
  type ProcessSample,
  type SoakSample,
  type StatedBytes,
  sparkline,
} from './suite/soakSample.ts';
import { formatNumber } from './suite/table.ts';

const SAMPLE_MS = 5_000;
const OMS = fileURLToPath(new URL('../apps/oms/bin/oms.mjs', import.meta.url));

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '5000' },
    'warmup-minutes': { type: 'string', default: '1' },
    json: { type: 'string' },
    directory: { type: 'string' },
  },
});

const note = (text: string): void => void process.stderr.write(`${text}\n`);

function numberOf(option: 'minutes' | 'rate' | 'warmup-minutes', min: number): number {
  const value = Number(values[option]);
  if (!(value >= min)) throw new Error(`--${option} is a number of at least ${min}`);
  return value;
}

async function statedBytes(): Promise<StatedBytes> {
  const figures = readFigures(await runFresh([scriptPath('memory.ts'), '--quick']));
  const bytesOf = (name: string) => figures.find(({ figure }) => figure === name)!.value;
  return { perOpenOrder: bytesOf('memory open order'), perClosedOrder: bytesOf('memory closed order') };
}

/** Collects samples until the server ends. */
function collect({ child, ready }: StartedServer, samples: SoakSample[]): void {
  child.on('message', async (message) => {
    const sample = message as ProcessSample;
    try {
      const metrics = await serverMetrics(ready.address, ['oms_orders', 'oms_open_orders']);
      samples.push({ ...sample, orders: metrics.oms_orders, openOrders: metrics.oms_open_orders });
      const told = `${formatNumber(metrics.oms_orders)} orders, ${formatNumber(sample.rssMB)} MB`;
      note(`${sample.seconds.toFixed(0)} s: ${told}, event loop P99 ${formatNumber(sample.loopDelayMsP99)} ms`);
    } catch (error) {
      // It ends, or has no time for anybody: the next sample tells.
      note(`${sample.seconds.toFixed(0)} s: no metrics (${error instanceof Error ? error.message : error})`);
    }
  });
}

/** Loads the server from another process. @returns the report of `oms bench` */
async function load(address: string, rate: number, seconds: number): Promise<unknown> {
  const options = ['--url', address, '--rate', String(rate), '--duration', String(seconds), '--warmup', '0', '--json'];
  return JSON.parse(await runFresh([OMS, 'bench', ...options])) as unknown;
}

function print(samples: readonly SoakSample[], growth: MemoryGrowth): void {
  const line = (title: string, unit: string, of: (sample: SoakSample) => number): void => {
    const series = samples.map(of);
    const range = `${formatNumber(Math.min(...series))} to ${formatNumber(Math.max(...series))} ${unit}`;
    process.stdout.write(`${title.padEnd(20)}${sparkline(series)}  ${range}\n`);
  };
  line('resident set', 'MB', ({ rssMB }) => rssMB);
  line('heap in use', 'MB', ({ heapMB }) => heapMB);
  line('kept after full GC', 'MB', ({ keptMB }) => keptMB);
  line('event loop P99', 'ms', ({ loopDelayMsP99 }) => loopDelayMsP99);
  line('open orders', '', ({ openOrders }) => openOrders);
  const told = (value: number | null) => (value === null ? 'too few samples' : `${formatNumber(value)} MB`);
  process.stdout.write(
    `after the warm-up, per million orders (${formatNumber(growth.orders)} orders): resident set ${told(growth.rssPerMillionMB)}; ` +
      `kept ${told(growth.keptPerMillionMB)}, orders explain ${told(growth.statedPerMillionMB)}; ` +
      `unexplained ${told(growth.unexplainedPerMillionMB)}\n`,
  );
}

async function soak(directory: string): Promise<void> {
  const seconds = Math.round(numberOf('minutes', 0.2) * 60);
  const warmupSeconds = numberOf('warmup-minutes', 0) * 60;
  const rate = numberOf('rate', 1);
  const startedAt = new Date().toISOString();
  const stated = await statedBytes();
  const sampler = fileURLToPath(new URL('./parts/sampleProcess.ts', import.meta.url));
  const server = await startServer(directory, ['--import', sampler], { OMS_SAMPLE_MS: String(SAMPLE_MS) });
  const samples: SoakSample[] = [];
  collect(server, samples);
  const readyAt = performance.now();
  let report: unknown;
  try {
    const died = once(server.child, 'exit').then(([code, signal]) => {
      throw new Error(`the server ended during the soak (${signal ?? code})`);
    });
    report = await Promise.race([load(server.ready.address, rate, seconds), died]);
  } finally {
    await server.kill();
  }
  if (samples.length === 0) throw new Error('not one sample was taken: make it longer');
  const firstSecond = samples[0]!.seconds;
  const growth = memoryGrowth(
    samples.filter((sample) => sample.seconds - firstSecond >= warmupSeconds),
    stated,
  );
  print(samples, growth);
  const commit = describeCommit();
  const file = path.resolve(values.json ?? resultFileOf({ startedAt, ...commit }).replace(/\.json$/, '-soak.json'));
  const ranSeconds = (performance.now() - readyAt) / 1_000;
  writeJson(file, {
    startedAt,
    ...commit,
    machine: describeMachine(),
    rate,
    ranSeconds,
    stated,
    growth,
    samples,
    report,
  });
  note(`kept in ${path.relative('', file)}`);
}

try {
  await withDiskDirectory(values.directory, soak);
} catch (error) {
  note(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
