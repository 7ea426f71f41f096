/** Which trading state decides, held against a walk over every state that was ever set. */
import { evolveRisk, initialRiskState, type RiskEvent, type RiskState, type TradingStateEntry } from '@oms/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { strictestState } from '../../src/risk/strictestState.ts';
import { NOON } from './riskHouse.ts';

const place = fc.constantFrom(
  { scope: 'FIRM' as const, id: null },
  { scope: 'ACCOUNT' as const, id: 'A' },
  { scope: 'ACCOUNT' as const, id: 'B' },
  { scope: 'INSTRUMENT' as const, id: 'BTC-USD' },
  // An account of an instrument's name must not be taken for it.
  { scope: 'INSTRUMENT' as const, id: 'A' },
);
const change = fc
  .tuple(place, fc.constantFrom('ACTIVE' as const, 'REDUCING' as const, 'HALTED' as const), fc.nat(3))
  .map(
    ([where, state, n]): RiskEvent => ({ type: 'TradingStateChanged', ...where, state, reason: `${n}`, actor: null }),
  );

/** From the widest scope to the narrowest, the first of the strictest. */
function reference(state: RiskState, accountId: string, symbol: string): TradingStateEntry | null {
  const entries = ['FIRM', `ACCOUNT:${accountId}`, `INSTRUMENT:${symbol}`].map((key) => state.tradingStates.get(key));
  for (const wanted of ['HALTED', 'REDUCING']) {
    const first = entries.find((entry) => entry?.state === wanted);
    if (first !== undefined) return first;
  }
  return null;
}

describe('the trading state that decides', () => {
  it('is the strictest of firm, account and instrument, after any changes', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const state = initialRiskState(0);
        for (const each of changes) {
          evolveRisk(state, each, NOON);
          for (const accountId of ['A', 'B']) {
            for (const symbol of ['BTC-USD', 'A']) {
              expect(strictestState(state, accountId, symbol)).toEqual(reference(state, accountId, symbol));
            }
          }
        }
      }),
    );
  });

  it('costs orders no lookup once everything is ACTIVE again', () => {
    const state = initialRiskState(0);
    for (const tradingState of ['HALTED', 'ACTIVE'] as const) {
      const set = { scope: 'ACCOUNT', id: 'A', state: tradingState, reason: '', actor: null } as const;
      evolveRisk(state, { type: 'TradingStateChanged', ...set }, NOON);
    }
    expect(state.restrictions.accounts.size).toBe(0);
    expect(state.tradingStates.size).toBe(1);
  });
});
