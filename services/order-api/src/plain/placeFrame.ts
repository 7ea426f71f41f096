/**
 * The fast way into `{"id":…,"op":"order.place","params":{…}}`, the frame that makes up nearly all traffic. Says no to
 * everything it does not know to the last byte; that is read by `readFrame` instead.
 */
import type { PlaceCommand } from '@oms/api-contract';
import { ID_LENGTH_MAX } from '../socket/frame.ts';
import { JsonCursor } from './jsonCursor.ts';
import { takePlainOrder } from './plainOrder.ts';

const COMMA = 44;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;

/** Reads one frame at a time: first who asks for what, then, if it is worth it, the order. */
export class PlaceFrameReader {
  readonly #cursor = new JsonCursor();

  /** The request's id when the frame begins as one that places a single order; else null. */
  begin(frame: Buffer): string | number | null {
    const cursor = this.#cursor;
    cursor.start(frame);
    if (!cursor.takes(OPEN) || !this.#takesName('id')) return null;
    const id = this.#takeId();
    if (id === null || !cursor.takes(COMMA) || !this.#takesName('op')) return null;
    if (!cursor.takesText() || !cursor.textIs('order.place') || !cursor.takes(COMMA)) return null;
    return this.#takesName('params') ? id : null;
  }

  /** The order of the frame that {@link begin} found to place one; null when it has to be read the thorough way. */
  order(): PlaceCommand | null {
    const cursor = this.#cursor;
    const command = takePlainOrder(cursor);
    return command !== null && cursor.takes(CLOSE) && cursor.isAtEnd() ? command : null;
  }

  #takesName(name: string): boolean {
    return this.#cursor.takesText() && this.#cursor.textIs(name) && this.#cursor.takes(COLON);
  }

  #takeId(): string | number | null {
    const cursor = this.#cursor;
    const number = cursor.takeNumber();
    if (number >= 0) return number;
    if (!cursor.takesText() || cursor.textLength === 0 || cursor.textLength > ID_LENGTH_MAX) return null;
    return cursor.text();
  }
}
