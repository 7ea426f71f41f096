/**
 * The properties every event and state layout must have. Each compiled codec is held against the plain interpreter
 * of the same layout, on values made from that layout and on damaged bytes.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type AnyFields,
  type NodeOf,
  orderEventCodec,
  riskEventCodec,
  runtimeEventCodec,
  stateCodec,
  structNode,
  venueEventCodec,
} from '@oms/codec';
import type { Codec } from '@oms/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JOURNAL_SERVICES } from '../src/describeLayouts.ts';
import { interpretDecode, interpretEncode } from '../src/interpretLayout.ts';
import { RISK_STATE } from '../src/layouts/riskState.ts';
import { attempt, bytesOf, hexOf, readerOf } from './bytes.ts';
import { arbitraryEvent, arbitraryOf } from './layoutArbitraries.ts';

interface Subject {
  readonly name: string;
  readonly codec: Codec<unknown>;
  readonly node: NodeOf<'struct'>;
  readonly header: readonly number[];
  readonly values: fc.Arbitrary<unknown>;
  /** What the interpreter's result still lacks. */
  readonly constants: object;
}

/** By service number. */
const EVENT_CODECS = [runtimeEventCodec, orderEventCodec, riskEventCodec, venueEventCodec] as Codec<unknown>[];

const SUBJECTS: readonly Subject[] = [
  ...JOURNAL_SERVICES.flatMap((service) =>
    Object.entries(service.events).map(([type, layout]) => {
      const node = structNode(type, layout.fields);
      return {
        name: type,
        codec: EVENT_CODECS[service.number]!,
        node,
        header: [layout.number, 1 + (layout.older?.length ?? 0)],
        values: arbitraryEvent(type, node),
        constants: { type },
      };
    }),
  ),
  // As it is stored; riskState.test.ts tells how the links are made.
  stateSubject('RiskState', stateCodec(RISK_STATE) as Codec<unknown>, RISK_STATE.fields as AnyFields),
];

function stateSubject(name: string, codec: Codec<unknown>, fields: AnyFields): Subject {
  const node = structNode(name, fields);
  return { name, codec, node, header: [1], values: arbitraryOf(node), constants: {} };
}

const interpreted = ({ node, header }: Subject, value: unknown): Uint8Array =>
  bytesOf((writer) => {
    writer.reserve(header.length);
    for (const byte of header) writer.bytes[writer.length++] = byte;
    interpretEncode(node, value, writer);
  });

describe.each(SUBJECTS)('$name', (subject) => {
  const { codec, node, values, header, constants } = subject;
  const encoded = values.map((value) => bytesOf((writer) => codec.encode(value, writer)));

  it('comes back as it was, and takes exactly its bytes', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = bytesOf((writer) => codec.encode(value, writer));
        const reader = readerOf(bytes);
        expect(isDeepStrictEqual(codec.decode(reader), value)).toBe(true);
        expect(reader.offset).toBe(8 + bytes.length);
      }),
    );
  });

  it('is written by the compiled encoder as by the plain one', () => {
    fc.assert(
      fc.property(values, (value) => {
        expect(hexOf(bytesOf((writer) => codec.encode(value, writer)))).toBe(hexOf(interpreted(subject, value)));
      }),
    );
  });

  it('is refused as malformed when truncated', () => {
    fc.assert(
      fc.property(encoded, (bytes) => {
        // Every length of an event; enough of a large state, whose golden example is cut everywhere.
        const step = Math.ceil(bytes.length / 200);
        for (let length = 0; length < bytes.length; length += step) {
          expect(attempt(codec.decode, bytes.subarray(0, length))).toEqual({ refused: 'CODEC_MALFORMED' });
        }
      }),
      { numRuns: 3 },
    );
  });

  it('when damaged, is refused, or was other canonical bytes; both decoders agree', () => {
    const damage = fc.array(fc.tuple(fc.nat(), fc.nat(0xff)), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(encoded, damage, (bytes, changes) => {
        const damaged = bytes.slice();
        for (const [at, byte] of changes) {
          // The header chooses another layout; that has tests of its own.
          damaged[header.length + (at % Math.max(1, bytes.length - header.length))] = byte;
        }
        const outcome = attempt(codec.decode, damaged);
        const reference = attempt((reader) => {
          reader.offset += header.length;
          return { ...constants, ...(interpretDecode(node, reader) as object) };
        }, damaged);
        expect(isDeepStrictEqual(outcome, reference)).toBe(true);
        if ('value' in outcome) {
          const again = bytesOf((writer) => codec.encode(outcome.value, writer));
          expect(hexOf(again)).toBe(hexOf(damaged.subarray(0, outcome.length)));
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('event headers', () => {
  it('are numbered uniquely over all services, each within its range', () => {
    const numbers = JOURNAL_SERVICES.flatMap(({ events }) => Object.values(events).map(({ number }) => number));
    expect(new Set(numbers).size).toBe(numbers.length);
    const ranges = [
      [192, 255],
      [1, 63],
      [64, 127],
      [128, 191],
    ] as const;
    for (const { number: service, events } of JOURNAL_SERVICES)
      for (const { number } of Object.values(events)) {
        expect(number).toBeGreaterThanOrEqual(ranges[service]![0]);
        expect(number).toBeLessThanOrEqual(ranges[service]![1]);
      }
  });

  it.each([
    { bytes: [0, 1], names: /number 0 / },
    { bytes: [63, 1], names: /number 63 / },
    { bytes: [64, 1], names: /number 64 / },
    { bytes: [2, 0], names: /number 2 has no version 0/ },
    { bytes: [2, 2], names: /number 2 has no version 2/ },
  ])('$bytes is an unknown version to the order processor, by number', ({ bytes, names }) => {
    const reader = readerOf(new Uint8Array([...bytes, 0, 0, 0]));
    expect(() => orderEventCodec.decode(reader)).toThrow(
      expect.objectContaining({ code: 'CODEC_UNKNOWN_VERSION', message: expect.stringMatching(names) }),
    );
  });

  it('never lets anything but an InfrastructureError out of random bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...EVENT_CODECS), fc.uint8Array({ maxLength: 200 }), (codec, bytes) => {
        attempt(codec.decode, bytes);
      }),
      { numRuns: 2_000 },
    );
  });
});
