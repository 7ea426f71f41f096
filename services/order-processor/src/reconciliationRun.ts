/**
 * Paces the comparison with the venue: a run goes through our orders page by page and then through the accounts, one
 * page at a time, and is complete when every page was answered. What it remembers is volatile: after a restart the
 * first run begins at once. Unanswered, it ends and the next one begins when it is due: a venue that is away is
 * waited for.
 */
import type { DecisionContext, OrderProcessorMessage, OrdersState, PositionDifference } from '@oms/domain';

export interface ReconciliationOptions {
  /** From the start of a run to the next. */
  readonly everyMs: number;
  /** What changed so recently is still on its way and is left alone. */
  readonly quietMs: number;
}

/** A page costs a millisecond or so, and leaves the order path most of the time between two. */
const PAGE_EVERY_MS = 20;
const OPEN_ORDERS_PER_PAGE = 200;
/** Also bounds what a page may list of closed orders. */
const NUMBERS_PER_PAGE = 20_000;
const ACCOUNTS_PER_PAGE = 200;

export class ReconciliationRun {
  readonly #everyMs: number;
  readonly #quietMs: number;
  #run = 0;
  #phase: 'idle' | 'orders' | 'positions' = 'idle';
  #startedAt = 0;
  #nextRunAt = 0;
  #nextPageAt = 0;
  /** Order number up to which pages were asked; Infinity when all were. */
  #asked = 0;
  #orders = 0;
  /** Accounts not asked about yet. */
  #accountIds: string[] = [];
  /** Pages without an answer yet, by what comes first in them. */
  readonly #waiting = new Set<number | string>();
  #differing: PositionDifference[] = [];
  #areCompared = true;
  #differedBefore = new Set<string>();

  constructor({ everyMs, quietMs }: ReconciliationOptions) {
    this.#everyMs = everyMs;
    this.#quietMs = quietMs;
  }

  /** Everything begins anew. */
  reset(): void {
    this.#phase = 'idle';
    this.#nextRunAt = 0;
    this.#nextPageAt = 0;
    this.#differedBefore.clear();
  }

  /** To be told of every message before it is decided: answers move the run on. */
  noticed(message: OrderProcessorMessage): void {
    switch (message.type) {
      case 'VenueOrdersListed':
        if (message.page.run === this.#run) this.#waiting.delete(message.page.after);
        return;
      case 'PositionsCompared':
        if (message.run !== this.#run) return;
        this.#waiting.delete(message.accountIds[0] ?? '');
        if (message.differing === null) this.#areCompared = false;
        else this.#differing.push(...message.differing);
        return;
      case 'StartReconciliation':
        this.#phase = 'idle';
        this.#nextRunAt = 0;
        return;
      default:
        return;
    }
  }

  /** @returns the next page to ask, or the end of the run; at most one message */
  due(state: OrdersState, { now }: DecisionContext): OrderProcessorMessage | null {
    if (now < this.#nextPageAt) return null;
    this.#nextPageAt = now + PAGE_EVERY_MS;
    if (now >= this.#nextRunAt && state.orders.size > 0) this.#begin(now);
    if (this.#phase === 'orders') {
      if (this.#asked < Number.MAX_SAFE_INTEGER) return this.#nextOrders(state, now);
      if (this.#waiting.size > 0) return null;
      this.#phase = 'positions';
      this.#accountIds = [...state.accounts.keys()];
    }
    if (this.#phase === 'positions') {
      if (this.#accountIds.length > 0) return this.#nextPositions();
      if (this.#waiting.size === 0) return this.#complete();
    }
    return null;
  }

  #begin(now: number): void {
    this.#run++;
    this.#phase = 'orders';
    this.#startedAt = now;
    this.#nextRunAt = now + this.#everyMs;
    this.#asked = 0;
    this.#orders = 0;
    this.#waiting.clear();
    this.#differing = [];
    this.#areCompared = true;
  }

  #nextOrders(state: OrdersState, now: number): OrderProcessorMessage {
    const after = this.#asked;
    const numbers = state.openNumbers
      .page(after, OPEN_ORDERS_PER_PAGE)
      .filter((each) => each <= after + NUMBERS_PER_PAGE);
    const isFull = numbers.length === OPEN_ORDERS_PER_PAGE;
    const end = isFull ? numbers.at(-1)! : after + NUMBERS_PER_PAGE;
    // The last page goes on without end: the venue may have orders that we do not.
    const through = end >= state.orders.newest ? Number.MAX_SAFE_INTEGER : end;
    this.#asked = through;
    this.#orders += numbers.length;
    this.#waiting.add(after);
    return {
      type: 'ReconcileOrders',
      page: { run: this.#run, after, through, quietSince: now - this.#quietMs },
    };
  }

  #nextPositions(): OrderProcessorMessage {
    const accountIds = this.#accountIds.splice(0, ACCOUNTS_PER_PAGE);
    this.#waiting.add(accountIds[0]!);
    return { type: 'ReconcilePositions', run: this.#run, accountIds };
  }

  #complete(): OrderProcessorMessage {
    this.#phase = 'idle';
    const [startedAt, orders] = [this.#startedAt, this.#orders];
    if (!this.#areCompared) return { type: 'CompleteReconciliation', startedAt, orders, positions: null };
    const before = this.#differedBefore;
    this.#differedBefore = new Set(this.#differing.map(keyOf));
    const positions = this.#differing.map((each) => ({ ...each, confirmed: before.has(keyOf(each)) }));
    return { type: 'CompleteReconciliation', startedAt, orders, positions };
  }
}

const keyOf = ({ accountId, symbol, ours, venues }: PositionDifference): string =>
  `${accountId} ${symbol} ${ours} ${venues}`;
