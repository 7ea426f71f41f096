/** Every fault switch, alone. Rates of 1 hit always; times are the test's own. */
import { decimal, ONE } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { formatReport, parseReport } from '../src/reportText.ts';
import { TestVenue } from './testVenue.ts';

const BOOK = 'ask 102 2\nask 101 1\nbid 100 3';

const venueWith = (faults: Parameters<TestVenue['setFaults']>[0], seed = 'seed'): TestVenue => {
  const venue = new TestVenue({ seed }).show(BOOK);
  venue.setFaults(faults);
  return venue;
};

describe('with every switch off', () => {
  it('reports leave at once and nothing is scheduled', () => {
    const venue = new TestVenue().show(BOOK);
    venue.place('BUY 1 @ 101');
    expect(venue.events.map(({ event }) => event.type)).toEqual([
      'VenueOrderReceived',
      'VenueOrderTraded',
      'VenueOrderClosed',
    ]);
  });
});

describe('latency', () => {
  it('delays every report by as much, in order', () => {
    const venue = venueWith({ latencyMs: 50 });
    expect(venue.place('BUY 1 @ 101')).toEqual([]);
    expect(venue.wait(49)).toEqual([]);
    expect(venue.wait(1)).toEqual(['a ACCEPTED', 'a TRADED 1 @ 101 TAKER fee 0.101']);
    expect(venue.wait(1_000)).toEqual([]);
  });

  it('that is switched off lets nothing overtake what is on its way', () => {
    const venue = venueWith({ latencyMs: 50 });
    venue.place('BUY 1 @ 99');
    venue.setFaults({});
    expect(venue.cancel('a')).toEqual([]);
    expect(venue.wait(50)).toEqual(['a ACCEPTED', 'a CANCELED c-a']);
    expect(venue.place('BUY 1 @ 99')).toEqual(['b ACCEPTED']);
  });

  it('survives a restart', () => {
    const venue = venueWith({ latencyMs: 50 });
    venue.place('BUY 1 @ 99');
    venue.restart();
    expect(venue.wait(50)).toEqual(['a ACCEPTED']);
  });
});

describe('late reports', () => {
  it('come later than what happened after them', () => {
    const venue = venueWith({ lateReportRate: ONE, lateReportMs: 5_000 });
    venue.place('BUY 1 @ 99');
    venue.setFaults({});
    expect(venue.cancel('a')).toEqual(['a CANCELED c-a']);
    expect(venue.wait(5_000)).toEqual(['a ACCEPTED']);
  });
});

describe('reordered reports', () => {
  it('are overtaken by the next ones', () => {
    const venue = venueWith({ reorderReportRate: ONE });
    venue.place('BUY 1 @ 99');
    venue.setFaults({});
    expect(venue.cancel('a')).toEqual(['a CANCELED c-a']);
    expect(venue.wait(10)).toEqual(['a ACCEPTED']);
  });
});

describe('duplicate reports', () => {
  it('come twice, the same', () => {
    const venue = venueWith({ duplicateReportRate: ONE });
    venue.place('BUY 1 @ 101');
    expect(venue.reports).toHaveLength(4);
    expect(venue.reports[1]).toEqual(venue.reports[0]);
    expect(venue.reports[3]).toEqual(venue.reports[2]);
  });
});

describe('lost reports', () => {
  it('never come, and the order is worked all the same', () => {
    const venue = venueWith({ lostReportRate: ONE });
    expect(venue.place('BUY 1 @ 101')).toEqual([]);
    expect(venue.wait(60_000)).toEqual([]);
    expect(venue.state.executionCount).toBe(1);
  });
});

describe('a disconnect', () => {
  it('keeps every report and replays them in order afterwards', () => {
    const venue = venueWith({ disconnected: true });
    venue.place('BUY 1 @ 101');
    venue.place('BUY 1 @ 99');
    expect(venue.wait(60_000)).toEqual([]);
    venue.setFaults({});
    // Already connected again, but what is held back goes first.
    expect(venue.cancel('b')).toEqual([]);
    expect(venue.wait(0)).toEqual(['a ACCEPTED', 'a TRADED 1 @ 101 TAKER fee 0.101', 'b ACCEPTED', 'b CANCELED c-b']);
    expect(venue.place('BUY 1 @ 99')).toEqual(['c ACCEPTED']);
  });

  it('is replayed to the end, however much was held back', () => {
    const venue = venueWith({ disconnected: true });
    for (let i = 0; i < 3_000; i++) venue.place('BUY 1 @ 99', `o-1-${i}`);
    venue.setFaults({});
    const replayed = [...venue.wait(0), ...venue.wait(0), ...venue.wait(0)];
    expect(replayed).toEqual(Array.from({ length: 3_000 }, (_, i) => `o-1-${i} ACCEPTED`));
    expect(venue.state.scheduled.length).toBe(0);
  });

  it('does not release a report that a due message asks for too late', () => {
    const venue = venueWith({ latencyMs: 5 });
    venue.place('BUY 1 @ 99');
    venue.setFaults({ disconnected: true });
    venue.now += 10;
    expect(venue.send({ type: 'ReleaseReport', key: 1 })).toEqual([]);
    venue.setFaults({});
    expect(venue.wait(0)).toEqual(['a ACCEPTED']);
    expect(venue.send({ type: 'ReleaseReport', key: 1 })).toEqual([]);
  });
});

describe('rejects', () => {
  it('refuse orders that would be fine, and they are closed', () => {
    const venue = venueWith({ rejectRate: ONE });
    expect(venue.place('BUY 1 @ 99')).toEqual(['a REJECTED VENUE_REJECTED']);
    expect(venue.cancel('a')).toEqual(['a CANCEL_REJECTED c-a TOO_LATE_TO_CANCEL']);
  });

  it('hit about their share of the orders', () => {
    const venue = venueWith({ rejectRate: decimal('0.25') });
    for (let i = 0; i < 2_000; i++) venue.place('BUY 1 @ 99', `o-0-${i}`);
    const rejected = venue.reports.filter((report) => report.kind === 'REJECTED').length;
    expect(rejected).toBeGreaterThan(430);
    expect(rejected).toBeLessThan(570);
  });

  it('hit others under another seed', () => {
    const hit = (seed: string) => {
      const venue = venueWith({ rejectRate: decimal('0.5') }, seed);
      for (let i = 0; i < 50; i++) venue.place('BUY 1 @ 99', `o-0-${i}`);
      return venue.reports.map((report) => report.kind).join();
    };
    expect(hit('one')).toBe(hit('one'));
    expect(hit('one')).not.toBe(hit('two'));
  });
});

describe('partial fills', () => {
  it('trade half of what could trade; the rest works on', () => {
    const venue = venueWith({ partialFillRate: ONE });
    expect(venue.place('BUY 1 @ 101')).toContain('a TRADED 0.5 @ 101 TAKER fee 0.0505');
    expect(venue.trade('SELL 5 @ 90')).toEqual(['a TRADED 0.25 @ 101 MAKER fee 0.012625']);
  });

  it('never touch fill-or-kill', () => {
    const venue = venueWith({ partialFillRate: ONE });
    expect(venue.place('BUY 1 @ 101 FOK')).toContain('a TRADED 1 @ 101 TAKER fee 0.101');
  });
});

describe('overfills', () => {
  it('trade a tenth more than was ordered', () => {
    const venue = venueWith({ overfillRate: ONE });
    expect(venue.place('BUY 1 @ 101')).toContain('a TRADED 1.1 @ 101 TAKER fee 0.1111');
    expect(venue.state.orders.size).toBe(0);
  });
});

describe('setting the switches', () => {
  it('is journalled with who did it, as text', () => {
    const venue = venueWith({ rejectRate: decimal('0.25'), latencyMs: 7 });
    expect(venue.answer?.outcome).toBe('ACCEPTED');
    const event = venue.events.at(-1)!.event;
    expect(event).toMatchObject({ type: 'VenueFaultsChanged', actor: 'ops' });
    expect(JSON.parse((event as { faults: string }).faults)).toMatchObject({ rejectRate: '0.25', latencyMs: 7 });
    expect(venue.state.faults.rejectRate).toBe(decimal('0.25'));
  });

  it.each([
    { rejectRate: ONE + 1n },
    { rejectRate: -1n },
    { latencyMs: -1 },
    { latencyMs: 0.5 },
    { lateReportMs: 3_600_001 },
  ])('refuses %o', (faults) => {
    const venue = venueWith(faults);
    expect(venue.answer?.reason?.code).toBe('FAULT_SWITCHES_INVALID');
    expect(venue.state.faultless).toBe(true);
  });
});

describe('a report held back', () => {
  it('comes back exactly as it was', () => {
    const venue = new TestVenue({ mode: 'manual' }).show(BOOK);
    venue.place('BUY 5 @ 100');
    venue.instruct('a', 'ack');
    venue.instruct('a', 'fill', { quantity: '0.00000001', price: '92233720368.54775807' });
    venue.instruct('a', 'trade-correct', { quantity: '1' });
    venue.instruct('a', 'trade-cancel');
    venue.cancel('a', 'CLIENT', '0.5');
    venue.instruct('a', 'cancel', { reason: '"1.5" – naïve' });
    venue.instruct('a', 'reject');
    venue.instruct('a', 'expire');
    expect(venue.reports).toHaveLength(7);
    for (const report of venue.reports) expect(parseReport(formatReport(report))).toEqual(report);
  });
});
