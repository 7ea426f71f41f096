/** What the venue answers when it is asked, and what it remembers to answer with. */
import type { VenueFaults, VenueMessage, VenueOrderStatus } from '@oms/domain';
import { decimal } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { NO_FAULTS } from '../src/index.ts';
import { FACTS_PER_ANSWER } from '../src/statusAnswers.ts';
import { TestVenue } from './testVenue.ts';

const BOOK = `
  ask 101 5
  bid 99 5`;
const ALL = decimal('1');
const orderId = 'o-0-1';

const faulty = (venue: TestVenue, faults: Partial<VenueFaults>) =>
  venue.send({ type: 'SetVenueFaults', faults: { ...NO_FAULTS, ...faults }, actor: null, replyTo: null });

const decided = (venue: TestVenue, message: VenueMessage) =>
  venue.definition.receive(message, venue.state, venue.context).sends.map((send) => send.message);

function status(venue: TestVenue, skip = 0): VenueOrderStatus | undefined {
  const question = { version: 7, askedAt: venue.now, skip };
  const [message] = decided(venue, { type: 'VenueStatusRequest', orderId, question });
  return message?.type === 'VenueReported' ? (message.report as VenueOrderStatus) : undefined;
}

const list = (venue: TestVenue, after = 0, through = 100) =>
  decided(venue, { type: 'VenueListRequest', partition: 0, page: { run: 1, after, through, quietSince: 0 } });

describe('an order status', () => {
  it('of an order nobody sent is UNKNOWN, of one that was not disturbed has sums and no history', () => {
    const venue = new TestVenue().show(BOOK);
    expect(status(venue)).toMatchObject({ state: 'UNKNOWN', totals: null, venueOrderId: null });
    venue.place('BUY 1 @ 100');
    expect(status(venue)).toMatchObject({
      state: 'OPEN',
      question: { version: 7 },
      totals: { quantity: 0n, executions: 0 },
      history: [],
    });
    venue.send({ type: 'VenueCancel', orderId, requestId: 'x', origin: 'CLIENT' });
    expect(status(venue)).toMatchObject({ state: 'CLOSED', totals: null });
  });

  it('tells in order what was reported while a switch was on, also after the order closed', () => {
    const venue = new TestVenue().show(BOOK);
    faulty(venue, { lostReportRate: ALL });
    expect(venue.place('BUY 1 @ 101')).toEqual([]);
    faulty(venue, {});
    const told = status(venue);
    expect(told).toMatchObject({ state: 'CLOSED', totals: { quantity: decimal('1'), quote: decimal('101') } });
    expect(told?.history.map(({ kind }) => kind)).toEqual(['ACCEPTED', 'TRADED']);
    faulty(venue, { totalsOnly: true });
    expect(status(venue)).toMatchObject({ totalsOnly: true, history: [{ kind: 'ACCEPTED' }] });
  });

  it('comes in parts when there is much to tell', () => {
    const venue = new TestVenue({ mode: 'manual' });
    faulty(venue, { lostReportRate: ALL });
    venue.place('BUY 1 @ 101');
    for (let i = 0; i <= FACTS_PER_ANSWER; i++) {
      const instruction = { executionId: null, quantity: null, price: null, reason: null, replyTo: null };
      venue.send({ type: 'VenueInstruction', orderId, action: 'ack', ...instruction });
    }
    faulty(venue, {});
    expect(status(venue)).toMatchObject({ hasMore: true, history: { length: FACTS_PER_ANSWER } });
    expect(status(venue, FACTS_PER_ANSWER)).toMatchObject({ hasMore: false, history: { length: 1 } });
  });
});

describe('questions', () => {
  it('list open orders, and closed ones whose reports may be missing, by number', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 100');
    venue.place('BUY 1 @ 101');
    faulty(venue, { lostReportRate: ALL });
    venue.place('BUY 1 @ 101');
    venue.place('BUY 1 @ 98');
    faulty(venue, {});
    const lines = [
      { orderId: 'o-0-1', isOpen: true, filledQuantity: 0n, executions: 0 },
      { orderId: 'o-0-3', isOpen: false, filledQuantity: decimal('1'), executions: 1 },
      { orderId: 'o-0-4', isOpen: true, filledQuantity: 0n, executions: 0 },
    ];
    expect(list(venue)).toMatchObject([{ type: 'VenueOrdersListed', orders: lines }]);
    expect(list(venue, 1, 3)).toMatchObject([{ orders: [{ orderId: 'o-0-3' }] }]);
  });

  it('about positions are answered with what traded, and with nothing while reports are on their way', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 101');
    venue.place('SELL 3 @ 99');
    const ask = () => decided(venue, { type: 'VenuePositionsRequest', partition: 0, run: 1, accountIds: ['A', 'B'] });
    expect(ask()).toMatchObject([{ positions: new Map([['A', [{ symbol: 'BTC-USD', quantity: decimal('-2') }]]]) }]);
    faulty(venue, { latencyMs: 10 });
    venue.place('BUY 1 @ 98');
    expect(ask()).toMatchObject([{ positions: null }]);
  });

  it.each([
    { title: 'from a disconnected venue', faults: { disconnected: true } },
    { title: 'when they are lost', faults: { lostRequestRate: ALL } },
  ])('get no answer $title', ({ faults }) => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 100');
    faulty(venue, faults);
    expect(status(venue)).toBeUndefined();
    expect(list(venue)).toEqual([]);
  });

  it('a request that is lost changes nothing', () => {
    const venue = new TestVenue().show(BOOK);
    faulty(venue, { lostRequestRate: ALL });
    expect(venue.place('BUY 1 @ 101')).toEqual([]);
    expect(venue.open).toEqual([]);
  });
});
