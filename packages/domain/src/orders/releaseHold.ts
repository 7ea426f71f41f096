/** Tells risk that an order can trade no more, so that what is still held for it goes back. */
import type { Send } from '../decision.ts';
import type { Order } from './order.ts';

export const releaseHold = (order: Order): Send => ({
  to: 'risk-engine',
  message: { type: 'ReleaseHold', accountId: order.accountId, orderId: order.orderId },
});
