/**
 * Fills the journal of a data directory with orders of which a third trades, through the real house, and ends.
 *   node bench/parts/fillJournal.ts DIRECTORY ORDERS
 */
import { openFileJournal } from '@oms/adapter-embedded';
import { FileHouse } from '../suite/benchHouse.ts';
import { assertAnswer, kindOf, OrderFlow } from '../suite/orderFlow.ts';

const ACCOUNTS = 1_000;
const ORDERS_PER_BATCH = 2_000;

const [, , directory, orders] = process.argv;
const { journal } = openFileJournal({ directory: directory! });
const house = await FileHouse.open(ACCOUNTS, journal, null);
const flow = new OrderFlow({ accounts: ACCOUNTS });
const count = Number(orders);
for (let i = 0; i < count; ) {
  for (const end = Math.min(i + ORDERS_PER_BATCH, count); i < end; i++) {
    const kind = kindOf('third', i);
    house.submit(
      (replyTo) => flow.next(kind, replyTo),
      (answer) => assertAnswer(kind, answer),
    );
  }
  await house.settled();
}
await house.house.runtime.stop();
await journal.close();
console.log(JSON.stringify({ orders: count, lastPosition: journal.lastPosition }));
