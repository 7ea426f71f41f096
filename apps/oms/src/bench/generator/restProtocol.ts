/** One order per HTTP request on kept-alive connections, pipelined: answers come in the order of the requests. */
import { Answer } from './answer.ts';
import { takeResponse } from './httpMessages.ts';
import { NumberQueue } from './numberQueue.ts';
import { KIND, type OrderMix } from './orderMix.ts';
import { ascii, type Protocol, type ProtocolOptions } from './protocol.ts';

const HEAD_END = ascii('\r\n\r\n');
const BODY_START = ascii('{');
const CANCEL_QUERY = ascii('?clientOrderId=');
const FIRST_REFUSAL = 400;

export class RestProtocol implements Protocol {
  readonly #options: ProtocolOptions;
  readonly #answer = new Answer();
  readonly #owed = new NumberQueue();
  readonly #post: Uint8Array;
  readonly #patch: Uint8Array;
  readonly #delete: Uint8Array;
  readonly #withBody: Uint8Array;
  readonly #withoutBody: Uint8Array;
  readonly #onResponse = (status: number, bytes: Buffer, start: number, end: number): void =>
    this.#answered(status, bytes, start, end);

  constructor(options: ProtocolOptions) {
    this.#options = options;
    const common = ` HTTP/1.1\r\nhost: ${options.host}`;
    this.#post = ascii(`POST /v1/orders${common}\r\ncontent-type: application/json\r\ncontent-length: `);
    this.#patch = ascii('PATCH /v1/orders/');
    this.#delete = ascii('DELETE /v1/orders/');
    this.#withBody = ascii(`${common}\r\ncontent-type: application/json\r\ncontent-length: `);
    this.#withoutBody = ascii(`${common}\r\n\r\n`);
    queueMicrotask(options.onReady);
  }

  take(bytes: Buffer, start: number, end: number): number {
    return takeResponse(bytes, start, end, this.#onResponse);
  }

  put(mix: OrderMix, number: number): void {
    const { out, texts } = this.#options;
    this.#owed.push(number);
    if (mix.kind === KIND.NEW) {
      out.put(this.#post);
      out.putNumber(texts.placeBytes(mix.terms, mix.account));
      out.put(HEAD_END);
      texts.putPlace(out, number, mix.terms, mix.account);
    } else if (mix.kind === KIND.REPLACE) {
      out.put(this.#patch);
      out.put(mix.id);
      out.put(this.#withBody);
      out.putNumber(BODY_START.length + texts.replaceBytes(mix.terms));
      out.put(HEAD_END);
      out.put(BODY_START);
      texts.putReplace(out, number, mix.terms);
    } else {
      out.put(this.#delete);
      out.put(mix.id);
      out.put(CANCEL_QUERY);
      out.put(texts.requestId(number));
      out.put(this.#withoutBody);
    }
  }

  finish(): void {}

  #answered(status: number, bytes: Buffer, start: number, end: number): void {
    const number = this.#owed.shift();
    if (status < FIRST_REFUSAL) this.#answer.readOrder(bytes, start, end, number);
    else this.#answer.readError(bytes, start, end, number);
    this.#options.onAnswer(this.#answer);
  }
}
