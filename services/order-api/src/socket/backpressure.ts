/**
 * Lets connections rest that send more orders than the house can take. Turning an order away costs most of what
 * reading its frame costs, so a connection whose order was turned away is not read for a moment: what it sends waits
 * in its own buffers, and the time goes into orders that were taken. Connections that send no such orders are read as
 * ever: a cancel on one of them waits for nothing.
 */
import type { Scheduler, Timer } from '@oms/ports';

/** How often it is looked whether there is room again. */
const CHECK_MS = 5;
/** No connection rests longer, for there may be a cancel behind the orders. */
const REST_MS_MAX = 50;

export interface RestingSession {
  rest(): void;
  resume(): void;
}

export class Backpressure {
  readonly #scheduler: Scheduler;
  readonly #house: { readonly hasRoom: boolean };
  readonly #resting = new Set<RestingSession>();
  #restedMs = 0;
  #timer: Timer | null = null;

  constructor(scheduler: Scheduler, house: { readonly hasRoom: boolean }) {
    this.#scheduler = scheduler;
    this.#house = house;
  }

  rest(session: RestingSession): void {
    if (this.#resting.has(session)) return;
    this.#resting.add(session);
    session.rest();
    this.#timer ??= this.#scheduler.every(CHECK_MS, () => this.#check());
  }

  /** It has ended. */
  forget(session: RestingSession): void {
    this.#resting.delete(session);
  }

  /** Everybody is read again, to hear the answers to our farewell. */
  close(): void {
    this.#resumeAll();
  }

  #check(): void {
    this.#restedMs += CHECK_MS;
    if (this.#house.hasRoom || this.#restedMs >= REST_MS_MAX) this.#resumeAll();
  }

  #resumeAll(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.#restedMs = 0;
    const sessions = [...this.#resting];
    this.#resting.clear();
    for (const session of sessions) session.resume();
  }
}
