/**
 * Which faults a seed suffers and how badly, drawn anew for every seed: some know none of a kind, some little, some a
 * lot, so that faults are met alone and together. A focus makes sure of one kind.
 */
import type { LinkFaults } from '../clients/link.ts';
import { type DiskPace, GOOD_DISK } from '../disk/simulatedDisk.ts';
import type { SeededRandom } from '../world/seededRandom.ts';

export const FAULT_FOCUSES = ['disk', 'messages', 'clock', 'venue'] as const;
export type FaultFocus = (typeof FAULT_FOCUSES)[number];

/** Mean times between faults are in milliseconds; null: never. */
export interface FaultPlan {
  readonly crashes: { readonly everyMs: number; readonly powerShare: number; readonly midCallShare: number } | null;
  readonly diskErrors: { readonly everyMs: number } | null;
  readonly disk: DiskPace;
  readonly shortWrites: boolean;
  /** Chance of bits that flip while the house is down. */
  readonly rotChance: number;
  readonly link: LinkFaults;
  readonly clock: { readonly everyMs: number } | null;
  readonly pauses: { readonly everyMs: number } | null;
  readonly venue: { readonly everyMs: number } | null;
  readonly marketGaps: { readonly everyMs: number } | null;
  /** Chance that the house is stopped in order instead of killed. */
  readonly cleanStopShare: number;
  readonly stormCopies: number;
}

export function drawFaultPlan(random: SeededRandom, focus: FaultFocus | null): FaultPlan {
  const has = (kind: FaultFocus | null, chance = 0.5) => (kind !== null && kind === focus) || random.chance(chance);
  const often = (least: number, most: number) => ({ everyMs: random.between(least, most) });
  return {
    crashes: has('disk', 0.6)
      ? { ...often(1_500, 25_000), powerShare: focus === 'disk' ? 1 : random.next(), midCallShare: random.next() }
      : null,
    diskErrors: random.chance(0.25) ? often(5_000, 40_000) : null,
    disk: random.chance(0.4) ? drawPace(random) : GOOD_DISK,
    shortWrites: random.chance(0.2),
    rotChance: random.chance(0.25) ? random.next() : 0,
    link: has('messages') ? drawLink(random) : { loseChance: 0, duplicateChance: 0, delayChance: 0, delayMs: 0 },
    clock: has('clock', 0.35) ? often(2_000, 20_000) : null,
    pauses: has('clock', 0.25) ? often(5_000, 30_000) : null,
    venue: has('venue') ? often(2_000, 15_000) : null,
    marketGaps: random.chance(0.3) ? often(5_000, 30_000) : null,
    cleanStopShare: random.chance(0.5) ? random.next() * 0.5 : 0,
    stormCopies: random.pick([1, 2, 5, 10]),
  };
}

const drawPace = (random: SeededRandom): DiskPace => ({
  write: [0.01, random.pick([1, 20])],
  sync: [0.2, random.pick([10, 100])],
  stallChance: random.chance(0.5) ? 0.02 : 0,
  stallMs: random.pick([500, 3_000]),
});

const drawLink = (random: SeededRandom): LinkFaults => ({
  loseChance: random.chance(0.7) ? random.next() * 0.3 : 0,
  duplicateChance: random.chance(0.7) ? random.next() * 0.3 : 0,
  delayChance: random.chance(0.7) ? random.next() * 0.3 : 0,
  delayMs: random.pick([50, 1_000, 8_000]),
});
