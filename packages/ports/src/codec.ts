/** Turns events, or a whole state, into bytes and back. Encoding is canonical: equal values give equal bytes. */
import type { ByteReader, ByteWriter } from './bytes.ts';

export interface Codec<T> {
  encode(value: T, writer: ByteWriter): void;
  /** Reads one value at the reader's offset and moves it on. @throws InfrastructureError `CODEC_*` on anything else. */
  decode(reader: ByteReader): T;
}
