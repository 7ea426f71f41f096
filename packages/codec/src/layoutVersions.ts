/**
 * A layout and the versions before it. Bytes that were once written stay readable for ever: an earlier version keeps
 * its own fields and says how a value of them becomes a value of today.
 */
import type { Codec } from '@oms/ports';
import { compileDecoder } from './compileDecoder.ts';
import { compileEncoder } from './compileEncoder.ts';
import { type AnyFields, type FieldsOf, structNode } from './fieldTypes.ts';

/** Fields of an earlier version and how they become a value of today. Made by {@link olderLayout}. */
export interface OlderLayout<Current> {
  readonly fields: AnyFields;
  readonly upcast: (old: unknown) => Current;
}

/** An earlier version: `Old` is what it held (of an event, without `type`). */
export const olderLayout = <Old, Current>(
  fields: FieldsOf<Old>,
  upcast: (old: Old) => Current,
): OlderLayout<Current> => ({ fields, upcast: (old) => upcast(old as Old) });

export interface VersionedLayout<Current, Fields> {
  /** Of the version that is written now, in the order they are written. */
  readonly fields: FieldsOf<Fields>;
  /** Versions 1, 2, … that are still read; the one written now is the next. */
  readonly older?: readonly OlderLayout<Current>[];
}

export interface CompiledVersions<T> {
  readonly encode: Codec<T>['encode'];
  /** Of version 1, 2, …; they start behind the version byte. */
  readonly decoders: readonly Codec<T>['decode'][];
}

/**
 * @param header bytes that are written before the version byte
 * @param constants members of every value that no byte tells
 */
export function compileVersions<T, Fields>(
  name: string,
  { fields, older = [] }: VersionedLayout<T, Fields>,
  header: readonly number[],
  constants: Readonly<Record<string, string>>,
): CompiledVersions<T> {
  const node = structNode(name, fields as AnyFields);
  const olderDecoders = older.map((version): Codec<T>['decode'] => {
    const decode = compileDecoder<unknown>(structNode(name, version.fields));
    return (reader) => version.upcast(decode(reader));
  });
  return {
    encode: compileEncoder<T>(node, [...header, older.length + 1]),
    decoders: [...olderDecoders, compileDecoder<T>(node, constants)],
  };
}
