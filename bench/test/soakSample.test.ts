/** What the samples of a soak say about memory. */
import { describe, expect, it } from 'vitest';
import { metricsIn } from '../suite/serverMetrics.ts';
import { memoryGrowth, type SoakSample, sparkline } from '../suite/soakSample.ts';

const STATED = { perOpenOrder: 1_000, perClosedOrder: 100 };

/** Sample `i`: a hundred thousand orders each, half of them left open, with one full collection every other sample. */
const sampleOf = (i: number, keptBytesPerOrder: number): SoakSample => {
  const orders = i * 100_000;
  const collected = Math.floor(i / 2) * 2 * 100_000;
  return {
    seconds: i * 5,
    rssMB: 500 + (orders * 2_000) / 1e6,
    heapMB: 300,
    externalMB: 10,
    // Measured at the collection, at the sample that first shows it.
    keptMB: 80 + (collected * keptBytesPerOrder) / 1e6,
    majorCollections: Math.floor(i / 2),
    loopDelayMsP99: 12,
    loopDelayMsMax: 40,
    cpuSeconds: i,
    orders,
    openOrders: orders / 2,
  };
};
const samplesOf = (count: number, keptBytesPerOrder: number) =>
  Array.from({ length: count }, (_, i) => sampleOf(i, keptBytesPerOrder));

describe('memoryGrowth', () => {
  it('is explained by the orders when they take what was stated', () => {
    const growth = memoryGrowth(samplesOf(11, 550), STATED);
    expect(growth).toMatchObject({ samples: 11, orders: 1_000_000, statedPerMillionMB: 550 });
    expect(growth.rssPerMillionMB).toBeCloseTo(2_000);
    expect(growth.keptPerMillionMB).toBeCloseTo(550);
    expect(growth.unexplainedPerMillionMB).toBeCloseTo(0);
  });

  it('shows what is kept beyond that', () => {
    expect(memoryGrowth(samplesOf(11, 750), STATED).unexplainedPerMillionMB).toBeCloseTo(200);
  });

  it('says nothing of what is kept before two full collections', () => {
    const growth = memoryGrowth(samplesOf(3, 550), STATED);
    expect(growth.keptPerMillionMB).toBeNull();
    expect(growth.unexplainedPerMillionMB).toBeNull();
    expect(memoryGrowth([], STATED).rssPerMillionMB).toBeNull();
  });
});

describe('sparkline', () => {
  it.each([
    [[], ''],
    [[5], '▁'],
    [[0, 7, 3.5], '▁█▅'],
    [[1, 1, 1], '▁▁▁'],
  ])('of %j', (values, expected) => {
    expect(sparkline(values)).toBe(expected);
  });

  it('keeps the peaks when there are more values than room', () => {
    const values = Array.from({ length: 600 }, (_, i) => (i === 299 ? 100 : 0));
    expect(sparkline(values, 6)).toBe('▁▁█▁▁▁');
  });
});

describe('metricsIn', () => {
  const page = '# HELP oms_orders Orders.\n# TYPE oms_orders gauge\noms_orders_total 9\noms_orders 12\n';

  it('finds the value', () => {
    expect(metricsIn(page, ['oms_orders'])).toEqual({ oms_orders: 12 });
  });

  it('misses what is not there', () => {
    expect(() => metricsIn(page, ['oms_open'])).toThrow('no metric oms_open');
  });
});
