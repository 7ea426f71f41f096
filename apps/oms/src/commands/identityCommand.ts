/** `oms identity …`: keys and passwords of a server's own sign-in. A running server takes up the change by itself. */
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

interface IdentityFlags {
  readonly dataDir?: string;
  readonly json?: true;
}

export function addIdentityCommand(program: Command, context: CommandContext): void {
  const identity = program.command('identity').description("keys and passwords of the server's own sign-in");
  withDirectory(identity.command('rotate-keys'))
    .description('sign with a new key from now on; tokens signed before stay good until they expire')
    .addHelpText('after', '\nExample:\n  $ oms identity rotate-keys --data-dir ./data')
    .action(async (flags: IdentityFlags) => {
      const { rotateKeys } = await import('@oms/identity');
      const keyId = rotateKeys(await directoryOf(flags, context), Date.now());
      await print(flags, context, { keyId }, `Tokens are signed with key ${keyId} from now on.`);
    });
  withDirectory(identity.command('new-password'))
    .description('give a user a new random password, and show it once')
    .argument('<user>')
    .addHelpText('after', '\nExample:\n  $ oms identity new-password trader')
    .action(async (user: string, flags: IdentityFlags) => {
      const { changePassword } = await import('@oms/identity');
      const password = await changePassword(await directoryOf(flags, context), user);
      await print(flags, context, { user, password }, password);
    });
}

const withDirectory = (command: Command): Command =>
  command
    .option('--data-dir <directory>', "the server's data directory (default: $OMS_DATA_DIR or ./data)")
    .option('--json', 'print JSON');

async function directoryOf(flags: IdentityFlags, context: CommandContext): Promise<string> {
  const { localDataDirectory } = await import('../access/localSignIn.ts');
  return localDataDirectory(flags.dataDir, context.environment);
}

async function print(flags: IdentityFlags, context: CommandContext, facts: object, text: string): Promise<void> {
  const { createOutput } = await import('../printing/output.ts');
  const output = createOutput(context.streams, flags.json === true);
  if (output.json) output.jsonLine(facts);
  else output.line(text);
}
