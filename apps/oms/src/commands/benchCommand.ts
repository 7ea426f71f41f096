/** `oms bench`: its options. */
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

export interface BenchFlags {
  readonly transport: string;
  readonly rate?: string;
  readonly ladder?: string;
  readonly duration: string;
  readonly warmup: string;
  readonly overload?: true;
  readonly connections?: string;
  readonly batch?: string;
  readonly accounts: string;
  readonly symbols?: string;
  readonly mix: string;
  readonly trades: string;
  readonly skew: string;
  readonly seed: string;
  /** False with --no-baseline. */
  readonly baseline: boolean;
  readonly url?: string;
  readonly keep?: true;
  readonly html?: string;
  readonly json?: true;
}

const HELP = `
Open loop: requests are due on a schedule from the planned rate, and latency runs from the planned send time to the
answer, so a server that falls behind is not spared. Without --rate a ladder of rates is climbed, with equal shares of
the duration. Unless --url is given, a server with the bench profile is started on a temporary data directory, stopped
afterwards, and its journal checked with oms verify: everything acknowledged must be in it, once. The exit code is 0
only when it is.

Examples:
  $ oms bench
  $ oms bench --rate 50000 --duration 60 --html report.html
  $ oms bench --transport rest-batch --batch 100 --ladder 10000,20000,40000
  $ oms bench --rate 20000 --mix new:80,replace:10,cancel:10 --skew 0.5
  $ oms bench --overload --ladder 20000,40000,60000
  $ oms bench --url http://127.0.0.1:8080 --rate 1000 --json`;

export function addBenchCommand(program: Command, context: CommandContext): void {
  program
    .command('bench')
    .description('measure order entry, durable and risk-checked')
    .option('--transport <name>', 'ws, rest or rest-batch', 'ws')
    .option('--rate <n>', 'orders per second (default: a ladder)')
    .option('--ladder <rates>', 'rising rates with commas between them')
    .option('--duration <seconds>', 'measured time, all rates together', '30')
    .option('--warmup <seconds>', 'time before the measurement, at a rising rate', '10')
    .option('--overload', 'then twice the highest sustained rate, with cancels and a kill switch measured apart')
    .option('--connections <n>', 'connections (default: 4; rest 16)')
    .option('--batch <n>', 'orders per request of rest-batch (default: 100)')
    .option('--accounts <n>', 'accounts that trade, at most 100000', '100')
    .option('--symbols <n>', 'instruments (default: all)')
    .option('--mix <parts>', 'what the requests are', 'new:100')
    .option('--trades <share>', 'share of new orders priced to trade', '0.33')
    .option('--skew <share>', 'share of new orders on one account', '0')
    .option('--seed <n>', 'of the orders', '1')
    .option('--no-baseline', 'do not measure a bare server and the raw disk for comparison')
    .option('--url <address>', 'a running server with the bench profile, instead of starting one')
    .option('--keep', 'keep the data directory')
    .option('--html <file>', 'write a report with charts')
    .option('--json', 'print JSON')
    .addHelpText('after', HELP)
    .action(async (flags: BenchFlags) => {
      const { bench } = await import('../bench/bench.ts');
      context.exitCode = await bench(flags, context);
    });
}
