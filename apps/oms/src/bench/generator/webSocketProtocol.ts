/** One order per WebSocket message, pipelined. */
import { randomBytes } from 'node:crypto';
import { NUMBER_DIGITS } from '../acknowledged.ts';
import { Answer } from './answer.ts';
import { takeResponse } from './httpMessages.ts';
import { KIND, type OrderMix } from './orderMix.ts';
import { putDigits } from './outgoing.ts';
import { ascii, type Protocol, type ProtocolOptions } from './protocol.ts';
import { OPCODE, putFrameHeader, takeFrame } from './webSocketFrames.ts';

const SWITCHING_PROTOCOLS = 101;
const NUMBER = '0'.repeat(NUMBER_DIGITS);
const NUMBER_AT = '{"id":'.length;
const PLACE = ascii(`{"id":${NUMBER},"op":"order.place","params":`);
const REPLACE = ascii(`{"id":${NUMBER},"op":"order.replace","params":{"orderId":"`);
const CANCEL = ascii(`{"id":${NUMBER},"op":"order.cancel","params":{"orderId":"`);
const NEXT_MEMBER = ascii('",');
const END = ascii('}');
const CANCEL_NAME = ascii('","clientOrderId":"');
const CANCEL_END = ascii('"}}');

export class WebSocketProtocol implements Protocol {
  readonly #options: ProtocolOptions;
  readonly #answer = new Answer();
  readonly #onFrame = (opcode: number, bytes: Buffer, start: number, end: number): void =>
    this.#received(opcode, bytes, start, end);
  #upgraded = false;

  constructor(options: ProtocolOptions) {
    this.#options = options;
    options.out.put(ascii(upgradeRequest(options.host)));
  }

  take(bytes: Buffer, start: number, end: number): number {
    if (this.#upgraded) return takeFrame(bytes, start, end, this.#onFrame);
    return takeResponse(bytes, start, end, (status) => {
      if (status !== SWITCHING_PROTOCOLS) throw new Error(`the server answered the upgrade with ${status}`);
      this.#upgraded = true;
      this.#options.onReady();
    });
  }

  put(mix: OrderMix, number: number): void {
    const { out, texts } = this.#options;
    if (mix.kind === KIND.NEW) {
      putFrameHeader(out, OPCODE.TEXT, PLACE.length + texts.placeBytes(mix.terms, mix.account) + END.length);
      this.#putHead(PLACE, number);
      texts.putPlace(out, number, mix.terms, mix.account);
      out.put(END);
    } else if (mix.kind === KIND.REPLACE) {
      const bytes = REPLACE.length + mix.id.length + NEXT_MEMBER.length + texts.replaceBytes(mix.terms) + END.length;
      putFrameHeader(out, OPCODE.TEXT, bytes);
      this.#putHead(REPLACE, number);
      out.put(mix.id);
      out.put(NEXT_MEMBER);
      texts.putReplace(out, number, mix.terms);
      out.put(END);
    } else {
      const clientId = texts.requestId(number);
      putFrameHeader(
        out,
        OPCODE.TEXT,
        CANCEL.length + mix.id.length + CANCEL_NAME.length + clientId.length + CANCEL_END.length,
      );
      this.#putHead(CANCEL, number);
      out.put(mix.id);
      out.put(CANCEL_NAME);
      out.put(clientId);
      out.put(CANCEL_END);
    }
  }

  finish(): void {}

  #putHead(head: Uint8Array, number: number): void {
    const { out } = this.#options;
    const start = out.length;
    out.put(head);
    putDigits(out.bytes, start + NUMBER_AT, number, NUMBER_DIGITS);
  }

  #received(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === OPCODE.TEXT) {
      this.#answer.readFrame(bytes, start, end);
      if (this.#answer.number >= 0) this.#options.onAnswer(this.#answer);
    } else if (opcode === OPCODE.PING) {
      const { out } = this.#options;
      putFrameHeader(out, OPCODE.PONG, end - start);
      out.put(bytes.subarray(start, end));
    }
    // A close is followed by the end of the connection, which counts as lost.
  }
}

/** The server's Sec-WebSocket-Accept is not looked at: it protects from caches that answer for a server. */
function upgradeRequest(host: string): string {
  const key = randomBytes(16).toString('base64');
  return `GET /v1/ws HTTP/1.1\r\nhost: ${host}\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: ${key}\r\n\r\n`;
}
