/**
 * Reads what the benchmark needs of an answer from its bytes, without decoding all of it: which request it answers,
 * whether it was refused and why, what became of the order. One object is filled again and again, for an object per
 * answer would be the generator's only garbage.
 */
import { Needle } from './findBytes.ts';

const START = new Needle('{"id":');
const RESULT = new Needle(',"result":');
const ERROR = new Needle(',"error":');
const STATUS = new Needle('"status":"');
const ORDER_ID = new Needle('"orderId":"');
const CODE = new Needle('"code":"');
const QUOTE = 0x22;
const DIGIT_ZERO = 48;
const DIGIT_NINE = 57;
const LETTER = { F: 0x46, N: 0x4e, P: 0x50, A: 0x41, R: 0x52 } as const;

export class Answer {
  /** The request's number; -1 for what answers no request, such as a push. */
  number = -1;
  /** Why it was refused; null when it was not. */
  errorCode: string | null = null;
  /** The order has traded, in part or in whole. */
  traded = false;
  /** The order rests at the venue: NEW, or on the way back to it after a replace. */
  resting = false;
  /** Where the order's id is in `bytes`; empty when there is none. */
  bytes: Buffer = Buffer.alloc(0);
  orderIdStart = 0;
  orderIdEnd = 0;

  /** A frame of the WebSocket, `{"id":…,"result":{…}}` or `{"id":…,"error":{…}}`. */
  readFrame(bytes: Buffer, start: number, end: number): void {
    let at = start + START.length;
    let number = 0;
    for (; at < end; at++) {
      const byte = bytes[at]!;
      if (byte < DIGIT_ZERO || byte > DIGIT_NINE) break;
      number = number * 10 + byte - DIGIT_ZERO;
    }
    const isAnswer = START.isAt(bytes, start, end) && at > start + START.length;
    if (isAnswer && RESULT.isAt(bytes, at, end)) this.readOrder(bytes, at, end, number);
    else if (isAnswer && ERROR.isAt(bytes, at, end)) this.readError(bytes, at, end, number);
    else this.#readSlowly(bytes, start, end);
  }

  /** An order as JSON in [start, end), the answer to request `number`. */
  readOrder(bytes: Buffer, start: number, end: number, number: number): void {
    this.number = number;
    this.errorCode = null;
    this.bytes = bytes;
    const status = STATUS.endIn(bytes, start, end);
    const first = status === -1 ? 0 : bytes[status]!;
    const second = status === -1 ? 0 : bytes[status + 1]!;
    this.traded = first === LETTER.F || (first === LETTER.P && second === LETTER.A);
    this.resting = first === LETTER.N || (first === LETTER.P && bytes[status + 'PENDING_'.length] === LETTER.R);
    const id = ORDER_ID.endIn(bytes, start, end);
    this.orderIdStart = Math.max(0, id);
    this.orderIdEnd = id === -1 ? 0 : bytes.indexOf(QUOTE, id);
  }

  /** A refusal as JSON in [start, end), of either transport. */
  readError(bytes: Buffer, start: number, end: number, number: number): void {
    const code = CODE.endIn(bytes, start, end);
    const text = code === -1 ? 'UNREADABLE_ANSWER' : bytes.toString('latin1', code, bytes.indexOf(QUOTE, code));
    this.#refused(number, text);
  }

  #refused(number: number, errorCode: string): void {
    this.number = number;
    this.errorCode = errorCode;
    this.traded = false;
    this.resting = false;
    this.orderIdStart = 0;
    this.orderIdEnd = 0;
  }

  /** Pushes, and answers whose members come in another order. */
  #readSlowly(bytes: Buffer, start: number, end: number): void {
    const text = bytes.toString('utf8', start, end);
    const { id, error } = JSON.parse(text) as { id?: unknown; error?: { code?: unknown } };
    if (typeof id !== 'number') this.#refused(-1, 'NO_ANSWER');
    else if (error !== undefined) this.#refused(id, String(error.code));
    else this.readOrder(bytes, start, end, id);
  }
}
