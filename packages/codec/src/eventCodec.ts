/**
 * Makes a `Codec` of a union of events from its table of layouts. An event is written as its number (one byte), the
 * version of its layout (one byte) and its fields.
 */
import { InvariantError } from '@oms/domain';
import type { ByteReader, Codec } from '@oms/ports';
import { type CompiledVersions, compileVersions, type VersionedLayout } from './layoutVersions.ts';
import { malformed, unknownVersion } from './malformed.ts';

export interface EventLayout<Event> extends VersionedLayout<Event, Omit<Event, 'type'>> {
  /** 1 … 255, unique over all services and never reused. */
  readonly number: number;
}

interface Typed {
  readonly type: string;
}

/** A layout for every event of the union; one that is missing or differs from its interface does not compile. */
export type EventTable<Event extends Typed> = {
  readonly [Type in Event['type']]: EventLayout<Extract<Event, { readonly type: Type }>>;
};

/**
 * The codec of all events of the table. When encoding throws, the bytes behind the writer's former length are
 * undefined: the caller sets the length back.
 * @throws InvariantError when two events share a number
 */
export function eventCodec<Event extends Typed>(table: EventTable<Event>): Codec<Event> {
  const byType = new Map<string, CompiledVersions<Event>>();
  const byNumber: CompiledVersions<Event>[] = [];
  for (const [type, layout] of Object.entries<unknown>(table) as [string, EventLayout<Event>][]) {
    const { number } = layout;
    if (byNumber[number] !== undefined) throw new InvariantError(`${type}: number ${number} is taken`);
    const versions = compileVersions(type, layout, [number], { type });
    byType.set(type, versions);
    byNumber[number] = versions;
  }
  return {
    encode(event, writer) {
      const versions = byType.get(event.type);
      if (versions === undefined) malformed(event.type, 'is no event of this codec');
      versions.encode(event, writer);
    },
    decode: (reader) => decoderAt(reader, byNumber)(reader),
  };
}

/** The decoder that the event's header names; the reader is moved behind the header. */
function decoderAt<Event>(
  reader: ByteReader,
  byNumber: readonly (CompiledVersions<Event> | undefined)[],
): Codec<Event>['decode'] {
  const { offset, bytes } = reader;
  if (offset + 2 > reader.end) malformed('event', `truncated at byte ${offset}`);
  const number = bytes[offset]!;
  const version = bytes[offset + 1]!;
  const versions = byNumber[number];
  if (versions === undefined) unknownVersion(`event number ${number} (version ${version}) is unknown`);
  const decode = versions.decoders[version - 1];
  if (decode === undefined) unknownVersion(`event number ${number} has no version ${version}`);
  reader.offset = offset + 2;
  return decode;
}
