/** Finds the order in an answer: the body itself, or its member `order`. */
import type { OrderView } from '@oms/domain';
import { OmsError } from './omsError.ts';

/** @throws OmsError MALFORMED_ANSWER when there is none. */
export function orderOf(body: unknown): OrderView {
  if (typeof body === 'object' && body !== null) {
    if ('orderId' in body) return body as OrderView;
    if ('order' in body) return orderOf(body.order);
  }
  throw new OmsError({ status: 0, code: 'MALFORMED_ANSWER', detail: 'the answer holds no order' });
}
