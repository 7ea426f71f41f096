/**
 * Bytes of heap and of memory outside it that the house keeps per open order, and per order that closed: the difference
 * between N and 2 N orders, each after a full collection, so that what is there anyway does not count and tables that
 * double are met in the middle. The baseline keeps the same terms as plain objects in a Map by order id.
 *   node bench/memory.ts [--orders 200000] [--quick]
 */
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { OrderTerms } from '@oms/domain';
import { MemoryHouse } from './suite/benchHouse.ts';
import { printFigure } from './suite/figure.ts';
import { assertAnswer, OrderFlow, type OrderKind } from './suite/orderFlow.ts';

const ACCOUNTS = 1_000;
const ORDERS_PER_BATCH = 500;

const { values } = parseArgs({
  options: { orders: { type: 'string' }, quick: { type: 'boolean', default: false } },
});
const orders = Number(values.orders ?? (values.quick ? 40_000 : 200_000));

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function bytesKept(): number {
  // What only a finalizer held on to goes with the second.
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function bytesPerOrder(keep: (count: number) => void): number {
  keep(orders);
  const before = bytesKept();
  keep(orders);
  return (bytesKept() - before) / orders;
}

async function measureHouse(kind: OrderKind): Promise<number> {
  const house = await MemoryHouse.open(ACCOUNTS);
  const flow = new OrderFlow({ accounts: ACCOUNTS });
  return bytesPerOrder((count) => {
    for (let i = 0; i < count; ) {
      for (const end = Math.min(i + ORDERS_PER_BATCH, count); i < end; i++) {
        house.submit(
          (replyTo) => flow.next(kind, replyTo),
          (answer) => assertAnswer(kind, answer),
        );
      }
      house.run();
    }
  });
}

interface PlainOrder {
  readonly orderId: string;
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly terms: OrderTerms;
}

function measurePlain(): number {
  const kept = new Map<string, PlainOrder>();
  const flow = new OrderFlow({ accounts: ACCOUNTS });
  return bytesPerOrder((count) => {
    for (let i = 0; i < count; i++) {
      const orderId = `o-0-${kept.size + 1}`;
      const { accountId, clientOrderId, terms } = flow.next('rests', 0);
      kept.set(orderId, { orderId, accountId, clientOrderId, terms });
    }
  });
}

const baseline = { what: 'terms in a Map', value: measurePlain() };
const figure = { unit: 'bytes', better: 'lower', baseline, details: { orders } } as const;
printFigure({ ...figure, figure: 'memory open order', value: await measureHouse('rests') });
printFigure({ ...figure, figure: 'memory closed order', value: await measureHouse('trades') });
