/** An operator says what became of a request whose outcome is unknown, as if the venue had. */
import { type Decision, decided, replyTo } from '../decision.ts';
import type { ResolveRequest } from '../messages.ts';
import { numberOfOrderId } from '../partitionKey.ts';
import { type Reason, reason } from '../reason.ts';
import type { VenueFact } from '../venue/reports.ts';
import type { OrderEvent, RequestKind } from './events.ts';
import { lacksAcknowledgement, type Order } from './order.ts';
import { unknownOrder } from './placeOrder.ts';
import type { OrdersState } from './state.ts';
import { SYNTHETIC_PREFIX } from './syntheticFill.ts';

export function decideResolve(message: ResolveRequest, state: OrdersState): Decision<OrderEvent> {
  const { orderId, clientOrderId, outcome, reason: why, actor } = message;
  const order = state.orders.get(orderId);
  if (order === undefined) return decided([], [], replyTo(message.replyTo, 'REFUSED', null, unknownOrder(orderId)));
  const kind = unknownKindOf(order, clientOrderId, state);
  if (kind === null) {
    return decided([], [], replyTo(message.replyTo, 'REFUSED', orderId, notUnknown(orderId, clientOrderId)));
  }
  const { accountId } = order;
  return decided(
    [{ type: 'RequestResolved', orderId, accountId, clientOrderId, kind, outcome, reason: why, actor }],
    [{ to: 'order-processor', message: { type: 'VenueReported', report: factOf(message, kind) } }],
    replyTo(message.replyTo, 'ACCEPTED', orderId),
  );
}

function unknownKindOf(order: Order, clientOrderId: string, state: OrdersState): RequestKind | null {
  const request = order.pendingRequests.find((pending) => pending.clientOrderId === clientOrderId);
  if (request !== undefined) return request.outcome === 'unknown' ? request.kind : null;
  const isPlacing = order.placedClientOrderId === clientOrderId && lacksAcknowledgement(order);
  return isPlacing && state.unanswered.has(numberOfOrderId(order.orderId)) ? 'NEW' : null;
}

const notUnknown = (orderId: string, clientOrderId: string): Reason =>
  reason('OMS', 'REQUEST_NOT_UNKNOWN', `No request ${clientOrderId} of the order has an unknown outcome.`, {
    orderId,
    clientOrderId,
  });

/** The report that the venue would have sent. */
function factOf(
  { orderId, clientOrderId: requestId, outcome, reason: why }: ResolveRequest,
  kind: RequestKind,
): VenueFact {
  const code = 'RESOLVED_BY_OPERATOR';
  const message = why;
  const isAccepted = outcome === 'ACCEPTED';
  switch (kind) {
    case 'NEW':
      return isAccepted
        ? { kind: 'ACCEPTED', orderId, venueOrderId: `${SYNTHETIC_PREFIX}${orderId}` }
        : { kind: 'REJECTED', orderId, code, message };
    case 'CANCEL':
      return isAccepted
        ? { kind: 'CANCELED', orderId, requestId, code, message }
        : { kind: 'CANCEL_REJECTED', orderId, requestId, code, message };
    case 'REPLACE':
      return isAccepted
        ? { kind: 'REPLACED', orderId, requestId }
        : { kind: 'REPLACE_REJECTED', orderId, requestId, code, message };
  }
}
