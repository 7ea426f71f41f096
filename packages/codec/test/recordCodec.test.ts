/** Record frames: round trip of any records, exact bytes, and what becomes of damaged frames. */
import {
  beginRecord,
  endRecord,
  type JournalRecord,
  orderEventCodec,
  readEvents,
  readRecords,
  structNode,
} from '@oms/codec';
import type { OrderEvent } from '@oms/domain';
import { type ByteWriter, InfrastructureError } from '@oms/ports';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ORDER_EVENTS } from '../src/layouts/orderEvents.ts';
import { bytesOf, bytesOfHex, hexOf } from './bytes.ts';
import { arbitraryEvent } from './layoutArbitraries.ts';

interface Written {
  readonly service: number;
  readonly partition: number;
  readonly causeKind: number;
  readonly causeSequence: number;
  readonly events: readonly OrderEvent[];
}

const placed = structNode('OrderPlaced', ORDER_EVENTS.OrderPlaced.fields);
const submitted = structNode('OrderSubmitted', ORDER_EVENTS.OrderSubmitted.fields);
const events = fc.oneof(
  arbitraryEvent('OrderPlaced', placed),
  arbitraryEvent('OrderSubmitted', submitted),
) as fc.Arbitrary<OrderEvent>;

const records = fc.array(
  fc.record<Written>({
    service: fc.nat(0xff),
    partition: fc.nat(0xffff),
    causeKind: fc.nat(0xff),
    causeSequence: fc.nat(2 ** 48 - 1),
    events: fc.array(events, { maxLength: 5 }),
  }),
  { maxLength: 6 },
);

function write(writer: ByteWriter, all: readonly Written[]): void {
  for (const record of all) {
    const { service, partition, causeKind, causeSequence } = record;
    const offset = beginRecord(writer, service, partition, causeKind, causeSequence);
    for (const event of record.events) orderEventCodec.encode(event, writer);
    endRecord(writer, offset, record.events.length);
  }
}

const payloadOf = (all: readonly Written[]): Uint8Array => bytesOf((writer) => write(writer, all));

const headerOf = ({ service, partition, causeKind, causeSequence }: JournalRecord | Written) => ({
  service,
  partition,
  causeKind,
  causeSequence,
});

function read(payload: Uint8Array): Written[] {
  const all: Written[] = [];
  for (const record of readRecords(payload)) {
    const found: OrderEvent[] = [];
    readEvents(record, orderEventCodec, (event) => found.push(event));
    all.push({ ...headerOf(record), events: found });
  }
  return all;
}

describe('records', () => {
  it('come back as they were written', () => {
    fc.assert(
      fc.property(records, (all) => {
        expect(read(payloadOf(all))).toEqual(all);
      }),
    );
  });

  it('can be skipped, or left half read', () => {
    fc.assert(
      fc.property(records, (all) => {
        const found = [];
        for (const record of readRecords(payloadOf(all))) {
          if (record.eventCount > 0 && found.length % 2 === 0) orderEventCodec.decode(record.reader);
          found.push(headerOf(record));
        }
        expect(found).toEqual(all.map(headerOf));
      }),
    );
  });

  it('lie in bytes as the reference says', () => {
    const submittedEvent: OrderEvent = { type: 'OrderSubmitted', orderId: 'o-0-1', protectionPrice: null };
    const record = {
      service: 1,
      partition: 0x0203,
      causeKind: 4,
      causeSequence: 0x0a0b0c0d0e0f,
      events: [submittedEvent],
    };
    expect(hexOf(payloadOf([record]))).toBe(
      ['15000000', '01', '0302', '04', '0f0e0d0c0b0a', '0100', '0501', '05', '6f2d302d31', '00'].join(''),
    );
  });

  it.each([
    { title: 'service', header: [256, 0, 0, 0] },
    { title: 'partition', header: [0, 65_536, 0, 0] },
    { title: 'cause kind', header: [0, 0, -1, 0] },
    { title: 'cause sequence', header: [0, 0, 0, 2 ** 48] },
    { title: 'cause sequence', header: [0, 0, 0, Number.NaN] },
  ] as const)('are refused when the $title does not fit ($header)', ({ header }) => {
    expect(() =>
      bytesOf((writer) => {
        beginRecord(writer, header[0], header[1], header[2], header[3]);
      }),
    ).toThrow(expect.objectContaining({ code: 'CODEC_MALFORMED' }));
  });

  it('are refused with more events than can be counted', () => {
    expect(() => bytesOf((writer) => endRecord(writer, beginRecord(writer, 0, 0, 0, 0), 65_536))).toThrow(
      expect.objectContaining({ code: 'CODEC_MALFORMED' }),
    );
  });
});

describe('damaged payloads', () => {
  it.each([
    { title: 'a header cut short', hex: '0c00000000000000000000000000' },
    { title: 'a length beyond the payload', hex: '0d000000000000000000000000000000' },
    { title: 'a length too small for a header', hex: '0b000000000000000000000000000000' },
    { title: 'a length of 4 GiB', hex: 'ffffffff000000000000000000000000' },
    { title: 'fewer events than bytes', hex: '0d00000001000000000000000000000000' },
    { title: 'more events than bytes', hex: '0c000000010000000000000000000100' },
  ])('with $title are malformed', ({ hex }) => {
    expect(() => read(bytesOfHex(hex))).toThrow(expect.objectContaining({ code: 'CODEC_MALFORMED' }));
  });

  it('with a length too small for a header are malformed also when no event is read', () => {
    const whole = `0c000000${'00'.repeat(12)}`;
    const payload = bytesOfHex(`0b000000${'00'.repeat(11)}${whole}`);
    expect(() => [...readRecords(payload)]).toThrow(expect.objectContaining({ code: 'CODEC_MALFORMED' }));
  });

  it('give whole records or an InfrastructureError, wherever they are cut', () => {
    fc.assert(
      fc.property(records, fc.nat(), (all, cut) => {
        const payload = payloadOf(all);
        const part = payload.subarray(0, cut % (payload.length + 1));
        const found: Written[] = [];
        try {
          for (const record of readRecords(part)) found.push({ ...headerOf(record), events: [] });
        } catch (error) {
          expect(error).toBeInstanceOf(InfrastructureError);
        }
        expect(found.map(headerOf)).toEqual(all.slice(0, found.length).map(headerOf));
      }),
    );
  });

  it('never let anything but an InfrastructureError out', () => {
    fc.assert(
      fc.property(records, fc.nat(), fc.nat(0xff), (all, at, byte) => {
        const payload = payloadOf(all);
        if (payload.length > 0) payload[at % payload.length] = byte;
        try {
          read(payload);
        } catch (error) {
          expect(error).toBeInstanceOf(InfrastructureError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
