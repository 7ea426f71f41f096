/** `oms start`: its options, and what they mean. */
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

const HELP = `
Market data (--market-data):
  simulated              a seeded random market; simulated:SEED repeats the same one
  replay:FILE            a recorded tape; options follow with commas: replay:FILE,symbol=BTC-USD,speed=1
Venue (--venue):
  simulated              orders trade against the displayed book
  manual                 orders wait for POST /v1/simulation/venue/orders/{orderId}/{ack|fill|…}
Profile (--profile):
  demo                   five accounts with balances and sensible limits
  bench                  1,000 funded accounts BENCH-0001 … (--bench-accounts for another number) with wide limits;
                         durability as always

Examples:
  $ oms start
  $ oms start --port 9000 --data-dir /var/lib/oms --market-data simulated:42
  $ oms start --venue manual --json`;

export interface StartFlags {
  readonly port?: string;
  readonly host: string;
  readonly dataDir?: string;
  readonly marketData: string;
  readonly venue: string;
  readonly profile: string;
  readonly benchAccounts?: string;
  readonly role: string;
  readonly json?: true;
}

export function addStartCommand(program: Command, context: CommandContext): void {
  program
    .command('start')
    .description('start everything in one process')
    .option('--port <n>', 'port to listen on, 0 for any free one (default: $PORT or 8080)')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--data-dir <directory>', 'where the journal lives (default: $OMS_DATA_DIR or ./data)')
    .option('--market-data <source>', 'simulated[:SEED] or replay:FILE[,…]', 'simulated')
    .option('--venue <kind>', 'simulated or manual', 'simulated')
    .option('--profile <name>', 'demo or bench', 'demo')
    .option('--bench-accounts <n>', 'accounts that the profile bench opens (default: 1000)')
    .option('--role <role>', 'which part of the system this process is', 'all')
    .option('--json', 'print one line of JSON once ready')
    .addHelpText('after', HELP)
    .action(async (flags: StartFlags) => {
      const { start } = await import('./start.ts');
      context.exitCode = await start(flags, context);
    });
}
