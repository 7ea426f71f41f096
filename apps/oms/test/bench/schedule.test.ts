/** When requests are due: nothing early, nothing left out, and the number due is the number planned by then. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Schedule } from '../../src/bench/generator/schedule.ts';

describe('the schedule', () => {
  it('spaces a constant rate evenly', () => {
    const schedule = new Schedule({ rate: 500, seconds: 2 });
    expect(schedule.total).toBe(1_000);
    expect([0, 1, 999].map((index) => schedule.plannedAt(index))).toEqual([0, 2, 1_998]);
    expect([0, 1.9, 2, 5_000].map((ms) => schedule.dueAt(ms))).toEqual([1, 1, 2, 1_000]);
  });

  it('rises evenly from nothing: half as many requests, a quarter of them in the first half', () => {
    const schedule = new Schedule({ rate: 1_000, seconds: 4, rising: true });
    expect(schedule.total).toBe(2_000);
    expect(schedule.plannedAt(500)).toBeCloseTo(2_000);
    expect(schedule.plannedAt(2_000)).toBeCloseTo(4_000);
  });

  it.each([false, true])('has due what is planned by then, rising: %s', (rising) => {
    const rounds = fc.record({ rate: fc.integer({ min: 1, max: 100_000 }), seconds: fc.integer({ min: 1, max: 10 }) });
    fc.assert(
      fc.property(rounds, fc.double({ min: 0, max: 10_000, noNaN: true }), (round, elapsedMs) => {
        const schedule = new Schedule({ ...round, rising });
        const due = schedule.dueAt(elapsedMs);
        // A thousandth of a millisecond for the rounding of square and root.
        if (due > 0) expect(schedule.plannedAt(due - 1)).toBeLessThanOrEqual(elapsedMs + 0.001);
        if (due < schedule.total) expect(schedule.plannedAt(due)).toBeGreaterThan(elapsedMs - 0.001);
      }),
    );
  });
});
