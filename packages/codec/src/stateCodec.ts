/**
 * Makes a `Codec` of an actor's state from its layout: one byte of version, then the fields. A state whose parts
 * share objects is written in a stored form without sharing and linked again when it is read.
 */
import type { Codec } from '@oms/ports';
import { compileVersions, type VersionedLayout } from './layoutVersions.ts';
import { malformed, unknownVersion } from './malformed.ts';

export interface StateLayout<Stored> extends VersionedLayout<Stored, Stored> {
  /** For the documentation and error messages. */
  readonly name: string;
}

/** The codec of a state that is stored just as it is. */
export function stateCodec<State>(layout: StateLayout<State>): Codec<State> {
  const { encode, decoders } = compileVersions(layout.name, layout, [], {});
  return {
    encode,
    decode(reader) {
      if (reader.offset + 1 > reader.end) malformed(layout.name, `truncated at byte ${reader.offset}`);
      const version = reader.bytes[reader.offset]!;
      const decode = decoders[version - 1];
      if (decode === undefined) unknownVersion(`${layout.name} has no version ${version}`);
      reader.offset += 1;
      return decode(reader);
    },
  };
}

/** The codec of a state that is stored in another form. `restore` may throw CODEC_MALFORMED. */
export function storedStateCodec<State, Stored>(
  layout: StateLayout<Stored>,
  store: (state: State) => Stored,
  restore: (stored: Stored) => State,
): Codec<State> {
  const codec = stateCodec(layout);
  return {
    encode: (state, writer) => codec.encode(store(state), writer),
    decode: (reader) => restore(codec.decode(reader)),
  };
}
