/**
 * Epoch milliseconds as ISO 8601 UTC. A batch shares one time and an order shows two, so the texts of the newest few
 * milliseconds are kept: writing one anew costs as much as the rest of a small answer.
 */
const KEPT = 64;
const times = new Float64Array(KEPT).fill(Number.NaN);
const texts: string[] = new Array(KEPT).fill('');

export function isoTime(epochMs: number): string {
  const slot = epochMs & (KEPT - 1);
  if (times[slot] !== epochMs) {
    texts[slot] = new Date(epochMs).toISOString();
    times[slot] = epochMs;
  }
  return texts[slot]!;
}
