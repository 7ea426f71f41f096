/** `oms bench`: its options. */
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

export interface BenchFlags {
  readonly duration: string;
  readonly rate?: string;
  readonly connections: string;
  readonly accounts: string;
  readonly warmup: string;
  readonly seed: string;
  readonly url?: string;
  readonly keep?: true;
  readonly json?: true;
}

const HELP = `
Open loop: orders are due on a schedule from the planned rate, and latency runs from the planned send time to the
answer, so a server that falls behind is not spared. Without --rate a ladder of rates is climbed, a fifth of the
duration each. Unless --url is given, a server with the bench profile is started on a temporary data directory,
stopped afterwards, and its journal checked with oms verify: every acknowledged order must be in it.

Examples:
  $ oms bench
  $ oms bench --rate 20000 --duration 30
  $ oms bench --url http://127.0.0.1:8080 --rate 1000 --json`;

export function addBenchCommand(program: Command, context: CommandContext): void {
  program
    .command('bench')
    .description('measure order entry over WebSocket, durable and risk-checked')
    .option('--duration <seconds>', 'measured time, all rates together', '10')
    .option('--rate <n>', 'orders per second (default: a ladder)')
    .option('--connections <n>', 'WebSocket connections', '4')
    .option('--accounts <n>', 'accounts that trade, at most 1000', '100')
    .option('--warmup <seconds>', 'time before the measurement', '2')
    .option('--seed <n>', 'of the orders', '1')
    .option('--url <address>', 'a running server with the bench profile, instead of starting one')
    .option('--keep', 'keep the data directory')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (flags: BenchFlags) => {
      const { bench } = await import('../bench/bench.ts');
      context.exitCode = await bench(flags, context);
    });
}
