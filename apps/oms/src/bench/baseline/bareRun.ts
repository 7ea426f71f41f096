/** Loads the bare server with the same frames by the same generator: its best rate, and its latency at a given one. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../commandError.ts';
import type { Output } from '../../printing/output.ts';
import type { BareReport } from '../benchReport.ts';
import type { GeneratorOptions } from '../generator/generatorMessages.ts';
import { GeneratorProcess } from '../generator/generatorProcess.ts';
import type { SymbolTerms } from '../marketTerms.ts';
import { RoundRunner } from '../roundRunner.ts';
import type { BareServerOrder } from './bareServerMain.ts';

const MAIN = fileURLToPath(new URL('./bareServerMain.ts', import.meta.url));
/** Requests under way when the best rate is looked for: enough to keep the server busy, too few to drown it. */
const WINDOW = 1_024;
const SECONDS_MAX = 3;

export interface BareRun {
  readonly generator: GeneratorOptions;
  readonly terms: readonly SymbolTerms[];
  /** An order as the real server answers it. */
  readonly sampleAnswer: string;
  /** The rate to compare latencies at, and how long. */
  readonly rate: number;
  readonly seconds: number;
}

export async function measureBareServer(run: BareRun, output: Output): Promise<BareReport> {
  const { transport, batch, mix } = run.generator;
  const server = fork(MAIN, { execArgv: [] });
  try {
    const port = await portOf(server, { transport, order: run.sampleAnswer });
    // New orders only: the bare server knows no others, and their frames are the longest.
    const onlyNew = { ...mix, replaceShare: 0, cancelShare: 0 };
    const generator = await GeneratorProcess.start({ ...run.generator, host: '127.0.0.1', port, mix: onlyNew });
    try {
      generator.price(run.terms);
      const runner = new RoundRunner(generator, server.pid!, output);
      const seconds = Math.min(SECONDS_MAX, run.seconds);
      const window = Math.max(WINDOW, 4 * batch);
      await runner.run({ rate: run.rate, seconds, window }, 'bare server, warm-up');
      const best = await runner.run({ rate: run.rate, seconds, window }, 'bare server, as fast as it can');
      const atRate = await runner.run({ rate: run.rate, seconds }, 'bare server');
      return { bestRate: best.achievedRate, atRate: { ...atRate, tradedShare: null } };
    } finally {
      generator.stop();
    }
  } finally {
    server.disconnect();
  }
}

function portOf(server: ChildProcess, order: BareServerOrder): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('message', (message: { port: number }) => resolve(message.port));
    server.once('exit', () => reject(new CommandError('BASELINE_FAILED', 'The bare server did not start.')));
    server.send(order);
  });
}
