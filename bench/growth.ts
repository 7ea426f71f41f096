/**
 * Whether the rate stays as the house grows: the same steady flow of orders and cancels with a million open orders
 * against a thousand, and with a hundred thousand accounts against a thousand. Each runs in a process of its own, the
 * small and the large one right after each other; the gate is their ratio.
 *   node bench/growth.ts [--quick]
 */
import { parseArgs } from 'node:util';
import { printFigure } from './suite/figure.ts';
import { runPart } from './suite/freshProcess.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const size = values.quick ? ['--orders', '30000', '--warmup', '30000'] : [];
const SMALL = '1000';
const manyOpen = values.quick ? '50000' : '1000000';
const manyAccounts = values.quick ? '10000' : '100000';

async function compare(figure: string, option: string, large: string, what: string): Promise<void> {
  const small = await runPart('flowRate.ts', [option, SMALL, ...size]);
  const grown = await runPart('flowRate.ts', [option, large, ...size]);
  printFigure({
    figure,
    value: grown.ordersPerSecond!,
    unit: 'orders/s',
    better: 'higher',
    baseline: { what, value: small.ordersPerSecond! },
    details: {
      size: Number(large),
      cpuNsPerOrder: grown.cpuNsPerOrder!,
      smallCpuNsPerOrder: small.cpuNsPerOrder!,
      heapMB: grown.heapMB!,
    },
  });
}

await compare('growth open orders', '--open', manyOpen, '1,000 open orders');
await compare('growth accounts', '--accounts', manyAccounts, '1,000 accounts');
