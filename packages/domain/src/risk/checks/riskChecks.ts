/**
 * The risk checks in the order they run: the first that fails is the reason. The order is that of RISK_REASON_CODES;
 * its first, UNKNOWN_INSTRUMENT, is answered before (see unknownInstrument), as nothing can be worked out without one.
 */
import type { Reason, RiskReasonCode } from '../../reason.ts';
import { openNotionalWithinLimit, openOrdersWithinLimit, orderNotRepeated, rateWithinLimit } from './activityChecks.ts';
import { type Assessment, onlyShrinks } from './assessment.ts';
import { balanceSuffices, dailyLossWithinLimit, marginSuffices, positionWithinLimit } from './fundsChecks.ts';
import {
  instrumentTrades,
  notionalReachesMin,
  pricesOnIncrement,
  quantityOnIncrement,
  quantityReachesMin,
  quantityWithinMax,
} from './instrumentChecks.ts';
import { orderNotionalWithinLimit, orderQuantityWithinLimit, priceWithinCollar } from './orderSizeChecks.ts';
import { reducesWhereItMust, tradingNotHalted } from './tradingStateChecks.ts';

export interface RiskCheck {
  readonly code: RiskReasonCode;
  /** ORDER: new orders only. INCREASE: also replaces, unless they only take quantity away. EVERY: those too. */
  readonly appliesTo: 'ORDER' | 'INCREASE' | 'EVERY';
  /** Whether reduce-only orders pass it: they take risk away. */
  readonly reduceOnlyPasses: boolean;
  readonly check: (assessment: Assessment) => Reason | null;
}

const row = (
  code: RiskReasonCode,
  appliesTo: RiskCheck['appliesTo'],
  reduceOnly: 'reduce-only passes' | '',
  check: RiskCheck['check'],
): RiskCheck => ({ code, appliesTo, reduceOnlyPasses: reduceOnly !== '', check });

// biome-ignore format: the table is meant to be read in columns
export const RISK_CHECKS: readonly RiskCheck[] = [
  row('INSTRUMENT_NOT_TRADING',       'INCREASE', '',                   instrumentTrades),
  row('TRADING_HALTED',               'INCREASE', '',                   tradingNotHalted),
  row('REDUCING_ONLY',                'INCREASE', '',                   reducesWhereItMust),
  row('PRICE_INCREMENT',              'EVERY',    '',                   pricesOnIncrement),
  row('QUANTITY_INCREMENT',           'EVERY',    '',                   quantityOnIncrement),
  row('QUANTITY_BELOW_MIN',           'EVERY',    '',                   quantityReachesMin),
  row('QUANTITY_EXCEEDS_MAX',         'INCREASE', '',                   quantityWithinMax),
  row('NOTIONAL_BELOW_MIN',           'EVERY',    '',                   notionalReachesMin),
  row('ORDER_QUANTITY_EXCEEDS_LIMIT', 'INCREASE', '',                   orderQuantityWithinLimit),
  row('ORDER_NOTIONAL_EXCEEDS_LIMIT', 'INCREASE', '',                   orderNotionalWithinLimit),
  row('PRICE_OUTSIDE_COLLAR',         'INCREASE', '',                   priceWithinCollar),
  row('ORDER_RATE_EXCEEDED',          'INCREASE', '',                   rateWithinLimit),
  row('OPEN_ORDERS_EXCEED_LIMIT',     'ORDER',    '',                   openOrdersWithinLimit),
  row('OPEN_NOTIONAL_EXCEEDS_LIMIT',  'INCREASE', 'reduce-only passes', openNotionalWithinLimit),
  row('POSITION_EXCEEDS_LIMIT',       'INCREASE', '',                   positionWithinLimit),
  row('INSUFFICIENT_BALANCE',         'INCREASE', '',                   balanceSuffices),
  row('INSUFFICIENT_MARGIN',          'INCREASE', '',                   marginSuffices),
  row('DAILY_LOSS_EXCEEDED',          'INCREASE', 'reduce-only passes', dailyLossWithinLimit),
  row('REPEATED_ORDER',               'ORDER',    '',                   orderNotRepeated),
];

const SHRINKING_CHECKS = RISK_CHECKS.filter(({ appliesTo }) => appliesTo === 'EVERY');
const REPLACE_CHECKS = RISK_CHECKS.filter(({ appliesTo }) => appliesTo !== 'ORDER');

/** Runs the checks that apply. @returns the first refusal, or `null` when all pass */
export function firstRefusal(assessment: Assessment): Reason | null {
  const { hold, reduceOnly } = assessment;
  const checks = hold === null ? RISK_CHECKS : onlyShrinks(assessment) ? SHRINKING_CHECKS : REPLACE_CHECKS;
  for (const { check, reduceOnlyPasses } of checks) {
    if (reduceOnly && reduceOnlyPasses) continue;
    const refused = check(assessment);
    if (refused !== null) return refused;
  }
  return null;
}
