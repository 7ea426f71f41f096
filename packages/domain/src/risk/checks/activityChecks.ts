/** Limits on what an account does over time: its rates, its open orders, and the same order again and again. */
import type { Reason } from '../../reason.ts';
import { countIn } from '../accountRisk.ts';
import { limitSourceOf, ownLimit, tightestLimit } from '../effectiveLimits.ts';
import { isSameOrder } from '../repeatedOrder.ts';
import type { Assessment } from './assessment.ts';
import { limitRefusal, scopeOf } from './refusal.ts';

/** Approved orders and approved replaces, each per second of the clock. */
export function rateWithinLimit(assessment: Assessment): Reason | null {
  const { state, account, desk, context, hold } = assessment;
  const name = hold === null ? 'submitsPerSecondMax' : 'replacesPerSecondMax';
  const limit = tightestLimit(state, account, desk, name);
  const used = countIn(hold === null ? account.submits : account.replaces, context.now);
  if (used + 1 <= limit) return null;
  const use = { scope: scopeOf(assessment, name), limit, used, requested: 1 };
  return limitRefusal('ORDER_RATE_EXCEEDED', `${hold === null ? 'orders' : 'replaces'} per second`, name, use);
}

/** The account's own number against its own limit, the desk's and the firm's totals against theirs. */
export function openOrdersWithinLimit(assessment: Assessment): Reason | null {
  const { state, account, desk } = assessment;
  const own = ownLimit(state, account, 'openOrdersMax');
  const refuse = (scope: string, limit: number, used: number): Reason =>
    limitRefusal('OPEN_ORDERS_EXCEED_LIMIT', 'open orders', 'openOrdersMax', { scope, limit, used, requested: 1 });
  if (account.holds.size + 1 > own) {
    return refuse(account.limits.openOrdersMax === null ? 'DEFAULT' : 'ACCOUNT', own, account.holds.size);
  }
  const ofDesk = desk.limits.openOrdersMax;
  if (ofDesk !== null && desk.openOrders + 1 > ofDesk) return refuse('DESK', ofDesk, desk.openOrders);
  const ofFirm = state.firm.limits.openOrdersMax;
  if (ofFirm !== null && state.firm.openOrders + 1 > ofFirm) return refuse('FIRM', ofFirm, state.firm.openOrders);
  return null;
}

export function openNotionalWithinLimit(assessment: Assessment): Reason | null {
  const { state, account, desk, addedNotional: requested } = assessment;
  if (requested === 0n) return null;
  const own = ownLimit(state, account, 'openNotionalMax');
  const refuse = (scope: string, limit: bigint, used: bigint): Reason => {
    const use = { scope, limit, used, requested };
    return limitRefusal('OPEN_NOTIONAL_EXCEEDS_LIMIT', 'notional of open orders', 'openNotionalMax', use);
  };
  if (account.openNotional + requested > own) {
    return refuse(account.limits.openNotionalMax === null ? 'DEFAULT' : 'ACCOUNT', own, account.openNotional);
  }
  const ofDesk = desk.limits.openNotionalMax;
  if (ofDesk !== null && desk.openNotional + requested > ofDesk) return refuse('DESK', ofDesk, desk.openNotional);
  const { firm } = state;
  const ofFirm = firm.limits.openNotionalMax;
  if (ofFirm !== null && firm.openNotional + requested > ofFirm) return refuse('FIRM', ofFirm, firm.openNotional);
  return null;
}

/** Catches a program that runs away: the very same order, in a row, more often than allowed inside the window. */
export function orderNotRepeated(assessment: Assessment): Reason | null {
  const { state, account, desk, exposure, terms, side, context } = assessment;
  const limit = tightestLimit(state, account, desk, 'repeatedOrdersMax');
  if (limit === 0 || exposure === undefined || exposure.repeatCount < limit) return null;
  const windowMs = tightestLimit(state, account, desk, 'repeatedOrderWindowMs');
  if (context.now - exposure.repeatSince >= windowMs) return null;
  if (!isSameOrder(exposure.lastOrder, { ...terms, side })) return null;
  const scope = limitSourceOf(state, account, desk, 'repeatedOrdersMax');
  const use = { scope, limit, used: exposure.repeatCount, requested: 1 };
  return limitRefusal('REPEATED_ORDER', `same order in a row within ${windowMs} ms`, 'repeatedOrdersMax', use);
}
