/** The way from a request to its outcome without a socket or server: for hosts that bring their own. */
export { isRefusal, type Refusal, statusOf } from '../refusal.ts';
export type { OrderAccepted, OrderOutcome } from './answers.ts';
export { type CancelFilter, CommandDesk } from './commandDesk.ts';
