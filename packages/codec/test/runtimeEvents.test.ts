/** Putting a message aside must always succeed, whatever was in it. */
import { messageQuarantined, QUARANTINED_MESSAGE_BYTES_MAX, runtimeEventCodec } from '@oms/codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf, readerOf } from './bytes.ts';

const anyText = fc.oneof(
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 400 }),
  fc.string({ unit: 'grapheme', minLength: 100, maxLength: 400 }),
);

describe('a quarantined message', () => {
  it('is recorded whatever its texts are', () => {
    const parts = fc.record(
      {
        service: anyText,
        partition: fc.nat(0xffff),
        messageType: anyText,
        errorName: anyText,
        errorMessage: anyText,
        message: anyText,
      },
      { noNullPrototype: true },
    );
    fc.assert(
      fc.property(parts, (event) => {
        const made = messageQuarantined(event);
        const bytes = bytesOf((writer) => runtimeEventCodec.encode(made, writer));
        expect(runtimeEventCodec.decode(readerOf(bytes))).toEqual(made);
      }),
    );
  });

  it.each([
    { message: 'a'.repeat(9_000), kept: 'a'.repeat(QUARANTINED_MESSAGE_BYTES_MAX), title: 'at the byte' },
    {
      message: `a${'é'.repeat(5_000)}`,
      kept: `a${'é'.repeat(4_095)}`,
      title: 'before the character that would not fit',
    },
    { message: '\uD800x', kept: '\uFFFDx', title: 'nowhere, but lone surrogates are replaced' },
    { message: '{"a":1}', kept: '{"a":1}', title: 'nowhere when short' },
  ])('is cut $title', ({ message, kept }) => {
    const made = messageQuarantined({
      service: 'order-processor',
      partition: 0,
      messageType: 'PlaceOrder',
      errorName: 'TypeError',
      errorMessage: 'boom',
      message,
    });
    expect(made.message).toBe(kept);
  });
});
