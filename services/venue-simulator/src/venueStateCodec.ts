/** The venue's state as bytes. What is derived (resting orders by price, whether any fault is on) is made anew. */
import {
  arrayOf,
  bigInteger,
  count,
  i64,
  mapOf,
  nullable,
  oneOf,
  storedStateCodec,
  struct,
  text8,
  text16,
  time,
  u16,
  venueOrderTerms,
} from '@oms/codec';
import { OrderTable } from '@oms/domain';
import type { Codec } from '@oms/ports';
import { formatFaults, isFaultless, parseFaults } from './faultSwitches.ts';
import { type ClosedEntry, RecentlyClosed } from './recentlyClosed.ts';
import { ReportQueue, type ScheduledReport } from './reportQueue.ts';
import { RestingOrders } from './restingOrders.ts';
import {
  type ConsumedBook,
  type HeldRequest,
  type ManualNotes,
  type StoredOrder,
  type VenueOrder,
  type VenueState,
  type VenueTrade,
  venueOrder,
} from './venueState.ts';

interface StoredVenue {
  readonly partition: number;
  /** By partition and number. */
  readonly orders: readonly StoredOrder[];
  readonly closed: readonly ClosedEntry[];
  readonly consumed: ReadonlyMap<string, ConsumedBook>;
  readonly scheduled: readonly ScheduledReport[];
  readonly scheduledCount: number;
  readonly reportFloor: number;
  readonly venueOrderCount: number;
  readonly executionCount: number;
  readonly arrivalCount: number;
  readonly faults: string;
}

const trade = struct<VenueTrade>('VenueTrade', {
  executionId: text8,
  quantity: i64,
  price: i64,
  fee: bigInteger,
  feeCurrency: text8,
  liquidity: oneOf('MAKER', 'TAKER'),
});

const request = struct<HeldRequest>('HeldRequest', {
  kind: oneOf('CANCEL', 'REPLACE'),
  requestId: text8,
  quantity: nullable(i64),
  price: nullable(bigInteger),
});

const order = struct<StoredOrder>('VenueOrder', {
  terms: venueOrderTerms,
  venueOrderId: text8,
  quantity: i64,
  price: nullable(bigInteger),
  filledQuantity: bigInteger,
  spentQuote: bigInteger,
  queueAhead: bigInteger,
  arrival: count,
  notes: nullable(struct<ManualNotes>('ManualNotes', { trades: arrayOf(trade), requests: arrayOf(request) })),
});

/** Partitions are numbered in 16 bits throughout the journal. */
export const venueStateCodec: Codec<VenueState> = storedStateCodec<VenueState, StoredVenue>(
  {
    name: 'VenueState',
    fields: {
      partition: u16,
      orders: arrayOf(order),
      closed: arrayOf(struct<ClosedEntry>('ClosedEntry', { orderId: text8, order: nullable(order) })),
      consumed: mapOf(
        text8,
        struct<ConsumedBook>('ConsumedBook', { bookSequence: count, bids: bigInteger, asks: bigInteger }),
      ),
      scheduled: arrayOf(struct<ScheduledReport>('ScheduledReport', { key: count, dueAt: time, report: text16 })),
      scheduledCount: count,
      reportFloor: time,
      venueOrderCount: count,
      executionCount: count,
      arrivalCount: count,
      faults: text16,
    },
  },
  storeVenue,
  restoreVenue,
);

function storeVenue(state: VenueState): StoredVenue {
  return {
    partition: state.partition,
    orders: [...state.orders],
    closed: state.closed.entries(),
    consumed: state.consumed,
    scheduled: state.scheduled.all(),
    scheduledCount: state.scheduledCount,
    reportFloor: state.reportFloor,
    venueOrderCount: state.venueOrderCount,
    executionCount: state.executionCount,
    arrivalCount: state.arrivalCount,
    faults: formatFaults(state.faults),
  };
}

function restoreVenue(stored: StoredVenue): VenueState {
  const scheduled = new ReportQueue();
  for (const report of stored.scheduled) scheduled.add(report);
  const orders = new OrderTable<VenueOrder>();
  const resting = new RestingOrders();
  // In the order they arrived, so that each joins its level at the end.
  for (const each of stored.orders.map(venueOrder).sort((a, b) => a.arrival - b.arrival)) {
    orders.set(each.terms.orderId, each);
    if (each.venueOrderId !== '') resting.add(each);
  }
  const faults = parseFaults(stored.faults);
  return {
    partition: stored.partition,
    orders,
    resting,
    closed: RecentlyClosed.of(stored.closed),
    consumed: new Map(stored.consumed),
    scheduled,
    scheduledCount: stored.scheduledCount,
    reportFloor: stored.reportFloor,
    venueOrderCount: stored.venueOrderCount,
    executionCount: stored.executionCount,
    arrivalCount: stored.arrivalCount,
    faults,
    faultless: isFaultless(faults),
  };
}
