/** How long to wait before attempt n+1: exponential with full jitter, so that many clients do not return in step. */

export interface BackOff {
  /** Longest wait before the second attempt; doubles with each further one. */
  readonly baseMs: number;
  readonly ceilingMs: number;
  /** In [0, 1). */
  readonly random: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

export const systemBackOff: BackOff = {
  baseMs: 100,
  ceilingMs: 5_000,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** @param failures how many attempts have failed so far, from 1. */
export function delayMs(backOff: BackOff, failures: number, retryAfterMs: number | null): number {
  const ceiling = Math.min(backOff.ceilingMs, backOff.baseMs * 2 ** (failures - 1));
  const jittered = Math.round(ceiling * backOff.random());
  // The server knows better when it will take orders again; the jitter on top keeps clients apart.
  return retryAfterMs === null ? jittered : retryAfterMs + jittered;
}
