/**
 * How fast this machine is now, in two plain loops that have nothing to do with the project: arithmetic, and records kept
 * in a Map by text, whose cost is the memory's. The second is the baseline of what keeps orders in memory.
 */

export interface Yardstick {
  /** Additions and multiplications of small integers per second. */
  readonly arithmeticPerSecond: number;
  /** Records put into a Map by a new text, read back and changed, per second. */
  readonly keptRecordsPerSecond: number;
  /** The same as processor time, which does not grow when others want the processor too. */
  readonly keptRecordCpuNs: number;
}

const ARITHMETIC_STEPS = 50_000_000;
const RECORDS = 200_000;
const ATTEMPTS = 3;

export function measureYardstick(): Yardstick {
  const arithmetic = bestOf(ARITHMETIC_STEPS, calculate);
  const kept = bestOf(RECORDS, keepRecords);
  return {
    arithmeticPerSecond: arithmetic.perSecond,
    keptRecordsPerSecond: kept.perSecond,
    keptRecordCpuNs: kept.cpuNs,
  };
}

function bestOf(count: number, work: (count: number) => number) {
  let perSecond = 0;
  let cpuNs = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const startedAt = performance.now();
    const cpuBefore = process.cpuUsage();
    const result = work(count);
    const { user, system } = process.cpuUsage(cpuBefore);
    perSecond = Math.max(perSecond, (1_000 * count) / (performance.now() - startedAt));
    cpuNs = Math.min(cpuNs, (1_000 * (user + system)) / count);
    if (Number.isNaN(result)) throw new Error('nothing was calculated');
  }
  return { perSecond, cpuNs };
}

function calculate(steps: number): number {
  let value = 1;
  for (let i = 0; i < steps; i++) value = (Math.imul(value, 1_664_525) + 1_013_904_223) | 0;
  return value;
}

function keepRecords(count: number): number {
  const records = new Map<string, { id: string; price: bigint; quantity: bigint; filled: number }>();
  for (let i = 0; i < count; i++) {
    const id = `o-0-${i}`;
    records.set(id, { id, price: 5_000_000_000_000n + BigInt(i), quantity: 100_000n, filled: 0 });
  }
  let filled = 0;
  // In another order than they came in, as the market does it.
  for (let i = 0; i < count; i++) {
    const record = records.get(`o-0-${(i * 7_919) % count}`)!;
    record.filled++;
    filled += record.filled;
  }
  return filled;
}
