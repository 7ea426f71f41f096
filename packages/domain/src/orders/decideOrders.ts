/**
 * The order processor's decisions: one function per message, read them in the order of an order's life.
 * Pure: looks at the message, the state and the context, changes nothing.
 */
import { type Decision, type DecisionContext, decided, NOTHING, replyTo } from '../decision.ts';
import type { OrderProcessorMessage } from '../messages.ts';
import { decideCancel, decideCancelMatching } from './cancelOrder.ts';
import type { OrderEvent } from './events.ts';
import { decideExpire, decideTimedOut } from './orderTimers.ts';
import { decidePlace } from './placeOrder.ts';
import { decideOrdersListed, decideReconcileOrders } from './reconcileList.ts';
import { decideCompleted, decidePositionsListed, decideReconcilePositions } from './reconcilePositions.ts';
import { decideReplace, decideReplaceApproved, decideReplaceRefused, decideShrink } from './replaceOrder.ts';
import { decideResolve } from './resolveRequest.ts';
import { decideApproved, decideRefused, decideTrigger } from './riskDecided.ts';
import type { OrdersState } from './state.ts';
import { decideVenueReported } from './venueReported.ts';

export function decideOrders(
  message: OrderProcessorMessage,
  state: OrdersState,
  context: DecisionContext,
): Decision<OrderEvent> {
  switch (message.type) {
    case 'PlaceOrder':
      return decidePlace(message, state, context);
    case 'OrderApproved':
      return decideApproved(message, state, context);
    case 'OrderRefused':
      return decideRefused(message, state);
    case 'VenueReported':
      return decideVenueReported(message, state, context);
    case 'CancelOrder':
      return decideCancel(message, state);
    case 'CancelMatching':
      return decideCancelMatching(message, state);
    case 'ReplaceOrder':
      return decideReplace(message, state);
    case 'ReplaceApproved':
      return decideReplaceApproved(message, state);
    case 'ReplaceRefused':
      return decideReplaceRefused(message, state);
    case 'ShrinkReduceOnly':
      return decideShrink(message, state);
    case 'TriggerStop':
      return decideTrigger(message, state);
    case 'ExpireOrder':
      return decideExpire(message, state, context);
    case 'RequestTimedOut':
      return decideTimedOut(message, state, context);
    case 'ReconcileOrders':
      return decideReconcileOrders(message, state);
    case 'VenueOrdersListed':
      return decideOrdersListed(message, state, context);
    case 'ReconcilePositions':
      return decideReconcilePositions(message, state);
    case 'VenuePositionsListed':
      return decidePositionsListed(message);
    case 'CompleteReconciliation':
      return decideCompleted(message, state);
    case 'ResolveRequest':
      return decideResolve(message, state);
    case 'StartReconciliation':
      // Both are for whoever keeps count of the run (services/order-processor).
      return decided([], [], replyTo(message.replyTo, 'ACCEPTED', null));
    case 'PositionsCompared':
      return NOTHING;
    case 'RegisterAccount':
      return state.accounts.has(message.accountId)
        ? NOTHING
        : decided([{ type: 'AccountRegistered', accountId: message.accountId }]);
  }
}
