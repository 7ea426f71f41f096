/**
 * The core alone: place → risk → venue acknowledgement → fill through the real actors and codecs on one thread, for a
 * thousand accounts, with a journal that only counts. The baseline keeps plain records in a Map in the same process:
 * what this machine's memory would let nobody beat by much.
 *   node bench/core.ts [orders] [--mix third|all|none|refused] [--quick]
 */
import { parseArgs } from 'node:util';
import { MemoryHouse } from './suite/benchHouse.ts';
import { printFigure } from './suite/figure.ts';
import { assertAnswer, kindOf, MIXES, type Mix, OrderFlow } from './suite/orderFlow.ts';
import { measureYardstick } from './suite/yardstick.ts';

const ACCOUNTS = 1_000;
const ORDERS_PER_BATCH = 500;

const { values, positionals } = parseArgs({
  options: { mix: { type: 'string', default: 'third' }, quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const mix = MIXES.find((known) => known === values.mix);
if (mix === undefined) throw new Error(`--mix is one of ${MIXES.join(', ')}`);
const orders = Number(positionals[0] ?? (values.quick ? 50_000 : 300_000));
/** Until the compiler has settled; not part of the figure. */
const warmupOrders = values.quick ? 50_000 : 200_000;

function place(house: MemoryHouse, flow: OrderFlow, mix: Mix, count: number): void {
  let answered = 0;
  for (let i = 0; i < count; ) {
    for (const end = Math.min(i + ORDERS_PER_BATCH, count); i < end; i++) {
      const kind = kindOf(mix, i);
      house.submit(
        (replyTo) => flow.next(kind, replyTo),
        (answer) => {
          answered++;
          assertAnswer(kind, answer);
        },
      );
    }
    house.run();
  }
  if (answered !== count) throw new Error(`${answered} of ${count} orders were answered`);
}

const { keptRecordsPerSecond, keptRecordCpuNs } = measureYardstick();
const house = await MemoryHouse.open(ACCOUNTS);
const flow = new OrderFlow({ accounts: ACCOUNTS });
place(house, flow, mix, warmupOrders);

const before = { records: house.journal.lastPosition, bytes: house.journal.bytes, at: performance.now() };
const cpuBefore = process.cpuUsage();
const threadBefore = process.threadCpuUsage();
place(house, flow, mix, orders);
const seconds = (performance.now() - before.at) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
const thread = process.threadCpuUsage(threadBefore);

const records = house.journal.lastPosition - before.records;
const journalBytes = house.journal.bytes - before.bytes;
printFigure({
  figure: `core ${mix}`,
  value: orders / seconds,
  unit: 'orders/s',
  better: 'higher',
  baseline: { what: 'plain records in a Map', value: keptRecordsPerSecond },
  details: { recordsPerOrder: records / orders, journalBytesPerOrder: journalBytes / orders, orders },
});
// What a busy machine disturbs least. The collector's and the compiler's threads count.
printFigure({
  figure: `core ${mix} cpu`,
  value: (1_000 * (cpu.user + cpu.system)) / orders,
  unit: 'ns/order',
  better: 'lower',
  baseline: { what: 'plain records in a Map', value: keptRecordCpuNs },
  details: { mainThreadNsPerOrder: (1_000 * (thread.user + thread.system)) / orders, orders },
});
