/** Limits on what the account owns and owes: positions, balances, margin, and the loss of the day. */
import { referencePriceOf } from '../../market.ts';
import { type Amount, absolute, formatDecimal } from '../../money.ts';
import type { Reason, RiskReasonCode } from '../../reason.ts';
import { availableOf, realizedTodayOf } from '../accountRisk.ts';
import { holdCurrencyOf } from '../holds.ts';
import { unrealizedPnlOf } from '../position.ts';
import type { Balance } from '../state.ts';
import type { Assessment } from './assessment.ts';
import { limitRefusal, refusal, scopeOf } from './refusal.ts';

/**
 * The worst case: the position with every open order of this side filled, and this one too. Reduce-only orders are
 * asked as well: alone they always pass, but filled before the ordinary orders of their side they would let those
 * carry the position beyond the limit on the other side.
 */
export function positionWithinLimit(assessment: Assessment): Reason | null {
  const { exposure, side, position, addedQuantity: requested } = assessment;
  if (requested === 0n) return null;
  const limit = assessment.limits.positionQuantityMax;
  const used =
    side === 'BUY' ? position + (exposure?.openBuyQuantity ?? 0n) : (exposure?.openSellQuantity ?? 0n) - position;
  if (used + requested <= limit) return null;
  const use = { scope: scopeOf(assessment, 'positionQuantityMax'), limit, used, requested };
  return limitRefusal('POSITION_EXCEEDS_LIMIT', `worst-case ${side} position`, 'positionQuantityMax', use);
}

export function balanceSuffices(assessment: Assessment): Reason | null {
  if (assessment.instrument.kind !== 'SPOT') return null;
  return covers(assessment, 'INSUFFICIENT_BALANCE', 0n);
}

/** Losses of open perpetual positions at the mark price are as good as gone; gains are not there yet. */
export function marginSuffices(assessment: Assessment): Reason | null {
  if (assessment.instrument.kind !== 'PERPETUAL') return null;
  return covers(assessment, 'INSUFFICIENT_MARGIN', unrealizedLossOf(assessment));
}

function covers(assessment: Assessment, code: RiskReasonCode, unrealizedLoss: Amount): Reason | null {
  const { instrument, side, addedHold } = assessment;
  if (addedHold === 0n) return null;
  const available = availableOf(balanceHeldIn(assessment)) - unrealizedLoss;
  if (addedHold <= available) return null;
  const currency = holdCurrencyOf(instrument, side);
  const details = {
    currency,
    available: formatDecimal(available),
    requested: formatDecimal(addedHold),
    unrealizedLoss: formatDecimal(unrealizedLoss),
  };
  return refusal(code, `${details.requested} ${currency} needed, ${details.available} available`, details);
}

/** By the exposure's link; it is made by folds only, so an account's first order looks the balance up. */
function balanceHeldIn({ account, instrument, exposure, side }: Assessment): Balance | undefined {
  const isInBase = instrument.kind === 'SPOT' && side === 'SELL';
  const linked = isInBase ? exposure?.baseBalance : exposure?.quoteBalance;
  return linked ?? account.balances.get(holdCurrencyOf(instrument, side));
}

/**
 * The one check that walks over positions, because marks move without events: only for perpetuals, and only when
 * margin is in use. A position of which no price is known counts with its margin alone.
 */
function unrealizedLossOf({ state, account, instrument, context }: Assessment): Amount {
  const { quote } = instrument;
  if ((account.balances.get(quote)?.margin ?? 0n) === 0n) return 0n;
  let loss = 0n;
  for (const position of account.positions.values()) {
    const other = state.instruments.get(position.symbol);
    if (position.quantity === 0n || other === undefined || other.kind !== 'PERPETUAL' || other.quote !== quote)
      continue;
    const mark = referencePriceOf(context.market.prices(position.symbol));
    const pnl = mark === null ? 0n : unrealizedPnlOf(position, mark);
    if (pnl < 0n) loss += absolute(pnl);
  }
  return loss;
}

export function dailyLossWithinLimit(assessment: Assessment): Reason | null {
  const { account, instrument, context } = assessment;
  const limit = assessment.limits.dailyLossMax;
  const loss = -realizedTodayOf(account, instrument.quote, context.now);
  if (loss < limit) return null;
  const use = { scope: scopeOf(assessment, 'dailyLossMax'), limit, used: loss, requested: 0n };
  return limitRefusal('DAILY_LOSS_EXCEEDED', `realized loss of the day in ${instrument.quote}`, 'dailyLossMax', use);
}
