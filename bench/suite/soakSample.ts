/** What the soak sees of the server, sample by sample, and what the samples say about its memory. */
import { slope } from './statistics.ts';

/** What the server tells of itself. */
export interface ProcessSample {
  /** Since the process began. */
  readonly seconds: number;
  readonly rssMB: number;
  readonly heapMB: number;
  /** Memory outside the heap that belongs to objects in it. */
  readonly externalMB: number;
  /** Heap and external after the last full collection; 0 before the first. */
  readonly keptMB: number;
  readonly majorCollections: number;
  /** Since the last sample. */
  readonly loopDelayMsP99: number;
  readonly loopDelayMsMax: number;
  readonly cpuSeconds: number;
}

export interface SoakSample extends ProcessSample {
  readonly openOrders: number;
  /** Ever placed. */
  readonly orders: number;
}

/** Megabytes per million orders, or bytes per order: the same number. */
export interface MemoryGrowth {
  readonly samples: number;
  readonly orders: number;
  /** By the resident set: what the machine sees. */
  readonly rssPerMillionMB: number | null;
  /** By what full collections left: what is really kept. */
  readonly keptPerMillionMB: number | null;
  /** What orders that are open and orders that closed are known to take, by memory.ts. */
  readonly statedPerMillionMB: number;
  /** Kept beyond what is stated: a leak, if it stays as the run gets longer. */
  readonly unexplainedPerMillionMB: number | null;
}

/** What the house keeps of one order. */
export interface StatedBytes {
  readonly perOpenOrder: number;
  readonly perClosedOrder: number;
}

/** @param samples those after the warm-up */
export function memoryGrowth(samples: readonly SoakSample[], stated: StatedBytes): MemoryGrowth {
  const first = samples[0];
  const last = samples.at(-1);
  const orders = first === undefined || last === undefined ? 0 : last.orders - first.orders;
  const perMillion = (points: readonly (readonly [number, number])[]) => {
    const perOrder = slope(points);
    return perOrder === null ? null : perOrder * 1e6;
  };
  // One point per full collection: between two of them nothing is known of what is kept.
  const collected = samples.filter(
    ({ majorCollections }, i) => i > 0 && majorCollections > samples[i - 1]!.majorCollections,
  );
  const kept = perMillion(collected.map((sample) => [sample.orders, sample.keptMB]));
  const opened = orders === 0 ? 0 : (last!.openOrders - first!.openOrders) / orders;
  const statedMB = opened * stated.perOpenOrder + (1 - opened) * stated.perClosedOrder;
  return {
    samples: samples.length,
    orders,
    rssPerMillionMB: perMillion(samples.map((sample) => [sample.orders, sample.rssMB])),
    keptPerMillionMB: kept,
    statedPerMillionMB: statedMB,
    unexplainedPerMillionMB: kept === null ? null : kept - statedMB,
  };
}

const BARS = '▁▂▃▄▅▆▇█';

/** One character per value, at most `width` of them; each the largest of its share of the values. */
export function sparkline(values: readonly number[], width = 60): string {
  const count = Math.min(width, values.length);
  const shares = Array.from({ length: count }, (_, i) =>
    Math.max(...values.slice(Math.floor((i * values.length) / count), Math.floor(((i + 1) * values.length) / count))),
  );
  const low = Math.min(...shares);
  const range = Math.max(...shares) - low || 1;
  return shares.map((value) => BARS[Math.round(((value - low) / range) * (BARS.length - 1))]).join('');
}
