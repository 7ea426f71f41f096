/**
 * The core alone (gate P1): place → risk → venue acknowledgement → fill through the real actors and codecs on one
 * thread, with a journal that only counts. Prints orders and records per second.
 *   node bench/core.ts [orders]
 */
import { createHash } from 'node:crypto';
import { type DisplayedBook, decimal, type MarketView } from '@oms/domain';
import { defaultInstruments } from '@oms/market-data';
import { orderProcessor } from '@oms/order-processor';
import type { Clock, Journal, JournalGroup, Scheduler } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { createVenueSimulator } from '@oms/venue-simulator';
import { bootstrap } from '../apps/oms/src/compose/bootstrap.ts';
import { EmbeddedHouse } from '../apps/oms/src/compose/embeddedHouse.ts';
import { PROFILES } from '../apps/oms/src/compose/profiles.ts';

class CountingJournal implements Journal {
  readonly epoch = 1;
  lastPosition = 0;
  bytes = 0;
  get durablePosition(): number {
    return this.lastPosition;
  }
  append(group: JournalGroup): void {
    this.lastPosition += group.recordCount;
    this.bytes += group.payload.length;
  }
  async flush(): Promise<void> {}
  *read(): Iterable<JournalGroup> {}
  async close(): Promise<void> {}
}

const orders = Number(process.argv[2] ?? 300_000);
const now = Date.UTC(2026, 0, 5, 12);
const clock: Clock = { now: () => now };
const tasks: (() => void)[] = [];
const scheduler: Scheduler = {
  soon: (task) => void tasks.push(task),
  every: () => ({ cancel() {} }),
  after: () => ({ cancel() {} }),
};
const drain = () => {
  for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) task();
};
const book: DisplayedBook = {
  sequence: 1,
  bids: [[decimal('49999'), decimal('1000000')]],
  asks: [[decimal('50001'), decimal('1000000')]],
};
const price = decimal('50000');
const market: MarketView = {
  book: () => book,
  prices: () => ({ last: price, bestBid: price, bestAsk: price, mark: price, time: now }),
};
const instruments = defaultInstruments();
const journal = new CountingJournal();
const house = new EmbeddedHouse({
  createOrderProcessor: () => orderProcessor(),
  createRiskEngine: () => riskEngine(),
  createVenue: () => createVenueSimulator({ mode: 'simulated', seed: 'bench' }),
  partitions: 1,
  journal,
  snapshots: null,
  clock,
  scheduler,
  market,
  instruments: new Map(instruments.map((instrument) => [instrument.symbol, instrument])),
  failed: (error) => {
    throw error;
  },
});
house.runtime.recover();
house.runtime.start();
const opened = bootstrap(house, house.riskStates(), instruments, PROFILES.bench);
let isOpen = false;
void opened.then(() => {
  isOpen = true;
});
while (!isOpen) {
  drain();
  await new Promise((resolve) => setImmediate(resolve));
}

let answered = 0;
const place = (i: number): void => {
  const trades = i % 3 === 0;
  house.submit(
    0,
    'ordinary',
    (replyTo) => ({
      to: 'order-processor',
      message: {
        type: 'PlaceOrder',
        accountId: `BENCH-${String((i % 1000) + 1).padStart(4, '0')}`,
        clientOrderId: `c${i}`,
        terms: {
          symbol: 'BTC-USD',
          side: 'BUY',
          type: 'LIMIT',
          timeInForce: 'GTC',
          quantity: decimal('0.001'),
          quoteQuantity: null,
          price: decimal(trades ? '50001' : '49990'),
          stopPrice: null,
          triggerSource: 'LAST',
          expireTime: null,
          postOnly: false,
          reduceOnly: false,
          tags: [],
        },
        replyTo,
      },
    }),
    () => answered++,
  );
};

const positionBefore = journal.lastPosition;
const startedAt = performance.now();
const cpuBefore = process.cpuUsage();
for (let i = 0; i < orders; ) {
  for (let end = Math.min(i + 500, orders); i < end; i++) place(i);
  drain();
}
const seconds = (performance.now() - startedAt) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const records = journal.lastPosition - positionBefore;
const memory = process.memoryUsage();
console.log(
  JSON.stringify({
    orders,
    answered,
    ordersPerSecond: Math.round(orders / seconds),
    cpuUsPerOrder: Math.round((10 * (cpu.user + cpu.system)) / orders) / 10,
    recordsPerSecond: Math.round(records / seconds),
    recordsPerOrder: records / orders,
    bytesPerOrder: Math.round(journal.bytes / orders),
    heapBytesPerOrder: Math.round(memory.heapUsed / orders),
    stateHash:
      process.env.NO_HASH === undefined
        ? createHash('sha256').update(house.runtime.stateBytes()).digest('hex').slice(0, 16)
        : null,
  }),
);
