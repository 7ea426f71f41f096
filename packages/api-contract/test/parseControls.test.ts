/** Bodies of operators: limits there and back, trading state, venue instructions, fault switches. */
import { COUNT_LIMITS, DEFAULT_LIMITS, decimal, formatDecimal, LIMIT_NAMES } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { limitsOfView, parseLimits, parseTradingState, parseVenueFaults, parseVenueInstruction } from '../src/index.ts';

describe('limits', () => {
  const wire = Object.fromEntries(
    LIMIT_NAMES.map((name) => [
      name,
      COUNT_LIMITS.has(name) ? DEFAULT_LIMITS[name] : formatDecimal(DEFAULT_LIMITS[name] as bigint),
    ]),
  ) as Record<string, string | number>;

  it('go to the wire and come back', () => {
    expect(parseLimits(wire)).toEqual({ value: DEFAULT_LIMITS });
    expect(limitsOfView(wire)).toEqual(DEFAULT_LIMITS);
    expect(limitsOfView({})).toEqual(Object.fromEntries(LIMIT_NAMES.map((name) => [name, null])));
  });

  it.each(LIMIT_NAMES)('%s: null unsets it, the wrong kind of value is refused', (name) => {
    expect(parseLimits({ [name]: null })).toEqual({ value: { [name]: null } });
    const wrong = COUNT_LIMITS.has(name) ? ['5', 1.5, -1, 1e10] : [5, '1e5', '-1', '9'.repeat(25)];
    for (const value of wrong) expect(parseLimits({ [name]: value }).errors?.[0]?.path).toBe(name);
  });

  it('refuse a name that is none', () => {
    expect(parseLimits({ ordersMax: 1 }).errors?.[0]?.path).toBe('ordersMax');
  });
});

describe('trading state', () => {
  it.each([
    [{ scope: 'FIRM', state: 'HALTED', reason: 'x' }, undefined],
    [{ scope: 'FIRM', id: null, state: 'HALTED', reason: 'x' }, undefined],
    [{ scope: 'INSTRUMENT', id: 'BTC-USD', state: 'REDUCING', reason: 'x' }, undefined],
    [{ scope: 'FIRM', id: 'A', state: 'HALTED', reason: 'x' }, 'id'],
    [{ scope: 'ACCOUNT', state: 'HALTED', reason: 'x' }, 'id'],
    [{ scope: 'DESK', id: 'D', state: 'HALTED', reason: 'x' }, 'scope'],
    [{ scope: 'FIRM', state: 'HALTED', reason: '' }, 'reason'],
    [{ scope: 'FIRM', state: 'HALTED', reason: 'x'.repeat(501) }, 'reason'],
  ])('%j', (body, path) => {
    expect(parseTradingState(body).errors?.[0]?.path).toBe(path);
  });
});

describe('the simulated venue', () => {
  it('is instructed with all, some or none of the members', () => {
    const nothing = { executionId: null, quantity: null, price: null, reason: null };
    expect(parseVenueInstruction(undefined)).toEqual({ value: nothing });
    expect(parseVenueInstruction({ quantity: '0.5', reason: 'no' })).toEqual({
      value: { ...nothing, quantity: decimal('0.5'), reason: 'no' },
    });
    expect(parseVenueInstruction({ quantity: '0' }).errors?.[0]?.path).toBe('quantity');
  });

  it('has fault switches that are off unless given, and shares of at most 1', () => {
    expect(parseVenueFaults({ lostReportRate: '1', disconnected: true })).toMatchObject({
      value: { lostReportRate: decimal('1'), disconnected: true, latencyMs: 0, rejectRate: 0n },
    });
    expect(parseVenueFaults({ lostReportRate: '1.0001' }).errors?.[0]?.path).toBe('lostReportRate');
    expect(parseVenueFaults({ latencyMs: -1 }).errors?.[0]?.path).toBe('latencyMs');
  });
});
