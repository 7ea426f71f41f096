/**
 * A client program: places, changes and cancels orders of one account, keeps in mind what it asked for, and asks again
 * under the same clientOrderId until it has a definite answer. It also makes the mistakes that clients make.
 */
import type { Instrument } from '@oms/domain';
import type { SeededRandom } from '../world/seededRandom.ts';
import type { SimulatedTime } from '../world/simulatedTime.ts';
import { drawOrder, drawReplacement, type MarketGlimpse, spoil, withOtherContent } from './orderDice.ts';
import { type ClientRequest, isDefinite, type PlaceRequest, type WireAnswer } from './wire.ts';

export interface ClientSurroundings {
  readonly name: string;
  readonly accountId: string;
  readonly instruments: readonly Instrument[];
  readonly time: SimulatedTime;
  readonly random: SeededRandom;
  readonly glimpse: MarketGlimpse;
  /** Mean time between two things it does. */
  readonly paceMs: number;
  /** Copies of everything unanswered that it sends once the house is back. */
  readonly stormCopies: number;
  /** Sends it over the link; `reply` is called for every answer that comes, with null for a refused connection. */
  readonly send: (request: ClientRequest, reply: (answer: WireAnswer | null) => void) => void;
}

interface Operation {
  readonly request: ClientRequest;
  readonly startedAt: number;
  settled: boolean;
}

interface KnownOrder {
  readonly orderId: string;
  readonly symbol: string;
}

type Act = 'place' | 'cancel' | 'replace' | 'cancelAll' | 'repeat' | 'conflict' | 'spoiled' | 'show';

const ACTS: readonly (readonly [number, Act])[] = [
  [58, 'place'],
  [14, 'cancel'],
  [12, 'replace'],
  [2, 'cancelAll'],
  [5, 'repeat'],
  [3, 'conflict'],
  [2, 'spoiled'],
  [4, 'show'],
];

const UNSETTLED_MAX = 25;
/** Orders it may still want to change or cancel. */
const KNOWN_MAX = 30;
/** How long it waits before it asks again. */
const PATIENCE_MS: readonly [number, number] = [1_000, 3_000];
const BACK_OFF_MS: readonly [number, number] = [50, 800];

export class SimulatedClient {
  readonly #around: ClientSurroundings;
  readonly #operations = new Set<Operation>();
  readonly #placed: PlaceRequest[] = [];
  #known: KnownOrder[] = [];
  #ids = 0;
  #isActive = true;

  constructor(surroundings: ClientSurroundings) {
    this.#around = surroundings;
  }

  start(): void {
    const { time, random, paceMs } = this.#around;
    time.after(random.exponential(paceMs), () => {
      if (!this.#isActive) return;
      this.#act();
      this.start();
    });
  }

  /** Begins nothing new; what was begun is asked until it is answered. */
  rest(): void {
    this.#isActive = false;
  }

  /** The house is back: everything unanswered is asked at once, more than once. */
  storm(): void {
    for (const operation of this.#operations) {
      for (let copy = 0; copy < this.#around.stormCopies; copy++) this.#send(operation);
    }
  }

  /** What has no definite answer yet, with the time it was first asked. */
  unsettled(): readonly { readonly request: ClientRequest; readonly startedAt: number }[] {
    return [...this.#operations];
  }

  #act(): void {
    if (this.#operations.size >= UNSETTLED_MAX) return;
    const request = this.#requestFor(this.#around.random.weighted(ACTS));
    if (request !== null) this.#begin(request);
  }

  /** @returns null when there is nothing yet to do it with */
  #requestFor(act: Act): ClientRequest | null {
    const { random, accountId, instruments } = this.#around;
    switch (act) {
      case 'place':
        return this.#newOrder();
      case 'spoiled':
        return { kind: 'place', body: spoil(random, this.#draw()) };
      case 'repeat':
        return this.#anyPlaced();
      case 'conflict': {
        const placed = this.#anyPlaced();
        return placed === null ? null : { kind: 'place', body: withOtherContent(placed.body) };
      }
      case 'cancelAll': {
        const symbol = random.chance(0.5) ? random.pick(instruments).symbol : null;
        const side = random.chance(0.3) ? random.pick(['BUY', 'SELL'] as const) : null;
        return { kind: 'cancelAll', accountId, symbol, side };
      }
      case 'show': {
        const placed = this.#anyPlaced();
        return placed === null ? null : { kind: 'show', accountId, clientOrderId: String(placed.body.clientOrderId) };
      }
      case 'cancel':
      case 'replace':
        return this.#change(act);
    }
  }

  #newOrder(): PlaceRequest {
    const request: PlaceRequest = { kind: 'place', body: this.#draw() };
    this.#placed.push(request);
    return request;
  }

  #anyPlaced(): PlaceRequest | null {
    return this.#placed.length === 0 ? null : this.#around.random.pick(this.#placed);
  }

  #draw() {
    const { random, instruments, glimpse, accountId } = this.#around;
    return drawOrder(random, instruments, glimpse, { accountId, clientOrderId: this.#newId() });
  }

  #change(act: 'cancel' | 'replace'): ClientRequest | null {
    if (this.#known.length === 0) return null;
    const { random, instruments, glimpse } = this.#around;
    const { orderId, symbol } = random.pick(this.#known);
    if (act === 'cancel') return { kind: 'cancel', orderId, clientOrderId: random.chance(0.7) ? this.#newId() : null };
    const instrument = instruments.find((each) => each.symbol === symbol)!;
    return { kind: 'replace', orderId, body: drawReplacement(random, instrument, glimpse, this.#newId()) };
  }

  #newId(): string {
    return `${this.#around.name}-${++this.#ids}`;
  }

  #begin(request: ClientRequest): void {
    const operation: Operation = { request, startedAt: this.#around.time.now, settled: false };
    this.#operations.add(operation);
    this.#ask(operation);
  }

  /** Sends it, and again when no answer comes. */
  #ask(operation: Operation): void {
    if (operation.settled) return;
    this.#send(operation);
    const { time, random } = this.#around;
    time.after(random.between(...PATIENCE_MS), () => this.#ask(operation));
  }

  #send(operation: Operation): void {
    this.#around.send(operation.request, (answer) => this.#answered(operation, answer));
  }

  #answered(operation: Operation, answer: WireAnswer | null): void {
    if (answer?.order != null) this.#know(answer.order);
    if (operation.settled) return;
    if (answer !== null && isDefinite(operation.request, answer)) {
      operation.settled = true;
      this.#operations.delete(operation);
      return;
    }
    const { time, random } = this.#around;
    if (answer === null || answer.status === 503) {
      time.after(random.between(...BACK_OFF_MS), () => {
        if (!operation.settled) this.#send(operation);
      });
    }
  }

  #know({ orderId, symbol }: KnownOrder): void {
    if (this.#known.some((known) => known.orderId === orderId)) return;
    this.#known.push({ orderId, symbol });
    if (this.#known.length > KNOWN_MAX) this.#known = this.#known.slice(1);
  }
}
