/**
 * Deep-run campaigns by deterministic simulation: whole houses on simulated time, each seed with the named kind of
 * fault and whatever else it draws. A dose is what the fault table counts: a power loss, a seed with bad links, a clock
 * that jumps, a sequence of venue faults.
 */
import { type FaultFocus, rerunOf, type SeedReport, simulateSeed } from '@oms/simulation';
import type { Campaign, CampaignContext } from './campaign.ts';

const MINUTES = 0.25;

interface Row {
  readonly name: string;
  readonly fault: string;
  readonly dosesWanted: number;
  readonly focus: FaultFocus;
  /** How many doses the seed gave. */
  readonly dosesIn: (report: SeedReport) => number;
}

const sumOf = ({ doses }: SeedReport, counts: (name: string) => boolean): number =>
  Object.entries(doses).reduce((sum, [name, count]) => (counts(name) ? sum + count : sum), 0);

const ROWS: readonly Row[] = [
  {
    name: 'simulated-power-loss',
    fault: 'power loss: unsynced writes lost, last write torn',
    dosesWanted: 100_000,
    focus: 'disk',
    dosesIn: (report) => sumOf(report, (name) => name === 'power losses'),
  },
  {
    name: 'simulated-messages',
    fault: 'messages duplicated, reordered, delayed, lost',
    dosesWanted: 100_000,
    focus: 'messages',
    dosesIn: (report) => sumOf(report, (name) => name.startsWith('messages ')),
  },
  {
    name: 'simulated-clock',
    fault: 'clock jumps forward, back, freezes',
    dosesWanted: 100,
    focus: 'clock',
    dosesIn: (report) => sumOf(report, (name) => name.startsWith('clock ')),
  },
  {
    name: 'simulated-venue',
    fault: 'venue: duplicate, late, reordered, lost reports, overfill, disconnect',
    dosesWanted: 1_000,
    focus: 'venue',
    dosesIn: (report) => sumOf(report, (name) => name === 'venue settings'),
  },
];

async function run({ focus, dosesIn }: Row, context: CampaignContext): Promise<void> {
  for (let seed = context.firstSeed; context.wantsMore(); seed++) {
    const report = await simulateSeed({ seed, minutes: MINUTES, focus });
    for (const what of report.breaches) context.breached({ seed, what, rerun: rerunOf(seed, MINUTES, focus) });
    context.dosed(dosesIn(report));
  }
}

export const simulationCampaigns: readonly Campaign[] = ROWS.map((row) => ({
  name: row.name,
  fault: row.fault,
  dosesWanted: row.dosesWanted,
  run: (context) => run(row, context),
}));
