/** Reads HTTP/1.1 responses from a kept-alive, pipelined connection: status, and where the body is. */
import { Needle } from './findBytes.ts';

/** Told of every response: its status, and where its body is. */
export type OnResponse = (status: number, bytes: Buffer, bodyStart: number, bodyEnd: number) => void;

const HEAD_END = new Needle('\r\n\r\n');
const STATUS_AT = 'HTTP/1.1 '.length;
const LENGTH_NAME = Buffer.from('\r\ncontent-length:');
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const DIGIT_ZERO = 48;
const LOWER_CASE = 0x20;

/**
 * Reads the response at `start`, as a TakeMessage. Any response, 101 without a body among them, is told of.
 * @throws Error when a response does not say how long it is
 */
export function takeResponse(bytes: Buffer, start: number, end: number, onResponse: OnResponse): number {
  const bodyStart = HEAD_END.endIn(bytes, start, end);
  if (bodyStart === -1) return 0;
  const status = digit(bytes, start, 0) * 100 + digit(bytes, start, 1) * 10 + digit(bytes, start, 2);
  const length = contentLengthIn(bytes, start, bodyStart);
  if (length === -1 && status !== 101) throw new Error('the server does not say how long its answer is');
  const bodyEnd = bodyStart + Math.max(0, length);
  if (bodyEnd > end) return 0;
  onResponse(status, bytes, bodyStart, bodyEnd);
  return bodyEnd - start;
}

const digit = (bytes: Buffer, start: number, index: number): number => bytes[start + STATUS_AT + index]! - DIGIT_ZERO;

/** Looks at the beginnings of lines only, for names may be written in any case. */
function contentLengthIn(bytes: Buffer, start: number, end: number): number {
  for (
    let line = bytes.indexOf(CARRIAGE_RETURN, start);
    line < end - 2;
    line = bytes.indexOf(CARRIAGE_RETURN, line + 2)
  ) {
    if (!isLengthAt(bytes, line)) continue;
    let at = line + LENGTH_NAME.length;
    while (bytes[at] === SPACE) at++;
    let length = 0;
    for (; bytes[at] !== CARRIAGE_RETURN; at++) length = length * 10 + bytes[at]! - DIGIT_ZERO;
    return length;
  }
  return -1;
}

function isLengthAt(bytes: Buffer, line: number): boolean {
  // Letters differ in this bit by case; of hyphen and colon it is set anyway.
  for (let i = 2; i < LENGTH_NAME.length; i++) {
    if ((bytes[line + i]! | LOWER_CASE) !== (LENGTH_NAME[i]! | LOWER_CASE)) return false;
  }
  return true;
}
