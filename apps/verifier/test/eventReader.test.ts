/** The verifier's own reading of records: what the production codecs read, and nothing out of what they refuse. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnreadableError } from '../src/journal/cursor.ts';
import { recordsOf } from '../src/journal/records.ts';
import { editable } from './history.ts';
import { longHistory } from './stories.ts';

const { groups } = (await longHistory()).journal;

describe('the records of a group', () => {
  it('are what the production codecs read in them', () => {
    const ours = groups.flatMap(({ payload, firstPosition }) => [...recordsOf(payload, firstPosition)]);
    const theirs = editable(groups);
    expect(ours.map(({ events }) => events)).toEqual(theirs.map(({ events }) => events));
    const headers = ({ service, partition, causeKind, causeSequence }: (typeof theirs | typeof ours)[number]) => [
      service,
      partition,
      causeKind,
      causeSequence,
    ];
    expect(ours.map(headers)).toEqual(theirs.map(headers));
  });

  it('are refused, never misread beyond their bytes, when a byte of them is changed or the end is missing', () => {
    const anyByte = fc.tuple(fc.nat(groups.length - 1), fc.nat(), fc.integer({ min: 1, max: 255 }), fc.nat(3));
    fc.assert(
      fc.property(anyByte, ([index, offset, change, cut]) => {
        const { payload, firstPosition } = groups[index]!;
        const bytes = payload.slice(0, payload.length - cut);
        bytes[offset % bytes.length]! ^= change;
        try {
          for (const { events } of recordsOf(bytes, firstPosition)) expect(events.length).toBeLessThan(65_536);
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableError);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('gives texts beyond ASCII as they are, however often they come', () => {
    const [first] = groups.filter(({ payload }) => Buffer.from(payload).includes('c1'));
    const payload = Buffer.from(first!.payload);
    const at = payload.indexOf('c1');
    payload.write('é', at, 'utf8');
    for (let time = 0; time < 2; time++) {
      const events = [...recordsOf(payload, 1)].flatMap((record) => record.events);
      expect(events).toContainEqual(expect.objectContaining({ clientOrderId: 'é' }));
    }
  });
});
