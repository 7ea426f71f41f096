/** The frames of one turn, as ws itself would have sent them. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as ws from 'ws';
import { OutgoingFrames } from '../src/socket/outgoingFrames.ts';

/** Exported by ws, but not by its types. */
const { Sender } = ws as unknown as { Sender: { frame(data: Buffer, options: object): Buffer[] } };
const TEXT = { fin: true, opcode: 1, mask: false, readOnly: true, rsv1: false };

function asWsFrames(messages: readonly (string | Buffer)[]): Buffer {
  const parts = messages.flatMap((message) => Sender.frame(Buffer.from(message as string), TEXT));
  return Buffer.concat(parts);
}

function inOneBlock(messages: readonly (string | Buffer)[]): Buffer {
  const frames = new OutgoingFrames();
  for (const message of messages) frames.add(message);
  const { bytesMax } = frames;
  const block = frames.take();
  expect(block.length).toBeLessThanOrEqual(bytesMax);
  expect([frames.isEmpty, frames.bytesMax]).toEqual([true, 0]);
  return block;
}

describe('outgoing frames', () => {
  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 200_000])('a message of %i bytes', (length) => {
    for (const message of ['x'.repeat(length), Buffer.alloc(length, 'y')]) {
      expect(inOneBlock([message]).equals(asWsFrames([message]))).toBe(true);
    }
  });

  it('any texts and bytes, in their order', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    const message = fc.oneof(
      text,
      text.map((each) => Buffer.from(each)),
    );
    fc.assert(
      fc.property(fc.array(message, { minLength: 1, maxLength: 20 }), (messages) => {
        expect(inOneBlock(messages).equals(asWsFrames(messages))).toBe(true);
      }),
    );
  });
});
