/** The venue's stored state is refused when its parts are none that were written. */
import { ByteReader, ByteWriter } from '@oms/ports';
import { expect, it } from 'vitest';
import { initialVenueState, venueStateCodec } from '../src/index.ts';

const writer = new ByteWriter();
venueStateCodec.encode(initialVenueState(0), writer);
const bytes = Buffer.from(writer.written());

it.each([
  ['no JSON', '"latencyMs":0', '"latencyMs":x'],
  ['another switch', 'rejectRate', 'rejectrate'],
  ['a share that is none', '"rejectRate":"0"', '"rejectRate":"9"'],
  ['a delay that is none', '"latencyMs":0', '"latencyMs": '],
])('with fault switches that are %s', (_name, written, instead) => {
  expect(venueStateCodec.decode(new ByteReader(bytes))).toEqual(initialVenueState(0));
  const at = bytes.indexOf(written);
  const damaged = Buffer.concat([bytes.subarray(0, at), Buffer.from(instead), bytes.subarray(at + written.length)]);
  expect(() => venueStateCodec.decode(new ByteReader(damaged))).toThrow(
    expect.objectContaining({ code: 'CODEC_MALFORMED' }),
  );
});
