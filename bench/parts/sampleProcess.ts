/**
 * Preloaded into the server by the soak (`node --import`): sends its own memory and event-loop delay to the parent, at
 * the interval that OMS_SAMPLE_MS names, and ends with it. The heap is also told as it was after the last full
 * collection: what is used in between is mostly garbage.
 */
import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks';
import type { ProcessSample } from '../suite/soakSample.ts';

const MAJOR_COLLECTION = 4;

/** What the type declarations leave out of an entry of kind "gc". */
interface CollectionEntry {
  readonly detail: { readonly kind: number };
}

const bytesToMB = (bytes: number): number => bytes / 1e6;

const delay = monitorEventLoopDelay({ resolution: 10 });
let keptMB = 0;
let majorCollections = 0;

new PerformanceObserver((list) => {
  for (const { detail } of list.getEntries() as unknown as readonly CollectionEntry[]) {
    if (detail.kind !== MAJOR_COLLECTION) continue;
    const { heapUsed, external } = process.memoryUsage();
    majorCollections++;
    keptMB = bytesToMB(heapUsed + external);
  }
}).observe({ entryTypes: ['gc'] });

function sample(): ProcessSample {
  const { rss, heapUsed, external } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  const taken = {
    seconds: performance.now() / 1_000,
    rssMB: bytesToMB(rss),
    heapMB: bytesToMB(heapUsed),
    externalMB: bytesToMB(external),
    keptMB,
    majorCollections,
    loopDelayMsP99: delay.percentile(99) / 1e6,
    loopDelayMsMax: delay.max / 1e6,
    cpuSeconds: (user + system) / 1e6,
  };
  delay.reset();
  return taken;
}

const intervalMs = Number(process.env.OMS_SAMPLE_MS);
if (process.send !== undefined && intervalMs > 0) {
  delay.enable();
  setInterval(() => process.send?.(sample()), intervalMs).unref();
  // The channel alone must not keep the server alive.
  process.channel?.unref();
}
