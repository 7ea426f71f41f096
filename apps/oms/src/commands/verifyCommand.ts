/** `oms verify`: checks a data directory from the outside, with its own reading of the journal. */
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

export interface VerifyFlags {
  readonly dataDir?: string;
  readonly json?: true;
}

export function addVerifyCommand(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('check the journal of a data directory; the exit code is 1 when anything is wrong')
    .option('--data-dir <directory>', 'which one (default: $OMS_DATA_DIR or ./data)')
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ oms verify\n  $ oms verify --data-dir /var/lib/oms --json')
    .action(async (flags: VerifyFlags) => {
      const { verify } = await import('./verify.ts');
      context.exitCode = await verify(flags, context);
    });
}
