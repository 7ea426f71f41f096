/**
 * A short history of a real house as it lies in bytes: what the decoders are fuzzed with. Holds every kind of state:
 * open, filled, canceled, replaced and refused orders, stops that wait, changed limits and trading states.
 */

import { decimal } from '@oms/domain';
import { ByteWriter, type JournalGroup } from '@oms/ports';
import { TestHouse } from '../../apps/house/test/testHouse.ts';

export interface WrittenHistory {
  readonly groups: readonly JournalGroup[];
  /** Of all cells together, as a snapshot holds it. */
  readonly snapshot: Uint8Array;
  /** The state of each service by its name. */
  readonly states: ReadonlyMap<string, { readonly bytes: Uint8Array; readonly codec: StateCodec }>;
  /** A house of the same kind that may be filled with anything. */
  readonly scratch: TestHouse;
}

type StateCodec = TestHouse['house']['runtime']['cells']['all'][number]['definition']['stateCodec'];

export async function writtenHistory(): Promise<WrittenHistory> {
  const house = await TestHouse.open({ venue: 'simulated' });
  await house.draw('BTC-USD', ['99 x 5', '98 x 5'], ['101 x 5', '102 x 5']);
  await house.place('taken', { price: decimal('102'), quantity: decimal('7') });
  await house.place('resting', { price: decimal('98.5'), tags: ['été', 'a'] });
  await house.place('stop', {
    type: 'STOP_LIMIT',
    price: decimal('111'),
    stopPrice: decimal('110'),
    triggerSource: 'MARK',
  });
  await house.place('too large', { quantity: decimal('1000') });
  const { order } = await house.place('canceled', { price: decimal('98'), quantity: decimal('0.5') });
  await house.send((replyTo) => ({
    to: 'order-processor',
    message: {
      type: 'ReplaceOrder',
      orderId: order!.orderId,
      clientOrderId: 'replaced',
      quantity: decimal('0.6'),
      price: null,
      stopPrice: null,
      replyTo,
    },
  }));
  await house.cancel(order!.orderId, 'cancel');
  await house.draw('BTC-USD', ['97 x 5'], ['98 x 0.2', '98.25 x 0.1']);
  const { cells } = house.house.runtime;
  const states = new Map(
    cells.all.map(({ service, definition, state }) => {
      const writer = new ByteWriter();
      definition.stateCodec.encode(state, writer);
      return [service, { bytes: writer.written().slice(), codec: definition.stateCodec }] as const;
    }),
  );
  const snapshot = house.house.runtime.stateBytes();
  return { groups: house.journal.groups, snapshot, states, scratch: new TestHouse() };
}
