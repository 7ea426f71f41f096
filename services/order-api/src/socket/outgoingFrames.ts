/**
 * What a connection is sent in one turn of the event loop, as one block of WebSocket frames (RFC 6455, section 5.2)
 * and one write. Handing every text to ws costs a header buffer, two stream writes and their bookkeeping per answer,
 * some 1.5 µs; here an answer costs the copy of its bytes.
 */

/** FIN and opcode of a whole text message. */
const WHOLE_TEXT = 0x81;
/** Payload lengths that the second byte can say by itself; beyond it names the width of what says it. */
const SHORT_MAX = 125;
const WIDTH_16 = 126;
const WIDTH_64 = 127;
const LENGTH_16_MAX = 0xffff;
const HEAD_MAX = 10;
/** Bytes of UTF-8 that one UTF-16 unit can take. */
const UNIT_BYTES_MAX = 3;

export class OutgoingFrames {
  #messages: (string | Buffer)[] = [];
  /** Upper bound of the bytes that wait here. */
  bytesMax = 0;

  get isEmpty(): boolean {
    return this.#messages.length === 0;
  }

  /** @param message text, or the bytes of one */
  add(message: string | Buffer): void {
    this.#messages.push(message);
    this.bytesMax += HEAD_MAX + (typeof message === 'string' ? message.length * UNIT_BYTES_MAX : message.length);
  }

  /** All frames in one block, in the order they were added; empties itself. */
  take(): Buffer {
    const messages = this.#messages;
    const lengths = messages.map((message) => Buffer.byteLength(message));
    let bytes = 0;
    for (const length of lengths) bytes += headLengthOf(length) + length;
    const block = Buffer.allocUnsafe(bytes);
    let at = 0;
    for (let i = 0; i < messages.length; i++) {
      const message = messages[i]!;
      at = writeHead(block, at, lengths[i]!);
      at += typeof message === 'string' ? block.write(message, at) : message.copy(block, at);
    }
    this.#messages = [];
    this.bytesMax = 0;
    return block;
  }
}

const headLengthOf = (length: number): number => (length <= SHORT_MAX ? 2 : length <= LENGTH_16_MAX ? 4 : HEAD_MAX);

/** @returns where the payload begins */
function writeHead(block: Buffer, at: number, length: number): number {
  block[at] = WHOLE_TEXT;
  if (length <= SHORT_MAX) {
    block[at + 1] = length;
  } else if (length <= LENGTH_16_MAX) {
    block[at + 1] = WIDTH_16;
    block.writeUInt16BE(length, at + 2);
  } else {
    block[at + 1] = WIDTH_64;
    block.writeUInt32BE(0, at + 2);
    block.writeUInt32BE(length, at + 6);
  }
  return at + headLengthOf(length);
}
