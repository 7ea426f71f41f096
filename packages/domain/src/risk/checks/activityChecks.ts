/** Limits on what an account does over time: its rates, its open orders, and the same order again and again. */
import type { Reason } from '../../reason.ts';
import { countIn } from '../accountRisk.ts';
import { isSameOrder } from '../repeatedOrder.ts';
import type { Assessment } from './assessment.ts';
import { type LimitUse, limitRefusal, scopeOf } from './refusal.ts';

/** Approved orders and approved replaces, each per second of the clock. */
export function rateWithinLimit(assessment: Assessment): Reason | null {
  const { account, limits, context, hold } = assessment;
  const limit = hold === null ? limits.submitsPerSecondMax : limits.replacesPerSecondMax;
  const used = countIn(hold === null ? account.submits : account.replaces, context.now);
  if (used + 1 <= limit) return null;
  const name = hold === null ? 'submitsPerSecondMax' : 'replacesPerSecondMax';
  const use = { scope: scopeOf(assessment, name), limit, used, requested: 1 };
  return limitRefusal('ORDER_RATE_EXCEEDED', `${hold === null ? 'orders' : 'replaces'} per second`, name, use);
}

/** The account's own number against its own limit, the desk's and the firm's totals against theirs. */
export function openOrdersWithinLimit(assessment: Assessment): Reason | null {
  const { state, account, limits } = assessment;
  const { firm } = state;
  const { desk } = account;
  const own = limits.ownOpenOrdersMax;
  if (account.openOrders + 1 > own) {
    const scope = account.limits.openOrdersMax === null ? 'DEFAULT' : 'ACCOUNT';
    return tooManyOpenOrders(scope, own, account.openOrders);
  }
  const ofDesk = desk.limits.openOrdersMax;
  if (ofDesk !== null && desk.openOrders + 1 > ofDesk) return tooManyOpenOrders('DESK', ofDesk, desk.openOrders);
  const ofFirm = firm.limits.openOrdersMax;
  if (ofFirm !== null && firm.openOrders + 1 > ofFirm) return tooManyOpenOrders('FIRM', ofFirm, firm.openOrders);
  return null;
}

const tooManyOpenOrders = (scope: string, limit: number, used: number): Reason =>
  limitRefusal('OPEN_ORDERS_EXCEED_LIMIT', 'open orders', 'openOrdersMax', { scope, limit, used, requested: 1 });

export function openNotionalWithinLimit(assessment: Assessment): Reason | null {
  const { state, account, limits, addedNotional: requested } = assessment;
  if (requested === 0n) return null;
  const { firm } = state;
  const { desk } = account;
  const own = limits.ownOpenNotionalMax;
  if (account.openNotional + requested > own) {
    const scope = account.limits.openNotionalMax === null ? 'DEFAULT' : 'ACCOUNT';
    return tooMuchOpenNotional({ scope, limit: own, used: account.openNotional, requested });
  }
  const ofDesk = desk.limits.openNotionalMax;
  if (ofDesk !== null && desk.openNotional + requested > ofDesk) {
    return tooMuchOpenNotional({ scope: 'DESK', limit: ofDesk, used: desk.openNotional, requested });
  }
  const ofFirm = firm.limits.openNotionalMax;
  if (ofFirm !== null && firm.openNotional + requested > ofFirm) {
    return tooMuchOpenNotional({ scope: 'FIRM', limit: ofFirm, used: firm.openNotional, requested });
  }
  return null;
}

const tooMuchOpenNotional = (use: LimitUse): Reason =>
  limitRefusal('OPEN_NOTIONAL_EXCEEDS_LIMIT', 'notional of open orders', 'openNotionalMax', use);

/** Catches a program that runs away: the very same order, in a row, more often than allowed inside the window. */
export function orderNotRepeated(assessment: Assessment): Reason | null {
  const { limits, exposure, terms, side, context } = assessment;
  const { repeatedOrdersMax: limit, repeatedOrderWindowMs: windowMs } = limits;
  if (limit === 0 || exposure === undefined || exposure.repeatCount < limit) return null;
  if (context.now - exposure.repeatSince >= windowMs) return null;
  if (exposure.lastOrder === null || !isSameOrder(exposure.lastOrder, side, terms)) return null;
  const scope = scopeOf(assessment, 'repeatedOrdersMax');
  const use = { scope, limit, used: exposure.repeatCount, requested: 1 };
  return limitRefusal('REPEATED_ORDER', `same order in a row within ${windowMs} ms`, 'repeatedOrdersMax', use);
}
