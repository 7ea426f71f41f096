/** Runs rounds on one generator, shows how they go, and tells what the server's process used meanwhile. */
import type { Output } from '../printing/output.ts';
import type { Round } from './benchOptions.ts';
import { type RoundReport, roundReportOf } from './benchReport.ts';
import type { GeneratorProcess } from './generator/generatorProcess.ts';
import { cpuSecondsOf } from './machine.ts';

const PROGRESS_MS = 200;
const FAILURES_MAX = 2;
/** Too few orders to keep anybody busy, enough to see whether answers come at once. */
const PROBE: Round = { rate: 100, seconds: 0.5 };
const SETTLE_ATTEMPTS_MAX = 60;

export class RoundRunner {
  /** As JSON, the first order that was acknowledged. */
  sampleAnswer: string | null = null;
  readonly #generator: GeneratorProcess;
  readonly #serverProcessId: number | null;
  readonly #output: Output;
  #lostConnections = 0;

  constructor(generator: GeneratorProcess, serverProcessId: number | null, output: Output) {
    this.#generator = generator;
    this.#serverProcessId = serverProcessId;
    this.#output = output;
  }

  async run(round: Round, title: string): Promise<RoundReport> {
    const startedAt = performance.now();
    const cpuBefore = this.#serverCpu();
    const rate = round.window === undefined ? `${round.rate}/s ` : '';
    let shownAt = 0;
    const result = await this.#generator.run(round, (sent, answered) => {
      const now = performance.now();
      if (now - shownAt < PROGRESS_MS) return;
      shownAt = now;
      const seconds = ((now - startedAt) / 1000).toFixed(1);
      const counts = `sent ${sent}, answered ${answered}`;
      this.#output.progress(`${title} ${rate} ${seconds} of ${round.seconds.toFixed(1)} s  ${counts}`);
    });
    const cpuAfter = this.#serverCpu();
    this.sampleAnswer ??= result.sampleAnswer;
    this.#lostConnections = result.lostConnections;
    return roundReportOf(result, cpuBefore === null || cpuAfter === null ? null : cpuAfter - cpuBefore);
  }

  /** The measured rounds, until two in a row were too much: enough to see the knee. */
  async climb(rounds: readonly Round[]): Promise<RoundReport[]> {
    const reports: RoundReport[] = [];
    let failures = 0;
    for (const round of rounds) {
      if (failures > 0) await this.settle();
      const report = await this.run(round, 'measuring');
      reports.push(report);
      failures = report.sustained ? 0 : failures + 1;
      if (failures === FAILURES_MAX || this.#lostConnections > 0) break;
    }
    return reports;
  }

  /** Lets the server work off what it was given too much of, so that the next round does not pay for this one. */
  async settle(): Promise<void> {
    for (let attempt = 0; attempt < SETTLE_ATTEMPTS_MAX; attempt++) {
      if ((await this.run(PROBE, 'settling')).sustained) return;
    }
  }

  #serverCpu(): number | null {
    return this.#serverProcessId === null ? null : cpuSecondsOf(this.#serverProcessId);
  }
}
