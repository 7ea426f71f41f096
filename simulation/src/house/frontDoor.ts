/** The API without its sockets: checks a request as the routes do, hands it to the command desk, makes the answer. */
import { parsePlaceOrder, parseReplaceOrder } from '@oms/api-contract';
import type { OrderView } from '@oms/domain';
import { isRefusal, type OrderOutcome, type Refusal, statusOf } from '@oms/order-api/commands';
import type { WireAnswer, WireRequest } from '../clients/wire.ts';
import type { HouseProcess } from './houseProcess.ts';

const BAD_REQUEST: WireAnswer = { status: 400, code: 'VALIDATION_FAILED', order: null, count: null };
const NOT_FOUND: WireAnswer = { status: 404, code: 'UNKNOWN_ORDER', order: null, count: null };
const DONE: WireAnswer = { status: 200, code: null, order: null, count: null };
export const NOT_READY: WireAnswer = { status: 503, code: 'NOT_READY', order: null, count: null };

/** @param answer called once, later or at once */
export function handleRequest(process: HouseProcess, request: WireRequest, answer: (answer: WireAnswer) => void): void {
  const { desk, house } = process;
  switch (request.kind) {
    case 'place': {
      const command = parsePlaceOrder(request.body);
      if (command.errors !== undefined) answer(BAD_REQUEST);
      else desk.place(command.value, (outcome) => answer(ofOutcome(outcome)));
      return;
    }
    case 'replace': {
      const command = parseReplaceOrder(request.body);
      if (command.errors !== undefined) answer(BAD_REQUEST);
      else desk.replace(request.orderId, command.value).then((outcome) => answer(ofOutcome(outcome)));
      return;
    }
    case 'cancel':
      desk.cancel(request.orderId, request.clientOrderId).then((outcome) => answer(ofOutcome(outcome)));
      return;
    case 'cancelAll':
      desk.cancelMatching(request, 'CLIENT').then((outcome) => {
        answer(isRefusal(outcome) ? ofRefusal(outcome) : { ...DONE, status: 202, count: outcome.count });
      });
      return;
    case 'show':
      house
        .query(() => house.orderByClientOrderId(request.accountId, request.clientOrderId))
        .then((order) => answer(order === null ? NOT_FOUND : { ...DONE, order }));
      return;
    case 'limits':
      desk.changeLimits(request.accountId, request.limits, request.actor).then((refusal) => answer(ofControl(refusal)));
      return;
    case 'tradingState': {
      const { scope, id, state, reason } = request;
      const change = { scope, id, state, reason };
      desk.changeTradingState(change, request.actor).then((refusal) => answer(ofControl(refusal)));
      return;
    }
    case 'venueFaults':
      desk.setVenueFaults(request.faults, request.actor).then((refusal) => answer(ofControl(refusal)));
      return;
  }
}

const ofControl = (refusal: Refusal | null): WireAnswer => (refusal === null ? DONE : ofRefusal(refusal));

const ofRefusal = (refusal: Refusal): WireAnswer => ({
  status: statusOf(refusal),
  code: refusal.refused,
  order: refusal.order === null ? null : readOrder(refusal.order.json),
  count: null,
});

const ofOutcome = (outcome: OrderOutcome): WireAnswer =>
  isRefusal(outcome)
    ? ofRefusal(outcome)
    : { status: outcome.status, code: null, order: readOrder(outcome.order.json), count: null };

const readOrder = (json: string): OrderView => JSON.parse(json) as OrderView;
