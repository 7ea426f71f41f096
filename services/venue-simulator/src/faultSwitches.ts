/**
 * The fault switches: their JSON in the journal, and the dice. A die is the hash of the seed, what it decides and
 * whom it is about: no stream of random numbers has to be remembered, and a replay throws the same.
 */
import { decimal, formatDecimal, ONE, type Rate, type VenueFaults } from '@oms/domain';

export const NO_FAULTS: VenueFaults = {
  latencyMs: 0,
  rejectRate: 0n,
  partialFillRate: 0n,
  lateReportRate: 0n,
  lateReportMs: 0,
  duplicateReportRate: 0n,
  lostReportRate: 0n,
  lostRequestRate: 0n,
  reorderReportRate: 0n,
  overfillRate: 0n,
  disconnected: false,
  totalsOnly: false,
};

const DELAY_MS_MAX = 3_600_000;

export const isFaultless = (faults: VenueFaults): boolean =>
  Object.values(faults).every((value) => value === 0 || value === 0n || value === false);

/** @returns what is wrong with the switches, or `null`. */
export function validateFaults(faults: VenueFaults): string | null {
  for (const [name, value] of Object.entries(faults)) {
    if (typeof value === 'bigint' && (value < 0n || value > ONE)) return `${name} must be a share from 0 to 1`;
    if (typeof value === 'number' && !(Number.isSafeInteger(value) && value >= 0 && value <= DELAY_MS_MAX)) {
      return `${name} must be whole milliseconds from 0 to ${DELAY_MS_MAX}`;
    }
  }
  return null;
}

/** Rates as decimal strings. */
export const formatFaults = (faults: VenueFaults): string =>
  JSON.stringify(faults, (_, value: unknown) => (typeof value === 'bigint' ? formatDecimal(value) : value));

/** Reads what {@link formatFaults} wrote. */
export const parseFaults = (text: string): VenueFaults =>
  JSON.parse(text, (_, value: unknown) => (typeof value === 'string' ? decimal(value) : value)) as VenueFaults;

export type Dice = (what: string, whom: string, rate: Rate) => boolean;

/** Throws a die that says yes with the probability `rate`, always the same for the same `what` and `whom`. */
export const diceOf =
  (seed: string): Dice =>
  (what, whom, rate) =>
    rate > 0n && (BigInt(hashOf(`${seed}|${what}|${whom}`)) * ONE) / 0x1_0000_0000n < rate;

/** FNV-1a with a murmur finish: every bit of the text reaches every bit of the 32. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
