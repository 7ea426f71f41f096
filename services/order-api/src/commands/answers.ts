/**
 * The one place that says what an answer of the house means to a caller: 201, 200, 202, or which refusal.
 */
import { ERRORS, type ErrorCode, isErrorCode } from '@oms/api-contract';
import type { OrderText, Reason } from '@oms/domain';
import type { CommandAnswer } from '@oms/ports';
import { type Refusal, refuse } from '../refusal.ts';

/** A command about an order went through. */
export interface OrderAccepted {
  readonly status: 200 | 201 | 202;
  readonly order: OrderText;
  /** The same request was made before. */
  readonly replayed: boolean;
}
export type OrderOutcome = OrderAccepted | Refusal;

/** Placing: 201 new, 200 repeated, 202 durable but undecided; a rejected order is 422 however often it is asked for. */
export function placeOutcomeOf(answer: CommandAnswer): OrderOutcome {
  const refusal = refusalOf(answer);
  if (refusal !== null) return refusal;
  const order = answer.order!;
  if (order.status === 'REJECTED') return refuseOrder(order.reason, order);
  // A repeat that came with the request itself: decided by now, so it is answered like any other repeat.
  if (answer.outcome === 'UNDECIDED' && order.status === 'PENDING_NEW') return undecided(order);
  const replayed = answer.outcome !== 'ACCEPTED';
  return { status: replayed ? 200 : 201, order, replayed };
}

/** Replace and cancel: 202, for the request is accepted, not yet done (rule 15). */
export function requestOutcomeOf(answer: CommandAnswer): OrderOutcome {
  return refusalOf(answer) ?? { status: 202, order: answer.order!, replayed: answer.outcome === 'REPEATED' };
}

/** Anything whose answer carries no order: limits, trading state, faults, cancel all. */
export function refusalOfControl(answer: CommandAnswer): Refusal | null {
  if (answer.quarantinedAt !== null) return quarantined(answer.quarantinedAt);
  if (answer.outcome !== 'REFUSED') return null;
  return refuse(codeOf(answer.reason), answer.reason?.message);
}

/** What is found of an order whose answer did not come in time: it is durable, and may be decided by now. */
export function foundOutcomeOf(order: OrderText): OrderOutcome {
  if (order.status === 'REJECTED') return refuseOrder(order.reason, order);
  return order.status === 'PENDING_NEW' ? undecided(order) : { status: 200, order, replayed: true };
}

const undecided = (order: OrderText): OrderAccepted => ({ status: 202, order, replayed: false });

/** An instruction to a manual venue: 200 once its report was processed. */
export function instructionOutcomeOf(answer: CommandAnswer): OrderOutcome {
  return refusalOf(answer) ?? { status: 200, order: answer.order!, replayed: false };
}

/** A resolved request: 200 with the order, also when it is rejected now. */
export function resolutionOutcomeOf(answer: CommandAnswer): OrderOutcome {
  const refusal = refusalOfControl(answer);
  if (refusal !== null) return refusal;
  return answer.order === null ? refuse('UNKNOWN_ORDER') : { status: 200, order: answer.order, replayed: false };
}

function refusalOf(answer: CommandAnswer): Refusal | null {
  if (answer.quarantinedAt !== null) return quarantined(answer.quarantinedAt);
  if (answer.outcome === 'REFUSED') {
    const { order, reason } = answer;
    // Of a rejected order it may also be the request that is refused: a conflicting body, a cancel that comes too late.
    if (order !== null && order.status === 'REJECTED' && (reason === null || reason.code === order.reason?.code)) {
      return refuseOrder(order.reason, order);
    }
    const code = codeOf(reason);
    return refuse(code, reason?.message, ERRORS[code].status === 422 ? { order } : {});
  }
  return answer.order === null ? refuse('UNKNOWN_ORDER') : null;
}

/** A rejected order always answers 422, whatever else the venue's own code may mean elsewhere. */
function refuseOrder(reason: Reason | null, order: OrderText): Refusal {
  const code = codeOf(reason);
  return refuse(ERRORS[code].status === 422 ? code : 'VENUE_REJECTED', reason?.message, { order });
}

const quarantined = (position: number): Refusal =>
  refuse('MESSAGE_QUARANTINED', `The message at position ${position} could not be processed and was put aside.`);

/** A venue may refuse in words of its own; those stay in the order's reason. */
const codeOf = (reason: Reason | null): ErrorCode =>
  reason !== null && isErrorCode(reason.code) ? reason.code : 'VENUE_REJECTED';
