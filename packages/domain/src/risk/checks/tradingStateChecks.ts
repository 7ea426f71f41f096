/** What the trading states of firm, account and instrument allow, and what reduce-only promises. */
import { formatDecimal, maximum, type Quantity } from '../../money.ts';
import type { Reason } from '../../reason.ts';
import { strictestState } from '../strictestState.ts';
import type { Assessment } from './assessment.ts';
import { refusal } from './refusal.ts';

export function tradingNotHalted({ state, account, instrument }: Assessment): Reason | null {
  const entry = strictestState(state, account.accountId, instrument.symbol);
  if (entry === null || entry.state !== 'HALTED') return null;
  const details = { scope: entry.scope, id: entry.id ?? '', state: entry.state, reason: entry.reason };
  return refusal('TRADING_HALTED', `trading is HALTED for ${nameOf(entry)}: ${entry.reason}`, details);
}

const nameOf = ({ scope, id }: { readonly scope: string; readonly id: string | null }): string =>
  id === null ? scope : `${scope} ${id}`;

/**
 * A reduce-only order must be covered by the opposite position, together with the other reduce-only orders of its
 * side (domain rule 12). While trading is REDUCING an ordinary order may only reduce, too; nothing shrinks it later,
 * so it must be covered together with *all* open orders of its side.
 */
export function reducesWhereItMust(assessment: Assessment): Reason | null {
  const { state, account, instrument, reduceOnly, leaves } = assessment;
  const entry = strictestState(state, account.accountId, instrument.symbol);
  const isReducing = entry !== null && entry.state === 'REDUCING';
  if (!reduceOnly && !isReducing) return null;

  const { position } = assessment;
  const opposite = maximum(assessment.side === 'BUY' ? -position : position, 0n);
  const others = openReducingQuantity(assessment);
  if (others + leaves <= opposite) return null;
  const details = {
    scope: isReducing ? entry.scope : 'ORDER',
    position: formatDecimal(position),
    openReducing: formatDecimal(others),
    requested: formatDecimal(leaves),
    reducible: formatDecimal(maximum(opposite - others, 0n)),
  };
  const why = isReducing ? `trading is REDUCING for ${nameOf(entry)}` : 'the order is reduce-only';
  const message = `${why}: it may reduce by ${details.reducible}, ${details.requested} requested`;
  return refusal('REDUCING_ONLY', message, details);
}

/** Open quantity of the side that reduces before this order does, without the order itself when it is replaced. */
function openReducingQuantity({ exposure, side, reduceOnly, hold }: Assessment): Quantity {
  if (exposure === undefined) return 0n;
  const all = side === 'BUY' ? exposure.openBuyQuantity : exposure.openSellQuantity;
  const onlyReducing = side === 'BUY' ? exposure.reduceOnlyBuyQuantity : exposure.reduceOnlySellQuantity;
  return (reduceOnly ? onlyReducing : all) - (hold?.openQuantity ?? 0n);
}
