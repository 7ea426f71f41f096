/** The venue's state as bytes. What is derived (resting orders by price, whether any fault is on) is made anew. */
import {
  arrayOf,
  bigInteger,
  count,
  i64,
  malformed,
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
import { numberOfOrderId, OrderTable, partitionOfOrderId, type VenueFact, type VenueFaults } from '@oms/domain';
import type { Codec } from '@oms/ports';
import { formatFaults, isFaultless, NO_FAULTS, parseFaults, validateFaults } from './faultSwitches.ts';
import { CLOSED_ORDERS_MAX, type ClosedEntry, KEPT_ORDERS_MAX, REOPENED, RecentlyClosed } from './recentlyClosed.ts';
import { ReportQueue, type ScheduledReport } from './reportQueue.ts';
import { formatReport, parseReport } from './reportText.ts';
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
  readonly orders: readonly WrittenOrder[];
  readonly closed: readonly WrittenEntry[];
  readonly kept: readonly WrittenEntry[];
  readonly positions: VenueState['positions'];
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
  executionNumber: count,
});

const request = struct<HeldRequest>('HeldRequest', {
  kind: oneOf('CANCEL', 'REPLACE'),
  requestId: text8,
  quantity: nullable(i64),
  price: nullable(bigInteger),
});

/** Reports are texts in the journal too. */
type WrittenOrder = Omit<StoredOrder, 'history'> & { readonly history: readonly string[] | null };
type WrittenEntry = { readonly orderId: string; readonly order: WrittenOrder | null };

const order = struct<WrittenOrder>('VenueOrder', {
  terms: venueOrderTerms,
  venueOrderId: text8,
  quantity: i64,
  price: nullable(bigInteger),
  filledQuantity: bigInteger,
  spentQuote: bigInteger,
  paidFees: bigInteger,
  executions: count,
  queueAhead: bigInteger,
  arrival: count,
  notes: nullable(struct<ManualNotes>('ManualNotes', { trades: arrayOf(trade), requests: arrayOf(request) })),
  history: nullable(arrayOf(text16)),
});

const closedEntry = struct<WrittenEntry>('ClosedEntry', { orderId: text8, order: nullable(order) });

const written = (stored: StoredOrder): WrittenOrder => ({
  ...stored,
  history: stored.history?.map(formatReport) ?? null,
});

const read = (stored: WrittenOrder): StoredOrder => ({ ...stored, history: stored.history?.map(readFact) ?? null });

function readFact(text: string): VenueFact {
  try {
    return parseReport(text) as VenueFact;
  } catch {
    malformed('VenueOrder.history', 'a report is no JSON');
  }
}

const writtenEntry = ({ orderId, order: kept }: ClosedEntry): WrittenEntry => ({
  orderId,
  order: kept === null ? null : written(kept),
});

const readEntry = ({ orderId, order: kept }: WrittenEntry): ClosedEntry => ({
  orderId,
  order: kept === null ? null : read(kept),
});

/** Partitions are numbered in 16 bits throughout the journal. */
export const venueStateCodec: Codec<VenueState> = storedStateCodec<VenueState, StoredVenue>(
  {
    name: 'VenueState',
    fields: {
      partition: u16,
      orders: arrayOf(order),
      closed: arrayOf(closedEntry),
      kept: arrayOf(closedEntry),
      positions: mapOf(text8, mapOf(text8, bigInteger)),
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
    orders: Array.from(state.orders, written),
    closed: state.closed.entries().map(writtenEntry),
    kept: state.kept.entries().map(writtenEntry),
    positions: state.positions,
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
  checkOrders(stored.orders);
  checkClosed(stored.closed, CLOSED_ORDERS_MAX);
  checkClosed(stored.kept, KEPT_ORDERS_MAX);
  const orders = new OrderTable<VenueOrder>();
  const resting = new RestingOrders();
  // In the order they arrived, so that each joins its level at the end.
  for (const each of stored.orders.map((each) => venueOrder(read(each))).sort((a, b) => a.arrival - b.arrival)) {
    orders.set(each.terms.orderId, each);
    if (each.venueOrderId !== '') resting.add(each);
  }
  const faults = faultsOf(stored.faults);
  return {
    partition: stored.partition,
    orders,
    resting,
    closed: RecentlyClosed.of(stored.closed.map(readEntry)),
    kept: RecentlyClosed.of(stored.kept.map(readEntry), KEPT_ORDERS_MAX),
    positions: new Map(stored.positions),
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

/** By partition and number, as the table hands them out. */
function checkOrders(orders: readonly WrittenOrder[]): void {
  let newest: readonly [number, number] = [-1, -1];
  for (const { orderId } of orders.map((each) => each.terms)) {
    const place = [partitionOfOrderId(orderId) ?? -1, numberOfOrderId(orderId)] as const;
    const isNext = place[0] === newest[0] ? place[1] > newest[1] : place[0] > newest[0];
    if (place[1] < 0 || !isNext) malformed('VenueState.orders', `"${orderId}" is no order id, or out of order`);
    newest = place;
  }
}

function checkClosed(closed: readonly WrittenEntry[], max: number): void {
  if (closed.length > max) malformed('VenueState.closed', `${closed.length} are too many`);
  const seen = new Set<string>();
  for (const { orderId, order } of closed) {
    if (orderId === REOPENED && order === null) continue;
    if (numberOfOrderId(orderId) < 0) malformed('VenueState.closed', `"${orderId}" is no order id`);
    if (seen.has(orderId)) malformed('VenueState.closed', `${orderId} appears twice`);
    seen.add(orderId);
  }
}

/** @throws InfrastructureError CODEC_MALFORMED for a text that {@link formatFaults} would not have written */
function faultsOf(text: string): VenueFaults {
  let faults: VenueFaults;
  try {
    faults = parseFaults(text);
  } catch {
    return malformed('VenueState.faults', 'the text is none that was written');
  }
  const isWhole = formatFaults({ ...NO_FAULTS, ...faults }) === text && validateFaults(faults) === null;
  return isWhole ? faults : malformed('VenueState.faults', 'the switches are none that were written');
}
