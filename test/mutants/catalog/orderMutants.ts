/** Faults in the rules of orders: retries, duplicates, late facts, races, stops and time. */
import type { Mutant } from '../mutant.ts';

const PLACE = 'packages/domain/src/orders/placeOrder.ts';
const CANCEL = 'packages/domain/src/orders/cancelOrder.ts';
const REPORTED = 'packages/domain/src/orders/venueReported.ts';
const AMENDED = 'packages/domain/src/orders/tradeAmended.ts';
const DECIDED = 'packages/domain/src/orders/riskDecided.ts';
const EVOLVE = 'packages/domain/src/orders/evolveOrder.ts';

export const ORDER_MUTANTS: readonly Mutant[] = [
  {
    name: 'client-order-id-used-twice',
    breaks: 'I3: a retry places a second order',
    file: PLACE,
    find: '  if (earlier !== undefined) return decideRepeat(message, state, earlier);\n',
    replace: '',
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'replay-ignores-body',
    breaks: 'I3: another order under a used id is answered as if it had been placed',
    file: PLACE,
    find: ' || !sameTerms(order.placed, message.terms)',
    replace: '',
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'replay-ignores-refusal',
    breaks: 'I3: the retry of a refused order is told that it was accepted',
    file: PLACE,
    find: "order.core === 'DENIED' || order.core === 'REJECTED' ? order.reason : null",
    replace: "order.core === 'REJECTED' ? order.reason : null",
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'cancel-id-used-twice',
    breaks: 'I3: the retry of a cancel is another cancel',
    file: CANCEL,
    find: '    if (earlier !== undefined) return repeatCancel(message, earlier, order, clientOrderId);\n',
    replace: '',
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'execution-counted-twice',
    breaks: 'I4: a duplicate execution is booked again',
    file: REPORTED,
    find: '  if (booked !== undefined) {',
    replace: "  if (booked !== undefined && booked.state !== 'TRADE') {",
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'execution-content-ignored',
    breaks: 'I4: the same executionId with other content passes for a duplicate',
    file: REPORTED,
    find: "return same ? NOTHING : quarantine(report, 'EXECUTION_CONTENT_DIFFERS');",
    replace: "return same || report.kind === 'TRADED' ? NOTHING : quarantine(report, 'EXECUTION_CONTENT_DIFFERS');",
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'late-fill-dropped',
    breaks: 'I5: a trade that comes after the cancel is not booked',
    file: REPORTED,
    find: '  const completesQuote = completesQuoteOrder(report, order, context);\n',
    replace: `  if (!isOpen(order)) return NOTHING;
  const completesQuote = completesQuoteOrder(report, order, context);
`,
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'late-fill-reopens',
    breaks: 'I8: a canceled order is back at work after a late fill',
    file: 'packages/domain/src/orders/transitions.ts',
    find: "CANCELED:    ['!',      '!',    '!',         '!',         '-',       '-',        '-', ",
    replace: "CANCELED:    ['!',      '!',    '!',         '!',         '-',       '-',        'WORKING', ",
    checks: ['packages/domain/test/orders/transitions.test.ts'],
  },
  {
    name: 'late-reject-overwrites',
    breaks: 'I8: a reject that comes after the fill turns a FILLED order into a REJECTED one',
    file: 'packages/domain/src/orders/transitions.ts',
    find: "FILLED:      ['!',      '!',    '!',         '!',         '-',       '-', ",
    replace: "FILLED:      ['!',      '!',    '!',         '!',         '-',       'REJECTED', ",
    checks: ['packages/domain/test/orders/transitions.test.ts'],
  },
  {
    name: 'overfill-dropped',
    breaks: 'I5: what the venue traded beyond the order is not booked',
    file: REPORTED,
    find: '  const completesQuote = completesQuoteOrder(report, order, context);\n',
    replace: `  if (order.quantity > 0n && order.filledQuantity + report.quantity > order.quantity) return NOTHING;
  const completesQuote = completesQuoteOrder(report, order, context);
`,
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'overfill-not-flagged',
    breaks: 'Rule 9: an overfilled order looks like any other',
    file: EVOLVE,
    find: 'return order.filledQuantity > order.quantity;',
    replace: 'return order.filledQuantity > 2n * order.quantity;',
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'bust-not-reversed',
    breaks: 'I5: a busted trade stays in position and balance',
    file: AMENDED,
    find: '    [reverse(order, fill, executionId, 0n)],\n',
    replace: '    [],\n',
    checks: ['packages/domain/test/orders/cancelsAndReports.test.ts'],
  },
  {
    name: 'correction-applied-twice',
    breaks: 'I4: a duplicate correction is booked again',
    file: AMENDED,
    find: "  if (fill.amendedBy.includes(report.executionId)) return 'REPEATED';\n",
    replace: '',
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'hold-kept-on-cancel',
    breaks: 'I6: a canceled order keeps its hold for ever',
    file: REPORTED,
    find: 'return decided([endOf(report, order, request)], [releaseHold(order)]);',
    replace: 'return decided([endOf(report, order, request)], []);',
    checks: ['packages/domain/test/orders/holdReleases.test.ts'],
  },
  {
    name: 'hold-kept-on-reject',
    breaks: 'I6: an order that the venue rejected keeps its hold for ever',
    file: REPORTED,
    find: 'return decided([event], [releaseHold(order)]);',
    replace: 'return decided([event], []);',
    checks: ['packages/domain/test/orders/holdReleases.test.ts'],
  },
  {
    name: 'partial-fill-closes',
    breaks: 'I6: the first partial fill gives the whole hold back',
    file: REPORTED,
    find: 'if (order.quantity === 0n || filled < order.quantity) return false;',
    replace: 'if (order.quantity === 0n) return false;',
    checks: ['packages/domain/test/orders/holdReleases.test.ts'],
  },
  {
    name: 'answer-clears-all-requests',
    breaks: 'Rule 7: the answer to one request removes the others, which are then never answered',
    file: EVOLVE,
    find: 'order.pendingRequests = left.length === 0 ? NO_REQUESTS : left;',
    replace: 'order.pendingRequests = left.length === 0 ? left : NO_REQUESTS;',
    checks: ['packages/domain/test/orders/decisions.test.ts'],
  },
  {
    name: 'sent-without-approval',
    breaks: 'I16: an approval that comes again sends the order to the venue again',
    file: DECIDED,
    find: `  if (order === undefined || order.core !== 'INITIALIZED') return NOTHING;
  const { orderId } = order;
  const { protectionPrice } = message;`,
    replace: `  if (order === undefined) return NOTHING;
  const { orderId } = order;
  const { protectionPrice } = message;`,
    checks: ['packages/domain/test/orders/decisions.test.ts'],
  },
  {
    name: 'stop-triggered-twice',
    breaks: 'I16: a stop that was triggered is triggered again',
    file: DECIDED,
    find: "if (order === undefined || order.core !== 'HELD') return NOTHING;",
    replace: 'if (order === undefined) return NOTHING;',
    checks: ['packages/domain/test/orders/decisions.test.ts'],
  },
  {
    name: 'stop-on-wrong-side',
    breaks: 'Rule of stops: a buy stop is triggered below its price, a sell stop above it',
    file: DECIDED,
    find: "side === 'BUY' ? price >= stopPrice : price <= stopPrice",
    replace: "side === 'SELL' ? price >= stopPrice : price <= stopPrice",
    checks: ['packages/domain/test/orders/decisions.test.ts'],
  },
  {
    name: 'stop-forgotten-at-restart',
    breaks: 'I10: after a restart held stops are never triggered',
    file: 'services/order-processor/src/orderIndex.ts',
    find: '      this.#triggers.add(order);\n',
    replace: '',
    checks: ['services/order-processor/test/orderIndex.test.ts'],
  },
  {
    name: 'gtd-never-expires',
    breaks: 'Rule 11: a GTD order works beyond its time',
    file: 'packages/domain/src/orders/orderTimers.ts',
    find: "if (timeInForce === 'GTD') return expireTime;",
    replace: "if (timeInForce === 'GTD') return null;",
    checks: ['packages/domain/test/orders/rules.test.ts'],
  },
  {
    name: 'unanswered-request-unnoticed',
    breaks: 'I13: a request that the venue never answers is pending for ever',
    file: 'services/order-processor/src/orderIndex.ts',
    find: "        messages.push({ type: 'RequestTimedOut', orderId, clientOrderId });\n",
    replace: '',
    checks: ['services/order-processor/test/orderIndex.test.ts'],
  },
  {
    name: 'report-sequence-gap',
    breaks: 'I9: the report sequence of an account has gaps',
    file: 'packages/domain/src/orders/evolveOrders.ts',
    find: 'if (execType !== null) account.reportSequence++;',
    replace: 'account.reportSequence++;',
    checks: ['packages/domain/test/orders/orderProperties.test.ts'],
  },
];
