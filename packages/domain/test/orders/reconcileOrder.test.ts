/**
 * The table of what an answer about one order leads to. Rows name the order as we have it, what the venue says, and
 * the reports and differences that follow.
 */
import { decimal, type VenueFact, type VenueOrderStatus, type VenueTotals } from '@oms/domain';
import { OrdersScenario } from '@oms/testkit';
import { describe, expect, it } from 'vitest';

const orderId = 'o-0-1';

/** The venue has it open, unfilled and acknowledged, and everything it reported has arrived. */
const answer = (s: OrdersScenario, changes: Partial<VenueOrderStatus> = {}): VenueOrderStatus => ({
  kind: 'ORDER_STATUS',
  orderId,
  question: { version: s.order().version, askedAt: s.now, skip: 0 },
  state: 'OPEN',
  venueOrderId: 'v1',
  totals: sums('0', '0', 0),
  waitingRequests: [],
  history: [],
  hasMore: false,
  totalsOnly: false,
  ...changes,
});

const sums = (quantity: string, quote: string, executions: number): VenueTotals => ({
  quantity: decimal(quantity),
  quote: decimal(quote),
  fee: decimal('0.1') * BigInt(executions),
  feeCurrency: 'USD',
  executions,
});

const traded = (executionId: string, quantity: string, executionNumber: number): VenueFact => ({
  kind: 'TRADED',
  orderId,
  executionId,
  quantity: decimal(quantity),
  price: decimal('100'),
  fee: decimal('0.1'),
  feeCurrency: 'USD',
  liquidity: 'TAKER',
  executionNumber,
});

/** Decides the answer and hands on what it sends us, as the runtime does. */
function told(s: OrdersScenario, changes: Partial<VenueOrderStatus> = {}) {
  const before = s.events.length;
  const decision = s.when({ type: 'VenueReported', report: answer(s, changes) });
  for (const { to, message } of decision.sends) if (to === 'order-processor') s.when(message);
  const events = s.events.slice(before);
  return {
    differences: events.flatMap((event) => (event.type === 'ReconciliationDifferenceFound' ? [event.kind] : [])),
    events: events.map(({ type }) => type).filter((type) => type !== 'ReconciliationDifferenceFound'),
    asks: decision.sends.flatMap(({ to, message }) => (to === 'venue-simulator' ? [message.type] : [])),
  };
}

const submitted = () => {
  const s = new OrdersScenario();
  s.place();
  s.approve();
  return s;
};
const working = () => new OrdersScenario().working();
/** Its cancel has had no answer. */
const canceling = (origin: 'CLIENT' | 'KILL_SWITCH' = 'CLIENT') => {
  const s = working();
  s.when({ type: 'CancelOrder', orderId, clientOrderId: 'x1', origin, replyTo: null });
  s.when({ type: 'RequestTimedOut', orderId, clientOrderId: 'x1' });
  return s;
};
const replacing = () => {
  const s = working();
  s.replaceSent('r1', '2');
  s.when({ type: 'RequestTimedOut', orderId, clientOrderId: 'r1' });
  return s;
};
const canceled = () => {
  const s = working();
  s.when({
    type: 'VenueReported',
    report: { kind: 'CANCELED', orderId, requestId: null, code: 'VENUE_CANCELED', message: '' },
  });
  return s;
};
const partlyFilled = () => {
  const s = working();
  s.fill('0.4', 'e1');
  return s;
};
const canceledAtVenue: VenueFact = { kind: 'CANCELED', orderId, requestId: 'x1', code: null, message: '' };

interface Row {
  readonly title: string;
  readonly order: () => OrdersScenario;
  readonly venue: Partial<VenueOrderStatus>;
  readonly differences: readonly string[];
  readonly events: readonly string[];
  readonly asks?: readonly string[];
  readonly core: string;
}

const ROWS: readonly Row[] = [
  { title: 'all agree', order: working, venue: {}, differences: [], events: [], core: 'WORKING' },
  {
    title: 'a lost acknowledgement',
    order: submitted,
    venue: {},
    differences: ['REPORT_MISSING'],
    events: ['OrderAccepted'],
    core: 'WORKING',
  },
  {
    title: 'an order that never arrived',
    order: submitted,
    venue: { state: 'UNKNOWN', venueOrderId: null, totals: null },
    differences: ['ORDER_UNKNOWN_AT_VENUE'],
    events: ['OrderRejected'],
    core: 'REJECTED',
  },
  {
    title: 'a working order the venue lost',
    order: partlyFilled,
    venue: { state: 'UNKNOWN', venueOrderId: null, totals: null },
    differences: ['ORDER_UNKNOWN_AT_VENUE'],
    events: ['OrderCanceled'],
    core: 'CANCELED',
  },
  {
    title: 'lost trades, one of them known',
    order: partlyFilled,
    venue: { state: 'CLOSED', totals: sums('1', '100', 2), history: [traded('e1', '0.4', 1), traded('e2', '0.6', 2)] },
    differences: ['EXECUTIONS_MISSING'],
    events: ['OrderFilled'],
    core: 'FILLED',
  },
  {
    title: 'a lost bust',
    order: partlyFilled,
    venue: {
      totals: sums('0', '0', 2),
      history: [{ kind: 'TRADE_CANCELED', orderId, executionId: 'b1', referenceExecutionId: 'e1' }],
    },
    differences: ['EXECUTIONS_MISSING'],
    events: ['TradeCanceled'],
    core: 'WORKING',
  },
  {
    title: 'trades told in sum only',
    order: partlyFilled,
    venue: { totals: sums('0.7', '70', 2), totalsOnly: true },
    differences: ['FILLED_QUANTITY_DIFFERS'],
    events: ['OrderFilled'],
    core: 'WORKING',
  },
  {
    title: 'a lost trade of an order that was canceled since',
    order: canceled,
    venue: { state: 'CLOSED', totals: sums('0.4', '40', 1), history: [traded('e1', '0.4', 1)] },
    differences: ['EXECUTIONS_MISSING'],
    events: ['OrderFilled'],
    core: 'CANCELED',
  },
  {
    title: 'more filled with us than at the venue',
    order: partlyFilled,
    venue: { totals: sums('0.3', '30', 1) },
    differences: ['FILLED_MORE_THAN_VENUE'],
    events: [],
    core: 'WORKING',
  },
  {
    title: 'a lost answer to a cancel',
    order: canceling,
    venue: { state: 'CLOSED', history: [canceledAtVenue] },
    differences: ['REPORT_MISSING'],
    events: ['OrderCanceled'],
    core: 'CANCELED',
  },
  {
    title: "a client's cancel that never arrived",
    order: canceling,
    venue: {},
    differences: ['REQUEST_NOT_RECEIVED'],
    events: ['CancelRejected'],
    core: 'WORKING',
  },
  {
    title: "the house's cancel that never arrived",
    order: () => canceling('KILL_SWITCH'),
    venue: {},
    differences: ['REQUEST_NOT_RECEIVED'],
    events: ['RequestResent'],
    asks: ['VenueCancel'],
    core: 'WORKING',
  },
  {
    title: 'a cancel the venue has and does not answer',
    order: canceling,
    venue: { waitingRequests: ['x1'] },
    differences: [],
    events: [],
    core: 'WORKING',
  },
  {
    title: 'a cancel that never arrived, of an order that ended by itself',
    order: canceling,
    venue: { state: 'CLOSED', totals: sums('1', '100', 1), history: [traded('e1', '1', 1)] },
    differences: ['EXECUTIONS_MISSING', 'REQUEST_NOT_RECEIVED'],
    events: ['OrderFilled', 'CancelRejected'],
    core: 'FILLED',
  },
  {
    title: 'a lost answer to a replace, before the trade that it allowed',
    order: replacing,
    venue: {
      state: 'CLOSED',
      totals: sums('2', '200', 1),
      history: [{ kind: 'REPLACED', orderId, requestId: 'r1' }, traded('e1', '2', 1)],
    },
    differences: ['EXECUTIONS_MISSING', 'REPORT_MISSING'],
    events: ['OrderReplaced', 'OrderFilled'],
    core: 'FILLED',
  },
  {
    title: 'a replace that never arrived',
    order: replacing,
    venue: {},
    differences: ['REQUEST_NOT_RECEIVED'],
    events: ['ReplaceRejected'],
    core: 'WORKING',
  },
  {
    title: 'an end the venue does not explain',
    order: working,
    venue: { state: 'CLOSED', totals: null },
    differences: ['REPORT_MISSING'],
    events: ['OrderCanceled'],
    core: 'CANCELED',
  },
  {
    title: 'an order we closed and the venue works',
    order: canceled,
    venue: {},
    differences: ['ORDER_OPEN_AT_VENUE'],
    events: [],
    asks: ['VenueCancel'],
    core: 'CANCELED',
  },
];

describe('an answer about an order', () => {
  it.each(ROWS)('$title', ({ order, venue, core, differences, events, asks = [] }) => {
    const s = order();
    expect(told(s, venue)).toEqual({ differences, events, asks });
    expect(s.order().core).toBe(core);
    // The same answer again finds everything in order, or what stands told already.
    const again = told(s, venue);
    expect(again.differences.filter((kind) => kind !== 'REQUEST_NOT_RECEIVED')).toEqual([]);
    expect(again.events.filter((type) => type !== 'RequestResent')).toEqual([]);
  });

  it('that is older than what happened since concludes nothing, but trades in it count', () => {
    const s = canceling();
    const question = { version: s.order().version - 1, askedAt: s.now, skip: 0 };
    const outdated = { question, state: 'UNKNOWN', venueOrderId: null, totals: null } as const;
    expect(told(s, outdated)).toEqual({ differences: [], events: [], asks: [] });
    expect(told(s, { ...outdated, history: [traded('e1', '0.4', 1)] }).events).toEqual(['OrderFilled']);
  });

  it('that is not whole is asked on before anything is concluded', () => {
    const s = canceling();
    const decision = told(s, { history: [traded('e1', '0.4', 1)], hasMore: true, state: 'CLOSED' });
    expect(decision).toMatchObject({ events: ['OrderFilled'], asks: ['VenueStatusRequest'] });
    expect(s.order().core).toBe('WORKING');
  });
});

describe('a trade booked in sum', () => {
  const booked = () => {
    const s = partlyFilled();
    told(s, { totals: sums('0.7', '70.3', 3), totalsOnly: true });
    return s;
  };

  it('carries what the sums leave, under an id that follows from them', () => {
    expect(booked().order().fills[1]).toMatchObject({
      executionId: 'RECON-o-0-1-3',
      quantity: decimal('0.3'),
      price: decimal('101'),
      fee: decimal('0.2'),
    });
  });

  it('covers its late originals, and no later trade', () => {
    const s = booked();
    expect(s.fill('0.1', 'e2', '101', orderId, 2).events).toEqual([]);
    expect(s.fill('0.2', 'e3', '101', orderId, 3).events).toEqual([]);
    expect(s.fill('0.1', 'e4', '101', orderId, 4).events).toHaveLength(1);
    expect(s.order().filledQuantity).toBe(decimal('0.8'));
  });
});
