/** Signs in as a program of this machine and prints the token; nothing else goes to the output. */
import { ProgramSignIn } from '@oms/client';
import { ROLES } from '@oms/ports';
import { localDataDirectory, localProgram } from '../access/localSignIn.ts';
import { CommandError, usageError } from '../commandError.ts';
import type { CommandContext } from '../main.ts';
import { createOutput } from '../printing/output.ts';
import type { TokenFlags } from './tokenCommand.ts';

export async function printToken(flags: TokenFlags, context: CommandContext): Promise<number> {
  const role = ROLES.find((candidate) => candidate === flags.role);
  if (role === undefined) throw usageError(`--role must be one of ${ROLES.join(', ')}, not "${flags.role}".`);
  if (!/^https?:$/.test(URL.parse(flags.server)?.protocol ?? '')) {
    throw usageError(`--server must be an http address such as http://127.0.0.1:8080, not "${flags.server}".`);
  }
  const directory = localDataDirectory(flags.dataDir, context.environment);
  const program = localProgram(directory, role);
  if (program === null) {
    throw new CommandError(
      'NO_CREDENTIALS',
      `There is no program with role ${role} in ${directory}.`,
      "Give the server's data directory with --data-dir; with another issuer, get the token there.",
    );
  }
  const { clientId, clientSecret } = program;
  const signedIn = await new ProgramSignIn({ url: flags.server, clientId, clientSecret }).signIn();
  if (signedIn === null) {
    throw new CommandError('NO_SIGN_IN', `${flags.server} asks for no token.`, 'It was started without sign-in.');
  }
  const { accessToken, expiresAt } = signedIn;
  const output = createOutput(context.streams, flags.json === true);
  if (output.json) output.jsonLine({ accessToken, expiresAt: new Date(expiresAt).toISOString() });
  else output.line(accessToken);
  return 0;
}
