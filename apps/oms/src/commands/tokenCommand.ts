/** `oms token`: its options, and what they mean. */
import type { Command } from 'commander';
import type { CommandContext } from '../main.ts';

const HELP = `
Signs in as the program of a role, with the credentials that the server keeps in its data directory for programs on
the same machine, and prints an access token. It is good for 15 minutes.

Examples:
  $ curl -H "Authorization: Bearer $(npx oms token)" http://127.0.0.1:8080/v1/accounts
  $ oms token --role risk-manager --json`;

export interface TokenFlags {
  readonly role: string;
  readonly server: string;
  readonly dataDir?: string;
  readonly json?: true;
}

export function addTokenCommand(program: Command, context: CommandContext): void {
  program
    .command('token')
    .description('sign in as a program and print an access token')
    .option('--role <role>', 'viewer, trader, risk-manager or admin', 'trader')
    .option('--server <address>', 'where the server is', 'http://127.0.0.1:8080')
    .option('--data-dir <directory>', "the server's data directory (default: $OMS_DATA_DIR or ./data)")
    .option('--json', 'print {accessToken, expiresAt}')
    .addHelpText('after', HELP)
    .action(async (flags: TokenFlags) => {
      const { printToken } = await import('./token.ts');
      context.exitCode = await printToken(flags, context);
    });
}
