/** `oms verify`: checks a data directory from the outside, with its own reading of the journal. */
import type { Head } from '@oms/verifier';
import { type Command, InvalidArgumentError } from 'commander';
import type { CommandContext } from '../main.ts';

export interface VerifyFlags {
  readonly dataDir?: string;
  readonly anchor?: readonly Head[];
  readonly json?: true;
}

/** @throws InvalidArgumentError when the text is not POSITION:HASH, or the position is no safe integer */
function readAnchor(text: string, earlier: readonly Head[] = []): readonly Head[] {
  const [, digits, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text) ?? [];
  if (digits === undefined || hash === undefined) {
    throw new InvalidArgumentError('It is a position, a colon and 64 hexadecimal digits.');
  }
  return [...earlier, { position: Number(digits), hash: hash.toLowerCase() }];
}

export function addVerifyCommand(program: Command, context: CommandContext): void {
  program
    .command('verify')
    .description('check the journal of a data directory; the exit code is 1 when anything is wrong')
    .option('--data-dir <directory>', 'which one (default: $OMS_DATA_DIR or ./data)')
    .option(
      '--anchor <position:hash>',
      'a head that was noted earlier and must still be in the journal; may be repeated',
      readAnchor,
    )
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExamples:\n  $ oms verify\n  $ oms verify --data-dir /var/lib/oms --json')
    .action(async (flags: VerifyFlags) => {
      const { verify } = await import('./verify.ts');
      context.exitCode = await verify(flags, context);
    });
}
