/** `oms simulate`: its options. */
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

export interface SimulateFlags {
  readonly seed?: string;
  readonly seeds?: string;
  readonly minutes: string;
  readonly focus?: string;
  readonly workers?: string;
  readonly trace?: true;
  readonly json?: true;
}

const HELP = `
The whole house in one process, on simulated time: real journal, actors, risk, venue and command desk, on a disk that
tears and loses writes, a clock that jumps, messages that are lost or come twice, and a process that dies anywhere.
An independent auditor knows what clients sent and were told, and reads the journal with its own decoder. The same seed
gives the same run to the last byte. The exit code is 1 when anything did not hold; every failing seed is printed with
the command that runs it again.

Examples:
  $ oms simulate
  $ oms simulate --seed 42 --minutes 5
  $ oms simulate --seeds 1..10000 --workers 4 --json
  $ oms simulate --seed 42 --trace | less`;

export function addSimulateCommand(program: Command, context: CommandContext): void {
  program
    .command('simulate')
    .description('run the house on simulated time under faults, and check that nothing is lost and nothing twice')
    .option('--seed <n>', 'one seed')
    .option('--seeds <range>', 'many: 1..100 (default: 1..20)')
    .option('--minutes <n>', 'simulated minutes of faults a seed', '1')
    .option('--focus <kind>', 'faults that every seed must have: disk, messages, clock or venue')
    .option('--workers <n>', 'threads (default: one a core)')
    .option('--trace', 'print everything that happens in the one seed')
    .option('--json', 'print one line of JSON, the same whenever it is run')
    .addHelpText('after', HELP)
    .action(async (flags: SimulateFlags) => {
      const { simulate } = await import('./simulate.ts');
      context.exitCode = await simulate(flags, context);
    });
}
