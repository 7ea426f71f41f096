/**
 * How fast the read model follows the journal: projects a made-up day of orders (placed, submitted, accepted, filled
 * in full, with their risk and venue records) into a new database and reports order events per second, and how long
 * the longest chunk kept a query waiting. The baseline of the same run writes rows of the same sizes into tables
 * without an index: what SQLite alone would take on this machine now. Run: node bench/projection.ts [orders] [accounts]
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { decimal, type OrderTerms } from '@oms/domain';
import type { FedRecord } from '@oms/ports/contract/readModelScenario';
import { tradingDay } from '@oms/ports/contract/readModelScenario';
import { DocumentStore } from '../packages/adapters/embedded/src/readModel/documentStore.ts';
import { PROJECTION_LIMITS, Projection } from '../packages/adapters/embedded/src/readModel/projection.ts';
import { openDatabase } from '../packages/adapters/embedded/src/readModel/schema.ts';
import { FedJournal } from '../packages/adapters/embedded/test/readModel/fedJournal.ts';

const orders = Number(process.argv[2] ?? 50_000);
const accounts = Number(process.argv[3] ?? 1_000);
const ORDERS_PER_GROUP = 200;
const ORDER_EVENTS = 4;
const ORDERS_PER_COMMIT = 2_000;
const START = Date.UTC(2026, 0, 5);

const accountIdOf = (index: number): string => `BENCH-${String(index + 1).padStart(4, '0')}`;
const SYMBOLS = ['BTC-USD', 'ETH-USD'];

const termsOf = (number: number): OrderTerms => ({
  symbol: SYMBOLS[number % SYMBOLS.length]!,
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: decimal('0.015'),
  quoteQuantity: null,
  price: decimal('64123.57'),
  stopPrice: null,
  triggerSource: 'LAST',
  expireTime: null,
  postOnly: false,
  reduceOnly: false,
  tags: [],
});

/** The records of one order's life, as the services of one batch journal them. */
function lifeOf(number: number): FedRecord[] {
  const orderId = `o-0-${number}`;
  const accountId = accountIdOf((number * 7_919) % accounts);
  const clientOrderId = `client-${number.toString(36)}-${(number * 2_654_435_761) % 4_294_967_296}`;
  const terms = termsOf(number);
  const { symbol, side, price } = terms;
  const executionId = `x-${number}`;
  const fill = { executionId, quantity: terms.quantity!, price: price!, fee: decimal('0.96'), feeCurrency: 'USD' };
  const hold = { quantity: terms.quantity!, quoteQuantity: null, price, stopPrice: null, protectionPrice: null };
  const venueOrderId = `v-${number}`;
  const venueTerms = { orderId, symbol, side, type: 'LIMIT', timeInForce: 'GTC', ...hold, postOnly: false } as const;
  return [
    { service: 'order-processor', events: [{ type: 'OrderPlaced', orderId, accountId, clientOrderId, terms }] },
    {
      service: 'risk-engine',
      events: [{ type: 'HoldPlaced', accountId, orderId, symbol, side, ...hold, holdPrice: price!, reduceOnly: false }],
    },
    { service: 'order-processor', events: [{ type: 'OrderSubmitted', orderId, protectionPrice: null }] },
    {
      service: 'venue-simulator',
      events: [
        { type: 'VenueOrderReceived', terms: venueTerms, venueOrderId, queueAhead: 0n },
        { type: 'VenueOrderTraded', orderId, ...fill, liquidity: 'TAKER', bookSequence: 0 },
        { type: 'VenueOrderClosed', orderId },
      ],
    },
    { service: 'order-processor', events: [{ type: 'OrderAccepted', orderId, venueOrderId }] },
    {
      service: 'order-processor',
      events: [{ type: 'OrderFilled', orderId, ...fill, liquidity: 'TAKER', completesQuote: false }],
    },
    {
      service: 'risk-engine',
      events: [
        { type: 'FillSettled', accountId, orderId, symbol, side, ...fill },
        { type: 'HoldReleased', accountId, orderId },
      ],
    },
  ];
}

function journalOf(): FedJournal {
  const journal = new FedJournal();
  journal.append(START, tradingDay()[0]!.slice(0, 1));
  for (let i = 0; i < accounts; i++) {
    const accountId = accountIdOf(i);
    journal.append(START, [
      {
        service: 'risk-engine',
        events: [
          { type: 'AccountOpened', accountId, name: accountId, kind: 'BENCH', deskId: 'bench' },
          { type: 'FundsDeposited', accountId, currency: 'USD', amount: decimal('10000000') },
        ],
      },
      { service: 'order-processor', events: [{ type: 'AccountRegistered', accountId }] },
    ]);
  }
  for (let first = 1; first <= orders; first += ORDERS_PER_GROUP) {
    const records: FedRecord[] = [];
    for (let number = first; number < first + ORDERS_PER_GROUP && number <= orders; number++) {
      records.push(...lifeOf(number));
    }
    journal.append(START + first, records);
  }
  return journal;
}

/** Rows that one order leaves, and the bytes of their bodies: the order, its id, three reports, a position, two balances. */
const ROW_BYTES = [330, 40, 260, 260, 260, 160, 120, 120];

/** @returns order events per second when their rows are written and nothing else is done */
function bareRate(file: string): number {
  const database = openDatabase(file)!;
  database.exec('CREATE TABLE bare (number INTEGER PRIMARY KEY, body TEXT NOT NULL)');
  const insert = database.prepare('INSERT INTO bare (number, body) VALUES (?, ?)');
  const bodies = ROW_BYTES.map((bytes) => 'x'.repeat(bytes));
  const started = performance.now();
  for (let order = 0; order < orders; order += ORDERS_PER_COMMIT) {
    database.exec('BEGIN');
    for (let i = order; i < order + ORDERS_PER_COMMIT; i++) {
      bodies.forEach((body, row) => {
        insert.run(i * bodies.length + row, body);
      });
    }
    database.exec('COMMIT');
  }
  const seconds = (performance.now() - started) / 1_000;
  database.close();
  return (orders * ORDER_EVENTS) / seconds;
}

const directory = mkdtempSync(join(tmpdir(), 'oms-bench-projection-'));
const databaseFile = join(directory, 'read-model.sqlite');
try {
  const journal = journalOf();
  const store = new DocumentStore(openDatabase(databaseFile)!);
  const projection = new Projection(store, journal.open, PROJECTION_LIMITS);
  const started = performance.now();
  const cpuBefore = process.cpuUsage();
  const chunkMs: number[] = [];
  for (let more = true, before = started; more; ) {
    more = projection.step(journal.lastPosition);
    const now = performance.now();
    chunkMs.push(now - before);
    before = now;
  }
  const seconds = (performance.now() - started) / 1_000;
  const cpu = process.cpuUsage(cpuBefore);
  projection.close();
  store.close();
  const rate = (orders * ORDER_EVENTS) / seconds;
  const bare = bareRate(join(directory, 'bare.sqlite'));
  chunkMs.sort((a, b) => a - b);
  const chunkMsAt = (share: number): string => chunkMs[Math.floor(share * (chunkMs.length - 1))]!.toFixed(1);
  console.log(`node ${process.version}, ${orders} orders of ${accounts} accounts, ${chunkMs.length} chunks`);
  console.log(
    `order events/s   ${Math.round(rate)}: ${Math.round((100 * rate) / bare)} % of bare rows (${Math.round(bare)})`,
  );
  const cpuSeconds = (cpu.user + cpu.system) / 1e6;
  console.log(
    `per CPU second   ${Math.round((orders * ORDER_EVENTS) / cpuSeconds)} (system ${(cpu.system / 1e6).toFixed(1)} s)`,
  );
  console.log(`chunk ms         p50 ${chunkMsAt(0.5)}  p99 ${chunkMsAt(0.99)}  max ${chunkMsAt(1)}`);
  console.log(`bytes per order  ${Math.round(statSync(databaseFile).size / orders)}`);
} finally {
  rmSync(directory, { recursive: true });
}
