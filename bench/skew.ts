/**
 * A hot account: half the orders of a steady flow come from one of a thousand accounts, against the same flow spread
 * evenly. Each runs in a process of its own, right after each other; the gate is their ratio.
 *   node bench/skew.ts [--quick]
 */
import { parseArgs } from 'node:util';
import { printFigure } from './suite/figure.ts';
import { runPart } from './suite/freshProcess.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });
const size = values.quick ? ['--orders', '30000', '--warmup', '30000'] : [];
const HOT_SHARE = '0.5';
const OPEN_ORDERS = '10000';

const even = await runPart('flowRate.ts', ['--open', OPEN_ORDERS, ...size]);
const skewed = await runPart('flowRate.ts', ['--open', OPEN_ORDERS, '--hot-share', HOT_SHARE, ...size]);
printFigure({
  figure: 'skew',
  value: skewed.ordersPerSecond!,
  unit: 'orders/s',
  better: 'higher',
  baseline: { what: 'an even spread', value: even.ordersPerSecond! },
  details: { cpuNsPerOrder: skewed.cpuNsPerOrder!, evenCpuNsPerOrder: even.cpuNsPerOrder! },
});
