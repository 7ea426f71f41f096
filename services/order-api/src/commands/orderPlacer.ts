/** Placing orders, one or many, whichever way they came: checks the body, hands it over, counts the outcome. */
import { type PlaceCommand, parsePlaceOrder } from '@oms/api-contract';
import type { AccountGuard } from '../access/accountGuard.ts';
import type { AccountReach } from '../access/caller.ts';
import type { ApiMetrics } from '../metrics.ts';
import { invalid, isRefusal, type Refusal } from '../refusal.ts';
import type { OrderOutcome } from './answers.ts';
import type { CommandDesk } from './commandDesk.ts';

export class OrderPlacer {
  readonly #desk: CommandDesk;
  readonly #guard: AccountGuard;
  readonly #metrics: ApiMetrics;

  constructor(desk: CommandDesk, guard: AccountGuard, metrics: ApiMetrics) {
    this.#desk = desk;
    this.#guard = guard;
    this.#metrics = metrics;
  }

  /** `done` is called once, possibly at once. @param reach whose orders the caller may place */
  place(body: unknown, reach: AccountReach, done: (outcome: OrderOutcome) => void): void {
    const order = parsePlaceOrder(body);
    if (order.errors === undefined) this.placeRead(order.value, reach, done);
    else this.refuse(invalid(order.errors), done);
  }

  /** The same for an order that was read already. */
  placeRead(order: PlaceCommand, reach: AccountReach, done: (outcome: OrderOutcome) => void): void {
    const refusal = this.#guard.refusalOfOrderFor(reach, order.accountId);
    if (refusal !== null) {
      this.refuse(refusal, done);
      return;
    }
    this.#desk.place(order, (outcome) => {
      this.#metrics.orderDone(outcome);
      done(outcome);
    });
  }

  refuse(refusal: Refusal, done: (outcome: OrderOutcome) => void): void {
    this.#metrics.orderDone(refusal);
    done(refusal);
  }

  /**
   * All are handed over before the first is answered, so that one pass of the mailbox takes them together.
   * @param errorText how a refusal is told, as JSON
   * @param done given a JSON array of `{order}` and `{error}` in the order of the bodies, once the last is decided
   */
  placeMany(
    bodies: readonly unknown[],
    reach: AccountReach,
    errorText: (refusal: Refusal) => string,
    done: (results: string) => void,
  ): void {
    const results = new Array<string>(bodies.length);
    let missing = bodies.length;
    for (let i = 0; i < bodies.length; i++) {
      this.place(bodies[i], reach, (outcome) => {
        results[i] = isRefusal(outcome) ? `{"error":${errorText(outcome)}}` : `{"order":${outcome.order.json}}`;
        if (--missing === 0) done(`[${results.join(',')}]`);
      });
    }
  }
}
