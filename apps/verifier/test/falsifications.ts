/**
 * Ways to falsify a clean history, each with the one check that must find it and what it must say. The histories are
 * decoded, edited here, and encoded again.
 */
import { decimal } from '@oms/domain';
import type { AnyEvent, EditableRecord } from './history.ts';

type Edit = (records: EditableRecord[]) => EditableRecord[] | undefined;

const eventOf = (records: readonly EditableRecord[], type: string, nth = 0): AnyEvent =>
  records.flatMap((record) => record.events).filter((event) => event.type === type)[nth]!;
const recordOf = (records: readonly EditableRecord[], type: string, nth = 0): EditableRecord =>
  records.filter((record) => record.events.some((event) => event.type === type))[nth]!;

/** Changes one event. */
const change =
  (type: string, changes: Record<string, unknown>, nth = 0): Edit =>
  (records) =>
    void Object.assign(eventOf(records, type, nth), changes);

/** Takes one event away, and its record when that leaves nothing. */
const drop =
  (type: string, nth = 0): Edit =>
  (records) => {
    const record = recordOf(records, type, nth);
    record.events = record.events.filter((event) => event.type !== type);
    return records.filter((each) => each.events.length > 0);
  };

/** Puts the event a second time into its record. */
const twice =
  (type: string, nth = 0): Edit =>
  (records) => {
    const record = recordOf(records, type, nth);
    record.events.push(...record.events.filter((event) => event.type === type));
    return undefined;
  };

/** A halt that two persons lift, with the approval or the request falsified. */
function agreed(
  how: string,
  decided: Record<string, unknown>,
  proposed: Record<string, unknown>,
  message: RegExp,
): [invariant: string, name: string, edit: Edit, message: RegExp][] {
  const scope = { scope: 'FIRM', id: null };
  const changed = { type: 'TradingStateChanged', ...scope, reason: 'test' };
  const asked = { approvalId: 'p-1', actor: 'ann', expiresAt: Number.MAX_SAFE_INTEGER, reason: 'test' };
  const events = [
    { ...changed, state: 'HALTED', actor: 'cat' },
    { type: 'TradingStateChangeProposed', ...scope, before: 'HALTED', after: 'ACTIVE', ...asked, ...proposed },
    { type: 'ApprovalDecided', approvalId: 'p-1', status: 'APPROVED', actor: 'bob', reason: null, ...decided },
    { ...changed, state: 'ACTIVE', actor: 'ann' },
  ];
  const edit: Edit = (records) => void recordOf(records, 'LimitsChanged').events.push(...(events as AnyEvent[]));
  return [['I14', `a change approved ${how}`, edit, message]];
}

/** Sets another limit where the default set was given. */
const limit =
  (name: string, value: bigint | number, scope = 'DEFAULT', id = ''): Edit =>
  (records) => {
    const event = eventOf(records, 'LimitsChanged');
    Object.assign(event, { scope, id, limits: { ...event.limits, [name]: value } });
    return undefined;
  };

/** The firm is halted by somebody called risk. */
const HALT = {
  type: 'TradingStateChanged',
  scope: 'FIRM',
  id: null,
  state: 'HALTED',
  reason: 'test',
  actor: 'risk',
};

export const FALSIFICATIONS: readonly (readonly [check: string, what: string, edit: Edit, message: RegExp])[] = [
  [
    'I1',
    'an order placed twice',
    (records) => {
      const record = recordOf(records, 'OrderPlaced');
      record.events.push({ ...record.events[0]!, clientOrderId: 'other' });
      return undefined;
    },
    /^position \d+: order o-0-1 of A is placed a second time$/,
  ],
  [
    'I2',
    'a cause that comes later',
    (records) => {
      recordOf(records, 'HoldPlaced').causeSequence = 9_999;
      return undefined;
    },
    /^position \d+: the risk-engine's cause 9999 is no record before it$/,
  ],
  [
    'I2',
    'an approval that nobody asked for',
    (records) => {
      recordOf(records, 'HoldPlaced').causeKind = 0;
      return undefined;
    },
    /^position \d+: HoldPlaced has no cause inside the house$/,
  ],
  [
    'I3',
    'a clientOrderId accepted again by a cancel',
    (records) => {
      eventOf(records, 'CancelRequested').clientOrderId = 'c1';
      eventOf(records, 'OrderCanceled').requestId = 'c1';
      return undefined;
    },
    /^position \d+: clientOrderId c1 of account A is accepted a second time, for order o-0-2$/,
  ],
  [
    'I4',
    'a fill booked twice',
    twice('OrderFilled'),
    /^position \d+: execution x-0-1 of order o-0-1 is booked a second time$/,
  ],
  [
    'I5',
    'a fill that was never settled',
    drop('FillSettled'),
    /execution x-0-1 of order o-0-1 of A \(BUY 1 BTC-USD at 100, fee 0\.05 USD\) was never settled$/,
  ],
  [
    'I5',
    'a settlement with other numbers',
    change('FillSettled', { price: decimal('99') }),
    /settled for A as BUY 1 BTC-USD at 99, fee 0\.05 USD, but position \d+ booked it for A as BUY 1 BTC-USD at 100, fee 0\.05 USD$/,
  ],
  [
    'I5',
    'a settlement without a fill',
    twice('FillSettled'),
    /execution x-0-1 of order o-0-1 is settled \(.*\) without being booked/,
  ],
  ['I5', 'a trade the venue never made', drop('VenueOrderTraded'), /is booked, but the venue made no such trade$/],
  [
    'I5',
    'a trade the venue made otherwise',
    change('VenueOrderTraded', { quantity: decimal('0.5') }),
    /is booked as 1 at 100, fee 0\.05; the venue traded 0\.5 at 100, fee 0\.05$/,
  ],
  [
    'I6',
    'a hold for another quantity',
    change('HoldPlaced', { quantity: decimal('0.5') }, 2),
    /^position \d+: the hold of order o-0-3 of B has quantity 0\.5 instead of 2$/,
  ],
  [
    'I6',
    'a hold at another price',
    change('HoldPlaced', { holdPrice: decimal('50') }),
    /^position \d+: the hold of order o-0-1 of A has holdPrice 50 instead of 100$/,
  ],
  [
    'I6',
    'a hold that is kept after the end',
    drop('HoldReleased', 1),
    /order o-0-2 of A is CANCELED, but 90\.09 are still held for it$/,
  ],
  [
    'I6',
    'more spent than there is',
    change('FundsDeposited', { amount: decimal('10') }),
    /^position \d+: A has -90\.1 USD available: 10 in all, 100\.1 held, 0 margin$/,
  ],
  [
    'I7',
    'a limit that was not kept',
    (records) => {
      const limits = eventOf(records, 'LimitsChanged', 0).limits;
      limits.orderQuantityMax = decimal('0.5');
      return undefined;
    },
    /^position \d+: order o-0-1 of A is approved with quantity 1, the limit is 0\.5$/,
  ],
  [
    'I7',
    'a limit that was set while orders were open',
    (records) => {
      const { limits } = eventOf(records, 'LimitsChanged');
      const lower = { ...limits, orderQuantityMax: decimal('0.5') };
      const event = { type: 'LimitsChanged', scope: 'ACCOUNT', id: 'A', limits: lower, actor: 'risk' };
      recordOf(records, 'HoldReleased').events.push(event);
      return undefined;
    },
    /^position \d+: order o-0-2 of A is approved with quantity 1, the limit is 0\.5$/,
  ],
  [
    'I7',
    'more notional than an order may have',
    limit('orderNotionalMax', decimal('99')),
    /^position \d+: order o-0-1 of A is approved with notional 100, the limit is 99$/,
  ],
  [
    'I7',
    'more open orders than the account may have',
    limit('openOrdersMax', 0),
    /^position \d+: order o-0-1 of A is approved with open orders of the account: 1, the limit is 0$/,
  ],
  [
    'I7',
    'more open notional than the account may have',
    limit('openNotionalMax', decimal('150')),
    /^position \d+: order o-0-3 of B is approved with open notional of the account: 202, the limit is 150$/,
  ],
  [
    'I7',
    'a position that could become too large',
    limit('positionQuantityMax', decimal('1')),
    /^position \d+: order o-0-2 of A is approved with worst-case BUY position 2, the limit is 1$/,
  ],
  [
    'I7',
    'more open notional than the desk may have',
    limit('openNotionalMax', decimal('150'), 'DESK', 'desk'),
    /^position \d+: order o-0-3 of B is approved with open notional of the desk: 202, the limit is 150$/,
  ],
  [
    'I7',
    'more open orders than the firm may have',
    limit('openOrdersMax', 0, 'FIRM'),
    /^position \d+: order o-0-1 of A is approved with open orders of the firm: 1, the limit is 0$/,
  ],
  [
    'I7',
    'more orders than a second may have',
    limit('submitsPerSecondMax', 1),
    /^position \d+: order o-0-2 of A is approved with orders in this second: 2, the limit is 1$/,
  ],
  [
    'I7',
    'an approval while trading is halted',
    (records) => {
      recordOf(records, 'LimitsChanged').events.push(HALT);
      return undefined;
    },
    /^position \d+: order o-0-1 of A is approved while FIRM is HALTED$/,
  ],
  [
    'I8',
    'an order canceled twice',
    twice('OrderCanceled'),
    /^position \d+: order o-0-2 in CANCELED cannot take CANCEL$/,
  ],
  [
    'I8',
    'an answer to a request nobody made',
    change('OrderCanceled', { requestId: 'unknown' }),
    /OrderCanceled answers request unknown of order o-0-2, but no CANCEL of that id waits$/,
  ],
  [
    'I9',
    'an event of another service',
    (records) => {
      recordOf(records, 'OrderPlaced', 2).writtenBy = 2;
      return undefined;
    },
    /at byte \d+: position \d+: service 2 cannot write the event OrderPlaced$/,
  ],
  [
    'I10',
    'an order under an id that the house never gives',
    (records) => {
      for (const event of records.flatMap((record) => record.events)) {
        for (const named of [event, event.terms ?? {}]) if (named.orderId === 'o-0-3') named.orderId = 'third';
      }
      return undefined;
    },
    /^position \d+: the journal cannot be replayed: .*"third"/,
  ],
  [
    'I11',
    'an epoch that goes back',
    (records) => {
      recordOf(records, 'OrderPlaced', 2).group.epoch = 0;
      return undefined;
    },
    /a group of epoch 0 follows one of epoch 1$/,
  ],
  [
    'I14',
    'limits that nobody changed',
    (records) => {
      const record = recordOf(records, 'LimitsChanged');
      record.events.push({ ...record.events[0]! });
      return undefined;
    },
    /^position \d+: the limits of DEFAULT are set by risk to what they were$/,
  ],
  [
    'I14',
    'a halt lifted by who set it',
    (records) => {
      recordOf(records, 'LimitsChanged').events.push(HALT, { ...HALT, state: 'ACTIVE' });
      return undefined;
    },
    /^position \d+: risk lifts the halt of FIRM that risk set: it takes a second person$/,
  ],
  ...agreed(
    'by whoever asked',
    { actor: 'ann' },
    {},
    /^position \d+: ann approves what ann asked for: it takes a second person$/,
  ),
  ...agreed('too late', {}, { expiresAt: 1 }, /^position \d+: approval p-1 is approved after its time$/),
  ...agreed(
    'as something else',
    {},
    { reason: 'another' },
    /^position \d+: what is applied is not what was approved: state FIRM null ACTIVE another$/,
  ),
  ...agreed(
    'under an id nobody asked for',
    { approvalId: 'p-2' },
    {},
    /^position \d+: approval p-2 is APPROVED, but does not wait$/,
  ),
  [
    'I14',
    'a refusal by no check',
    (records) => {
      const event = eventOf(records, 'OrderDenied');
      event.reason = { ...event.reason, code: 'BAD_MOOD' };
      return undefined;
    },
    /^position \d+: order o-0-4 was refused by RISK with 'BAD_MOOD', which is no check$/,
  ],
  [
    'I16',
    'an order at the venue that was sent twice',
    twice('VenueOrderReceived'),
    /^position \d+: the venue got order o-0-1 a second time$/,
  ],
];
