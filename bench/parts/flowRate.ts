/**
 * The rate of one steady flow in memory: a third of the orders trades; each other one rests, and an order picked at random
 * from all open ones is canceled for it, so that their number stays. Prints orders placed per second as JSON.
 *   node bench/parts/flowRate.ts [--open 1000] [--accounts 1000] [--hot-share 0] [--orders 200000] [--warmup 100000]
 */
import { parseArgs } from 'node:util';
import type { CommandAnswer } from '@oms/ports';
import { accountIdOf, MemoryHouse } from '../suite/benchHouse.ts';
import { assertAnswer, kindOf, OrderFlow } from '../suite/orderFlow.ts';

const ORDERS_PER_BATCH = 500;

const { values } = parseArgs({
  options: {
    open: { type: 'string', default: '1000' },
    accounts: { type: 'string', default: '1000' },
    'hot-share': { type: 'string', default: '0' },
    orders: { type: 'string', default: '200000' },
    warmup: { type: 'string', default: '100000' },
  },
});
const accounts = Number(values.accounts);
const openOrders = Number(values.open);
const house = await MemoryHouse.open(accounts);
const flow = new OrderFlow({ accounts, hotShare: Number(values['hot-share']) });
const openIds: string[] = [];
let random = 1;

/** The same picks in every run. */
function pickOpen(): number {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return Math.floor((random / 2 ** 32) * openIds.length);
}

function rest(slot: number): void {
  house.submit(
    (replyTo) => flow.next('rests', replyTo),
    (answer) => {
      assertAnswer('rests', answer);
      openIds[slot] = answer.orderId!;
    },
  );
}

function assertAccepted(answer: CommandAnswer): void {
  if (answer.outcome !== 'ACCEPTED') throw new Error(`a cancel was answered ${answer.outcome}`);
}

function cancel(orderId: string): void {
  house.submit(
    (replyTo) => ({ type: 'CancelOrder', orderId, clientOrderId: null, origin: 'CLIENT', replyTo }),
    assertAccepted,
  );
}

function run(count: number): void {
  const picked = new Set<number>();
  for (let i = 0; i < count; ) {
    picked.clear();
    for (const end = Math.min(i + ORDERS_PER_BATCH, count); i < end; i++) {
      if (kindOf('third', i) === 'trades') {
        house.submit(
          (replyTo) => flow.next('trades', replyTo),
          (answer) => assertAnswer('trades', answer),
        );
        continue;
      }
      let slot = pickOpen();
      while (picked.has(slot)) slot = pickOpen();
      picked.add(slot);
      cancel(openIds[slot]!);
      rest(slot);
    }
    house.run();
  }
}

for (let i = 0; i < openOrders; ) {
  for (const end = Math.min(i + ORDERS_PER_BATCH, openOrders); i < end; i++) rest(i);
  house.run();
}
// Every account has had its first orders before anything counts.
run(Math.max(Number(values.warmup), 2 * accounts));
const orders = Number(values.orders);
const cpuBefore = process.cpuUsage();
const startedAt = performance.now();
run(orders);
const seconds = (performance.now() - startedAt) / 1_000;
const cpu = process.cpuUsage(cpuBefore);
const stillOpen = Array.from({ length: accounts }, (_, i) => house.house.openOrders(accountIdOf(i)).length);
const openCount = stillOpen.reduce((sum, count) => sum + count, 0);
if (openCount !== openOrders) throw new Error(`${openCount} orders are open, not ${openOrders}`);
console.log(
  JSON.stringify({
    ordersPerSecond: orders / seconds,
    cpuNsPerOrder: (1_000 * (cpu.user + cpu.system)) / orders,
    heapMB: process.memoryUsage().heapUsed / 1e6,
  }),
);
