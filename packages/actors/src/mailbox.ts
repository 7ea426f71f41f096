/**
 * A bounded mailbox with two lanes. Ordinary messages are refused when it is full; urgent ones (cancels, kill
 * switch) go first and have room of their own, so that risk can always be reduced (domain rule 16).
 */
import type { Message } from './actorDefinition.ts';

export type Urgency = 'ordinary' | 'urgent';

/** A message on its way to one cell. */
export interface Envelope {
  readonly cell: number;
  readonly message: Message;
  /** Position of the record that sent it, or of the message in its source's log; 0 when it came from outside. */
  readonly causeSequence: number;
  /** 0 outside, 1 inside the house, from 2 on a numbered source whose messages count once by their sequence. */
  readonly causeKind: number;
}

/** First-in first-out over a ring that doubles: no shifting, no garbage per message. */
export class Queue<T> {
  #items: (T | undefined)[] = new Array(1024);
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(item: T): void {
    if (this.#length === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#length) & (this.#items.length - 1)] = item;
    this.#length++;
  }

  peek(): T | undefined {
    return this.#length === 0 ? undefined : this.#items[this.#head];
  }

  shift(): T | undefined {
    if (this.#length === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#length--;
    return item;
  }

  #grow(): void {
    const old = this.#items;
    const grown: (T | undefined)[] = new Array(old.length * 2);
    for (let i = 0; i < this.#length; i++) grown[i] = old[(this.#head + i) & (old.length - 1)];
    this.#items = grown;
    this.#head = 0;
  }
}

export class Mailbox {
  readonly #ordinary = new Queue<Envelope>();
  readonly #urgent = new Queue<Envelope>();
  readonly #ordinaryMax: number;
  readonly #urgentMax: number;

  /** @param capacity messages that may wait in each lane */
  constructor(capacity: { readonly ordinary: number; readonly urgent: number }) {
    this.#ordinaryMax = capacity.ordinary;
    this.#urgentMax = capacity.urgent;
  }

  get length(): number {
    return this.#ordinary.length + this.#urgent.length;
  }

  /** How full the ordinary lane is, from 0 to 1. */
  get occupancy(): number {
    return this.#ordinary.length / this.#ordinaryMax;
  }

  /** @returns false when the lane is full: the message was not taken. */
  offer(envelope: Envelope, urgency: Urgency): boolean {
    const urgent = urgency === 'urgent';
    const lane = urgent ? this.#urgent : this.#ordinary;
    if (lane.length >= (urgent ? this.#urgentMax : this.#ordinaryMax)) return false;
    lane.push(envelope);
    return true;
  }

  next(): Envelope | undefined {
    return this.#urgent.shift() ?? this.#ordinary.shift();
  }
}
