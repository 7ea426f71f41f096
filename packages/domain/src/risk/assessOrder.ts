/** Answers whether an order may leave the house; if so, sets aside what it may cost. */
import { type Decision, type DecisionContext, decided } from '../decision.ts';
import type { AssessOrder } from '../messages.ts';
import type { Price } from '../money.ts';
import { type Reason, reason } from '../reason.ts';
import { holdOf } from './accountRisk.ts';
import { type Assessment, assessmentOfOrder } from './checks/assessment.ts';
import { unknownInstrument } from './checks/instrumentChecks.ts';
import { firstRefusal } from './checks/riskChecks.ts';
import type { HoldPlaced, RiskEvent } from './events.ts';
import type { RiskState } from './state.ts';

export function assessOrder(message: AssessOrder, state: RiskState, context: DecisionContext): Decision<RiskEvent> {
  const account = state.accounts.get(message.accountId);
  if (account === undefined) return refused(message, unknownAccount(message.accountId));
  const held = holdOf(state, message.accountId, message.orderId);
  // Asked again about an order that was approved: the same answer, and no second hold.
  if (held !== undefined) return approved(message, held.protectionPrice, []);

  const instrument = state.instruments.get(message.terms.symbol);
  if (instrument === undefined) return refused(message, unknownInstrument(message.terms.symbol));
  const assessment = assessmentOfOrder(message, account, instrument, state, context);
  const refusal = firstRefusal(assessment);
  if (refusal !== null) return refused(message, refusal);
  return approved(message, assessment.protectionPrice, [holdPlaced(message, assessment)]);
}

export const unknownAccount = (accountId: string): Reason =>
  reason('OMS', 'UNKNOWN_ACCOUNT', `there is no account ${accountId}`, { accountId });

const holdPlaced = (message: AssessOrder, { terms, protectionPrice }: Assessment): HoldPlaced => ({
  type: 'HoldPlaced',
  accountId: message.accountId,
  orderId: message.orderId,
  symbol: message.terms.symbol,
  side: message.terms.side,
  quantity: terms.quantity,
  quoteQuantity: terms.quoteQuantity,
  price: terms.price,
  stopPrice: terms.stopPrice,
  holdPrice: terms.holdPrice,
  protectionPrice,
  reduceOnly: message.terms.reduceOnly,
});

function approved(message: AssessOrder, protectionPrice: Price | null, events: readonly RiskEvent[]) {
  const { orderId, replyTo } = message;
  return decided(events, [
    { to: 'order-processor', message: { type: 'OrderApproved', orderId, protectionPrice, replyTo } },
  ]);
}

function refused(message: AssessOrder, refusal: Reason): Decision<RiskEvent> {
  const { orderId, replyTo } = message;
  return decided<RiskEvent>(
    [],
    [{ to: 'order-processor', message: { type: 'OrderRefused', orderId, reason: refusal, replyTo } }],
  );
}
