/** Many new orders per HTTP request, through the batch route; each has a result of its own. */
import { Answer } from './answer.ts';
import { endOfObject, Needle } from './findBytes.ts';
import { takeResponse } from './httpMessages.ts';
import { NumberQueue } from './numberQueue.ts';
import type { OrderMix } from './orderMix.ts';
import { Outgoing } from './outgoing.ts';
import { ascii, type Protocol, type ProtocolOptions } from './protocol.ts';

const BODY_START = ascii('{"orders":[');
const BODY_END = ascii(']}');
const COMMA = ascii(',');
const HEAD_END = ascii('\r\n\r\n');
const RESULTS = new Needle('"results":[');
const ORDER = new Needle('{"order":');
const OKAY = 200;

export class BatchProtocol implements Protocol {
  readonly #options: ProtocolOptions;
  readonly #answer = new Answer();
  /** Of each batch under way: how many orders, then their numbers. */
  readonly #owed = new NumberQueue();
  readonly #head: Uint8Array;
  readonly #body = new Outgoing();
  readonly #numbers: number[] = [];
  readonly #onResponse = (status: number, bytes: Buffer, start: number, end: number): void =>
    this.#answered(status, bytes, start, end);

  constructor(options: ProtocolOptions) {
    this.#options = options;
    this.#head = ascii(
      `POST /v1/orders/batch HTTP/1.1\r\nhost: ${options.host}\r\ncontent-type: application/json\r\ncontent-length: `,
    );
    queueMicrotask(options.onReady);
  }

  take(bytes: Buffer, start: number, end: number): number {
    return takeResponse(bytes, start, end, this.#onResponse);
  }

  /** New orders only: the route takes no others. */
  put(mix: OrderMix, number: number): void {
    this.#body.put(this.#numbers.length === 0 ? BODY_START : COMMA);
    this.#options.texts.putPlace(this.#body, number, mix.terms, mix.account);
    this.#numbers.push(number);
  }

  finish(): void {
    if (this.#numbers.length === 0) return;
    this.#body.put(BODY_END);
    const { out } = this.#options;
    out.put(this.#head);
    out.putNumber(this.#body.length);
    out.put(HEAD_END);
    out.put(this.#body.bytes.subarray(0, this.#body.length));
    this.#body.length = 0;
    this.#owed.push(this.#numbers.length);
    for (const number of this.#numbers) this.#owed.push(number);
    this.#numbers.length = 0;
  }

  #answered(status: number, bytes: Buffer, start: number, end: number): void {
    const count = this.#owed.shift();
    let at = status === OKAY ? RESULTS.endIn(bytes, start, end) : -1;
    for (let i = 0; i < count; i++) {
      const number = this.#owed.shift();
      if (at === -1) this.#answer.readError(bytes, start, end, number);
      else {
        const itemEnd = endOfObject(bytes, at, end);
        if (ORDER.isAt(bytes, at, itemEnd)) this.#answer.readOrder(bytes, at, itemEnd, number);
        else this.#answer.readError(bytes, at, itemEnd, number);
        at = itemEnd + COMMA.length;
      }
      this.#options.onAnswer(this.#answer);
    }
  }
}
