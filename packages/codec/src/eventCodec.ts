/**
 * Makes a `Codec` of a union of events from its table of layouts. An event is written as its number (one byte), the
 * version of its layout (one byte) and its fields. Numbers are never reused, and a layout that was once written
 * stays readable: changing one means adding a version, with the old fields and how they become today's event.
 */
import { InvariantError } from '@oms/domain';
import type { Codec } from '@oms/ports';
import { compileDecoder } from './compileDecoder.ts';
import { compileEncoder } from './compileEncoder.ts';
import { type AnyFields, type FieldsOf, structNode } from './fieldTypes.ts';
import { malformed, unknownVersion } from './malformed.ts';

/** Fields of an earlier version and how a value of them becomes a value of today. Made by {@link olderLayout}. */
export interface OlderLayout<Current> {
  readonly fields: AnyFields;
  readonly upcast: (old: unknown) => Current;
}

/** An earlier version: `Old` is what it held, without `type`. */
export const olderLayout = <Old, Current>(
  fields: FieldsOf<Old>,
  upcast: (old: Old) => Current,
): OlderLayout<Current> => ({ fields, upcast: (old) => upcast(old as Old) });

export interface EventLayout<Event> {
  /** 1 … 255, unique over all services and never reused. */
  readonly number: number;
  /** Of the version that is written now. */
  readonly fields: FieldsOf<Omit<Event, 'type'>>;
  /** Versions 1, 2, … that are still read; the one written now is the next. */
  readonly older?: readonly OlderLayout<Event>[];
}

interface Typed {
  readonly type: string;
}

/** A layout for every event of the union; one that is missing or differs from its interface does not compile. */
export type EventTable<Event extends Typed> = {
  readonly [Type in Event['type']]: EventLayout<Extract<Event, { readonly type: Type }>>;
};

/** @throws InvariantError when two events of the table share a number. */
export function eventCodec<Event extends Typed>(table: EventTable<Event>): Codec<Event> {
  const encoders = new Map<string, Codec<Event>['encode']>();
  const decoders: (readonly Codec<Event>['decode'][] | undefined)[] = [];
  for (const [type, layout] of Object.entries(table as Readonly<Record<string, unknown>>) as [
    string,
    EventLayout<Event>,
  ][]) {
    const older = layout.older ?? [];
    const node = structNode(type, layout.fields as AnyFields);
    if (decoders[layout.number] !== undefined) throw new InvariantError(`${type}: number ${layout.number} is taken`);
    encoders.set(type, compileEncoder<Event>(node, [layout.number, older.length + 1]));
    decoders[layout.number] = [
      ...older.map((version) => {
        const decode = compileDecoder<unknown>(structNode(type, version.fields));
        return (reader: Parameters<Codec<Event>['decode']>[0]) => version.upcast(decode(reader));
      }),
      compileDecoder<Event>(node, { type }),
    ];
  }
  return {
    encode(event, writer) {
      const encode = encoders.get(event.type);
      if (encode === undefined) malformed(event.type, 'is no event of this codec');
      encode(event, writer);
    },
    decode(reader) {
      if (reader.offset + 2 > reader.end) malformed('event', `truncated at byte ${reader.offset}`);
      const number = reader.bytes[reader.offset]!;
      const version = reader.bytes[reader.offset + 1]!;
      const versions = decoders[number];
      if (versions === undefined) unknownVersion(`event number ${number} (version ${version}) is unknown`);
      const decode = versions[version - 1];
      if (decode === undefined) unknownVersion(`event number ${number} has no version ${version}`);
      reader.offset += 2;
      return decode(reader);
    },
  };
}
