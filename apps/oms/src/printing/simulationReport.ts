/** What a simulation did, for people: how far it is, then what was dosed, and every failing seed with its command. */
import { type FaultFocus, type RangeReport, rerunOf, type SeedReport } from '@oms/simulation';
import { quietTable } from './orderTables.ts';
import type { Output } from './output.ts';

const BREACHES_SHOWN = 3;
/** Counted beside the faults: what was done, not what was suffered. */
const WORK = ['orders', 'fills', 'records', 'starts', 'snapshots'];

export class SimulationProgress {
  readonly #output: Output;
  readonly #wanted: number;
  readonly #now: () => number;
  readonly #startedAt: number;
  #done = 0;
  #failed = 0;
  #faults = 0;

  constructor(output: Output, wanted: number, now: () => number = Date.now) {
    this.#output = output;
    this.#wanted = wanted;
    this.#now = now;
    this.#startedAt = now();
  }

  done({ breaches, doses }: SeedReport): void {
    this.#done++;
    if (breaches.length > 0) this.#failed++;
    for (const [name, count] of Object.entries(doses)) if (!WORK.includes(name)) this.#faults += count;
    const seconds = Math.max(0.001, (this.#now() - this.#startedAt) / 1_000);
    const rate = (this.#done / seconds).toFixed(1);
    const failed = this.#failed === 0 ? '' : `, ${this.#failed} failed`;
    this.#output.progress(
      `${this.#done} of ${this.#wanted} seeds, ${rate} a second, ${this.#faults.toLocaleString('en-US')} faults${failed}`,
    );
  }

  end(): void {
    this.#output.progress('');
  }
}

export function printSimulationReport(report: RangeReport, focus: FaultFocus | null, output: Output): void {
  const { colors } = output;
  const { seeds, minutes, failed, doses, hash } = report;
  const table = quietTable(['given', 'times'], [1], colors);
  for (const [name, count] of Object.entries(doses)) {
    if (!WORK.includes(name)) table.push([name, count.toLocaleString('en-US')]);
  }
  output.line(table.toString());
  output.line();
  const work = WORK.map((name) => `${(doses[name] ?? 0).toLocaleString('en-US')} ${name}`).join(', ');
  output.line(`${seeds} seeds of ${minutes} simulated minutes and a quiet phase: ${work}`);
  output.line(`hash ${hash}`);
  for (const { seed, breaches } of failed) {
    output.line(`${colors.red('✗')} seed ${seed}: ${breaches.slice(0, BREACHES_SHOWN).join('\n  ')}`);
    if (breaches.length > BREACHES_SHOWN) output.line(`  … and ${breaches.length - BREACHES_SHOWN} more`);
    output.line(`  ${rerunOf(seed, minutes, focus)}`);
  }
  output.line(failed.length === 0 ? colors.green('Everything holds.') : colors.red(`${failed.length} seeds failed.`));
}
