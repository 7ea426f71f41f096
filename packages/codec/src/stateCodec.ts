/**
 * Makes a `Codec` of an actor's state from its layout: one byte of version, then the fields. A state whose parts
 * share objects is written in a stored form without sharing and linked again when it is read.
 */
import type { Codec } from '@oms/ports';
import { compileDecoder } from './compileDecoder.ts';
import { compileEncoder } from './compileEncoder.ts';
import type { OlderLayout } from './eventCodec.ts';
import { type AnyFields, type FieldsOf, structNode } from './fieldTypes.ts';
import { malformed, unknownVersion } from './malformed.ts';

export interface StateLayout<Stored> {
  readonly name: string;
  /** Of the version that is written now. */
  readonly fields: FieldsOf<Stored>;
  /** Versions 1, 2, … that are still read; the one written now is the next. */
  readonly older?: readonly OlderLayout<Stored>[];
}

/** The codec of a state that is stored just as it is. */
export function stateCodec<State>(layout: StateLayout<State>): Codec<State> {
  const node = structNode(layout.name, layout.fields as AnyFields);
  const older = layout.older ?? [];
  const decoders = [
    ...older.map((version) => {
      const decode = compileDecoder<unknown>(structNode(layout.name, version.fields));
      return (reader: Parameters<Codec<State>['decode']>[0]) => version.upcast(decode(reader));
    }),
    compileDecoder<State>(node),
  ];
  return {
    encode: compileEncoder<State>(node, [older.length + 1]),
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
