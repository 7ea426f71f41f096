/** The WebSocket operations that place, replace and cancel orders: the hot path of trading programs. */
import {
  BATCH_ORDERS_MAX,
  type PlaceCommand,
  parseCancelParams,
  parseReplaceParams,
  socketShapes,
} from '@oms/api-contract';
import type { LiveState } from '@oms/ports';
import type { AccountGuard } from '../access/accountGuard.ts';
import { type AccountReach, reaches } from '../access/caller.ts';
import { refusalOfRate, takeForCaller } from '../access/rates.ts';
import { FORBIDDEN } from '../access/signIn.ts';
import type { PrivilegedRequests } from '../audit/privilegedRequests.ts';
import type { OrderOutcome } from '../commands/answers.ts';
import type { CommandDesk } from '../commands/commandDesk.ts';
import type { OrderPlacer } from '../commands/orderPlacer.ts';
import type { RateBucket, RateLimiter } from '../http/rateLimiter.ts';
import { invalid, isRefusal, OVERLOADED, type Refusal, refuse, socketErrorText } from '../refusal.ts';
import type { RequestId, SocketSession } from './socketSession.ts';

export interface OrderOperationsOptions {
  readonly desk: CommandDesk;
  readonly placer: OrderPlacer;
  readonly live: LiveState;
  readonly guard: AccountGuard;
  readonly privileged: PrivilegedRequests;
  readonly rateLimiter: RateLimiter | null;
}

export class OrderOperations {
  readonly #options: OrderOperationsOptions;

  constructor(options: OrderOperationsOptions) {
    this.#options = options;
  }

  place(session: SocketSession, id: RequestId, params: unknown, reach: AccountReach): void {
    if (Array.isArray(params)) {
      this.#placeMany(session, id, params, reach);
      return;
    }
    const refusal = this.#charge(session, 'requests', 1);
    if (refusal !== null) {
      session.refuse(id, refusal);
      return;
    }
    this.#options.placer.place(params, reach, (outcome) => answerOrder(session, id, outcome));
  }

  /** The same for one order that was read already. */
  placeRead(session: SocketSession, id: RequestId, order: PlaceCommand, reach: AccountReach): void {
    const refusal = this.#charge(session, 'requests', 1);
    if (refusal === null) this.#options.placer.placeRead(order, reach, (outcome) => answerOrder(session, id, outcome));
    else session.refuse(id, refusal);
  }

  /** Turns an unread order away: too many wait already. */
  shed(session: SocketSession, id: RequestId): void {
    this.#options.placer.refuse(OVERLOADED, (outcome) => answerOrder(session, id, outcome));
  }

  async replace(session: SocketSession, id: RequestId, params: unknown, reach: AccountReach): Promise<void> {
    const replacement = parseReplaceParams(params);
    if (replacement.errors !== undefined) return session.refuse(id, invalid(replacement.errors));
    const { orderId, ...terms } = replacement.value;
    const { guard } = this.#options;
    const refusal = this.#charge(session, 'requests', 1) ?? guard.refusalOfOrder(reach, orderId, 'requests');
    if (refusal !== null) return session.refuse(id, refusal);
    answerOrder(session, id, await this.#options.desk.replace(orderId, terms));
  }

  async cancel(session: SocketSession, id: RequestId, params: unknown, reach: AccountReach): Promise<void> {
    const request = parseCancelParams(params);
    if (request.errors !== undefined) return session.refuse(id, invalid(request.errors));
    const { orderId, clientOrderId } = request.value;
    const { guard, desk } = this.#options;
    const refusal = this.#charge(session, 'cancels', 1) ?? guard.refusalOfOrder(reach, orderId, 'cancels');
    if (refusal !== null) return session.refuse(id, refusal);
    this.#tellCancel('order.cancel', session, reach, null, request.value);
    answerOrder(session, id, await desk.cancel(orderId, clientOrderId));
  }

  async cancelAll(session: SocketSession, id: RequestId, params: unknown, reach: AccountReach): Promise<void> {
    const filter = params ?? {};
    if (!socketShapes.cancelAll.matches(filter))
      return session.refuse(id, invalid(socketShapes.cancelAll.errorsOf(filter)));
    const { accountId = null, symbol = null, side = null } = filter;
    if (accountId !== null && !reaches(reach, accountId)) return session.refuse(id, FORBIDDEN);
    if (accountId !== null && !this.#options.live.hasAccount(accountId)) {
      return session.refuse(id, refuse('UNKNOWN_ACCOUNT'));
    }
    const refusal = this.#charge(session, 'cancels', 1);
    if (refusal !== null) return session.refuse(id, refusal);
    this.#tellCancel('order.cancelAll', session, reach, accountId, filter);
    const outcome = await this.#options.desk.cancelWithin(reach, { accountId, symbol, side });
    if (isRefusal(outcome)) session.refuse(id, outcome);
    else session.answer(id, JSON.stringify(outcome));
  }

  /** Whoever may cancel everybody's orders is told of when doing so. */
  #tellCancel(operation: string, session: SocketSession, reach: AccountReach, accountId: string | null, asked: object) {
    if (reach.accounts !== null) return;
    const actor = session.caller?.subject ?? null;
    this.#options.privileged.record({ operation, actor, address: session.address, accountId, asked });
  }

  /** An array is answered with an array, in its order, once the last of its orders is decided. */
  #placeMany(session: SocketSession, id: RequestId, orders: readonly unknown[], reach: AccountReach): void {
    if (orders.length === 0 || orders.length > BATCH_ORDERS_MAX) {
      session.refuse(id, invalid([{ path: 'params', message: `must hold 1 to ${BATCH_ORDERS_MAX} orders` }]));
      return;
    }
    const refusal = this.#charge(session, 'requests', orders.length);
    if (refusal !== null) {
      session.refuse(id, refusal);
      return;
    }
    this.#options.placer.placeMany(orders, reach, socketErrorText, (results) => session.answer(id, results));
  }

  #charge(session: SocketSession, bucket: RateBucket, cost: number): Refusal | null {
    const { rateLimiter } = this.#options;
    if (rateLimiter === null) return null;
    return refusalOfRate(takeForCaller(rateLimiter, bucket, session.addressKey, session.caller, cost));
  }
}

function answerOrder(session: SocketSession, id: RequestId, outcome: OrderOutcome): void {
  if (isRefusal(outcome)) session.refuse(id, outcome);
  else session.answer(id, outcome.order.json, outcome.replayed);
}
