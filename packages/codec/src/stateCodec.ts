/**
 * Makes a `Codec` of an actor's state from its layout: one byte of version, then the fields. A state whose parts
 * share objects is written in a stored form without sharing and linked again when it is read.
 */
import { InvariantError } from '@oms/domain';
import type { ByteReader, Codec } from '@oms/ports';
import { compileDecoder } from './compileDecoder.ts';
import { type AnyFields, type Streamed, type StructNode, structNode } from './fieldTypes.ts';
import { leastBytes } from './layoutSize.ts';
import { compileVersions, type VersionedLayout } from './layoutVersions.ts';
import { malformed, unknownVersion } from './malformed.ts';

export interface StateLayout<Stored> extends VersionedLayout<Stored, Stored> {
  /** For the documentation and error messages. */
  readonly name: string;
}

/** The codec of a state that is stored just as it is. */
export function stateCodec<State>(layout: StateLayout<State>): Codec<State> {
  const { encode, decoders } = compileVersions(layout.name, layout, [], {});
  return { encode, decode: (reader) => versionAt(reader, layout.name, decoders)(reader) };
}

/** The decoder that the version byte names; the reader is moved behind it. */
function versionAt<Stored>(
  reader: ByteReader,
  name: string,
  decoders: readonly Codec<Stored>['decode'][],
): Codec<Stored>['decode'] {
  if (reader.offset + 1 > reader.end) malformed(name, `truncated at byte ${reader.offset}`);
  const version = reader.bytes[reader.offset]!;
  const decode = decoders[version - 1];
  if (decode === undefined) unknownVersion(`${name} has no version ${version}`);
  reader.offset += 1;
  return decode;
}

/**
 * The codec of a state that is stored in another form, the last field of which is a stream of structs: on reading, an
 * item exists only while `restore` looks at it, so that a million of them never are in memory as objects. `restore`
 * must take all of them; that the same one does not come twice is for it to check, and it may throw CODEC_MALFORMED.
 */
export function streamedStateCodec<State, Stored>(
  layout: StateLayout<Stored>,
  store: (state: State) => Stored,
  restore: (stored: Stored) => State,
): Codec<State> {
  const { encode, decoders } = compileVersions<Stored, Stored>(layout.name, layout, [], {});
  const current = compileStreaming<Stored>(structNode(layout.name, layout.fields as AnyFields));
  const all = [...decoders.slice(0, -1), current];
  return {
    encode: (state, writer) => encode(store(state), writer),
    decode: (reader) => restore(versionAt(reader, layout.name, all)(reader)),
  };
}

/** Reads all fields but the last, which is read when it is iterated. */
function compileStreaming<Stored>({ name, fields }: StructNode): Codec<Stored>['decode'] {
  const [field, type] = fields.at(-1)!;
  if (type.kind !== 'array' || type.item.kind !== 'struct') {
    throw new InvariantError(`${name}.${field} is no stream of structs`);
  }
  const decodeHead = compileDecoder<object>({ kind: 'struct', name, fields: fields.slice(0, -1) });
  const decodeItem = compileDecoder<unknown>(type.item);
  const itemBytesLeast = leastBytes(type.item);
  return (reader) => {
    const head = decodeHead(reader);
    if (reader.offset + 4 > reader.end) malformed(name, `truncated at byte ${reader.offset}`);
    const length = reader.view.getUint32(reader.offset, true);
    reader.offset += 4;
    if (length * itemBytesLeast > reader.end - reader.offset) malformed(name, `${length} items do not fit`);
    return { ...head, [field]: streamed(reader, length, decodeItem) } as Stored;
  };
}

const streamed = <T>(reader: ByteReader, length: number, decodeItem: Codec<T>['decode']): Streamed<T> => ({
  length,
  *[Symbol.iterator]() {
    for (let i = 0; i < length; i++) yield decodeItem(reader);
  },
});

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
