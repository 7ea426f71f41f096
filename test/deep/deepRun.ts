/**
 * Divides the time among the campaigns: each gets at least one dose and an even share of what is left; who has had the
 * doses it wants leaves its time to the others; once all have, all go on until the time is up.
 */
import type { Breach, Campaign } from './campaign.ts';

export interface DeepRunOptions {
  readonly campaigns: readonly Campaign[];
  readonly durationMs: number;
  readonly firstSeed: number;
  /** Of each campaign; no more are begun after them. */
  readonly dosesMax?: number;
  readonly now: () => number;
  /** Aborted by Ctrl-C: no dose is begun after it, and what a dose under way throws is no breach. */
  readonly interrupted: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
}

export interface Progress {
  readonly kind: 'turn' | 'dose' | 'breach';
  readonly tally: Tally;
  readonly breach?: Breach;
}

/** What one campaign came to. */
export interface Tally {
  readonly campaign: Campaign;
  doses: number;
  readonly breaches: Breach[];
  /** What ended the campaign itself, before its time; counts as a breach. */
  failure: string | null;
}

export async function deepRun(options: DeepRunOptions): Promise<readonly Tally[]> {
  const tallies = options.campaigns.map((campaign): Tally => ({ campaign, doses: 0, breaches: [], failure: null }));
  const endsAt = options.now() + options.durationMs;
  const isOver = () => options.interrupted.aborted || options.now() >= endsAt;
  let waiting = tallies.filter(({ campaign }) => campaign.unavailable === undefined);
  for (let round = 1; waiting.length > 0 && (round === 1 || !isOver()); round++) {
    for (const [i, tally] of waiting.entries()) {
      if (options.interrupted.aborted) break;
      const share = Math.max(0, endsAt - options.now()) / (waiting.length - i);
      await turn(tally, options.now() + share, round > 1, options);
    }
    waiting = stillWaiting(tallies, options);
  }
  return tallies;
}

/** Who gets another turn: who wants doses; when nobody does, everybody. */
function stillWaiting(tallies: readonly Tally[], { dosesMax = Number.POSITIVE_INFINITY }: DeepRunOptions): Tally[] {
  const able = tallies.filter(
    ({ campaign, failure, doses }) => campaign.unavailable === undefined && failure === null && doses < dosesMax,
  );
  const wanting = able.filter(({ campaign, doses }) => doses < campaign.dosesWanted);
  return wanting.length > 0 ? wanting : able;
}

async function turn(tally: Tally, until: number, mayBeEmpty: boolean, options: DeepRunOptions): Promise<void> {
  const { campaign } = tally;
  const { interrupted, onProgress, dosesMax = Number.POSITIVE_INFINITY } = options;
  const before = tally.doses;
  const wanted = before < campaign.dosesWanted ? campaign.dosesWanted : Number.POSITIVE_INFINITY;
  onProgress({ kind: 'turn', tally });
  try {
    await campaign.run({
      firstSeed: options.firstSeed + before,
      wantsMore() {
        if (interrupted.aborted || tally.doses >= Math.min(wanted, dosesMax)) return false;
        return options.now() < until || (!mayBeEmpty && tally.doses === before);
      },
      dosed(count = 1) {
        if (interrupted.aborted) return;
        tally.doses += count;
        onProgress({ kind: 'dose', tally });
      },
      breached(breach) {
        if (interrupted.aborted) return;
        tally.breaches.push(breach);
        onProgress({ kind: 'breach', tally, breach });
      },
    });
  } catch (error) {
    if (!interrupted.aborted) tally.failure = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  // A campaign that gives nothing in its turn would be asked for ever.
  if (tally.doses === before && tally.failure === null && !interrupted.aborted && !mayBeEmpty) {
    tally.failure = 'it gave no dose';
  }
}

export const isBreached = ({ breaches, failure }: Tally): boolean => breaches.length > 0 || failure !== null;
