/** A journal for tests that is fed events: groups in memory, as the projection reads them. */
import {
  beginRecord,
  endRecord,
  orderEventCodec,
  RUNTIME_SERVICE_NUMBER,
  type RuntimeEvent,
  riskEventCodec,
  runtimeEventCodec,
  venueEventCodec,
} from '@oms/codec';
import { ByteWriter, type Codec, type JournalGroup } from '@oms/ports';
import type { FedRecord } from '@oms/ports/contract/readModelScenario';
import { type JournalGroups, lastPositionOf } from '../../src/readModel/journalGroups.ts';

export type JournalledRecord = FedRecord | { readonly service: 'runtime'; readonly events: readonly RuntimeEvent[] };

const SERVICES: Record<
  JournalledRecord['service'],
  { readonly number: number; readonly codec: Pick<Codec<never>, 'encode'> }
> = {
  runtime: { number: RUNTIME_SERVICE_NUMBER, codec: runtimeEventCodec },
  'order-processor': { number: 1, codec: orderEventCodec },
  'risk-engine': { number: 2, codec: riskEventCodec },
  'venue-simulator': { number: 3, codec: venueEventCodec },
};

export function payloadOf(records: readonly JournalledRecord[]): Uint8Array {
  const writer = new ByteWriter();
  for (const { service, events } of records) {
    const { number, codec } = SERVICES[service];
    const offset = beginRecord(writer, number, 0, 0, 0);
    for (const event of events) codec.encode(event as never, writer);
    endRecord(writer, offset, events.length);
  }
  return writer.written().slice();
}

export class FedJournal {
  readonly groups: JournalGroup[] = [];

  get lastPosition(): number {
    const last = this.groups.at(-1);
    return last === undefined ? 0 : lastPositionOf(last);
  }

  append(now: number, records: readonly JournalledRecord[]): number {
    const firstPosition = this.lastPosition + 1;
    this.groups.push({ firstPosition, recordCount: records.length, now, epoch: 1, payload: payloadOf(records) });
    return this.lastPosition;
  }

  readonly open = (fromPosition: number): JournalGroups => {
    let index = this.groups.findIndex((group) => lastPositionOf(group) >= fromPosition);
    if (index < 0) index = this.groups.length;
    return {
      next: (throughPosition) => {
        const group = this.groups[index];
        if (group === undefined || lastPositionOf(group) > throughPosition) return null;
        index++;
        return group;
      },
      close: () => undefined,
    };
  };
}
