/** Event tables: versions that stay readable, numbers, and the compile-time link between layout and interface. */
import {
  arrayOf,
  type EventTable,
  eventCodec,
  nullable,
  olderLayout,
  oneOf,
  stateCodec,
  struct,
  text8,
  u8,
  u16,
} from '@oms/codec';
import { InvariantError } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { bytesOf, bytesOfHex, hexOf, readerOf } from './bytes.ts';

interface LampLit {
  readonly type: 'LampLit';
  readonly lampId: string;
  readonly brightness: number;
}
interface LampOut {
  readonly type: 'LampOut';
  readonly lampId: string;
  readonly cause: 'ASKED' | 'BROKEN' | null;
}
type LampEvent = LampLit | LampOut;

const TABLE: EventTable<LampEvent> = {
  LampLit: {
    number: 1,
    fields: { lampId: text8, brightness: u16 },
    older: [
      olderLayout<{ lamp: number }, LampLit>({ lamp: u8 }, ({ lamp }) => ({
        type: 'LampLit',
        lampId: `lamp-${lamp}`,
        brightness: 100,
      })),
      olderLayout<{ lampId: string }, LampLit>({ lampId: text8 }, ({ lampId }) => ({
        type: 'LampLit',
        lampId,
        brightness: 100,
      })),
    ],
  },
  LampOut: { number: 2, fields: { lampId: text8, cause: nullable(oneOf('ASKED', 'BROKEN')) } },
};

describe('an event table', () => {
  const codec = eventCodec<LampEvent>(TABLE);

  it.each([
    { hex: '010107', event: { type: 'LampLit', lampId: 'lamp-7', brightness: 100 }, version: 1 },
    { hex: '01020161', event: { type: 'LampLit', lampId: 'a', brightness: 100 }, version: 2 },
    { hex: '01030161ff01', event: { type: 'LampLit', lampId: 'a', brightness: 511 }, version: 3 },
  ])('reads version $version', ({ hex, event }) => {
    const bytes = bytesOfHex(hex);
    const reader = readerOf(bytes);
    expect(codec.decode(reader)).toEqual(event);
    expect(reader.offset).toBe(8 + bytes.length);
  });

  it('writes the newest version', () => {
    const event: LampEvent = { type: 'LampLit', lampId: 'a', brightness: 511 };
    expect(hexOf(bytesOf((writer) => codec.encode(event, writer)))).toBe('01030161ff01');
  });

  it('refuses the version after the newest', () => {
    expect(() => codec.decode(readerOf(bytesOfHex('01040161ff01')))).toThrow(
      expect.objectContaining({ code: 'CODEC_UNKNOWN_VERSION', message: 'event number 1 has no version 4' }),
    );
  });

  it('refuses an event it does not know', () => {
    const stranger = { type: 'LampStolen' } as unknown as LampEvent;
    expect(() => bytesOf((writer) => codec.encode(stranger, writer))).toThrow(
      expect.objectContaining({ code: 'CODEC_MALFORMED' }),
    );
  });

  it('with one number twice is a bug of ours', () => {
    expect(() => eventCodec<LampEvent>({ ...TABLE, LampOut: { ...TABLE.LampOut, number: 1 } })).toThrow(InvariantError);
  });
});

describe('a state layout', () => {
  it('reads older versions as today’s state', () => {
    const codec = stateCodec<{ lamps: string[]; lit: number }>({
      name: 'Lamps',
      fields: { lamps: arrayOf(text8), lit: u16 },
      older: [
        olderLayout<{ lamps: string[] }, { lamps: string[]; lit: number }>({ lamps: arrayOf(text8) }, (old) => ({
          ...old,
          lit: 0,
        })),
      ],
    });
    expect(codec.decode(readerOf(bytesOfHex('01010000000161')))).toEqual({ lamps: ['a'], lit: 0 });
    expect(hexOf(bytesOf((writer) => codec.encode({ lamps: ['a'], lit: 2 }, writer)))).toBe('020100000001610200');
  });
});

describe('a layout that differs from its interface does not compile', () => {
  it('whatever the difference', () => {
    interface Lamp {
      readonly lampId: string;
      readonly cause: 'ASKED' | 'BROKEN' | null;
    }
    const cause = nullable(oneOf('ASKED', 'BROKEN'));
    const differing = [
      // @ts-expect-error a member is missing
      struct<Lamp>('Lamp', { lampId: text8 }),
      // @ts-expect-error a member is misspelled
      struct<Lamp>('Lamp', { lampID: text8, cause }),
      // @ts-expect-error a member too many
      struct<Lamp>('Lamp', { lampId: text8, cause, color: text8 }),
      // @ts-expect-error another type
      struct<Lamp>('Lamp', { lampId: u8, cause }),
      // @ts-expect-error null is not covered
      struct<Lamp>('Lamp', { lampId: text8, cause: oneOf('ASKED', 'BROKEN') }),
      // @ts-expect-error null where the interface has none
      struct<Lamp>('Lamp', { lampId: nullable(text8), cause }),
      // @ts-expect-error a word is missing
      struct<Lamp>('Lamp', { lampId: text8, cause: nullable(oneOf('ASKED')) }),
      // @ts-expect-error a word too many
      struct<Lamp>('Lamp', { lampId: text8, cause: nullable(oneOf('ASKED', 'BROKEN', 'STOLEN')) }),
    ];
    // @ts-expect-error an event is missing
    const missing: EventTable<LampEvent> = { LampLit: TABLE.LampLit };
    // @ts-expect-error the layout of another event
    const swapped: EventTable<LampEvent> = { LampLit: TABLE.LampOut, LampOut: TABLE.LampOut };
    // The type checker is the test: an unused @ts-expect-error fails it.
    expect([...differing, missing, swapped]).toHaveLength(10);
  });
});
