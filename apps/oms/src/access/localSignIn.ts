/**
 * How the command line signs in: with a token it was given, else by the credentials that the server keeps for programs
 * on its own machine. Without either it sends no token, which is right for a server without sign-in.
 */
import path from 'node:path';
import { ProgramSignIn, type TokenOption } from '@oms/client';
import { IDENTITY_FILES, type LocalProgram, readLocalCredentials } from '@oms/identity/local';
import type { Role } from '@oms/ports';

type Environment = Readonly<Record<string, string | undefined>>;

/** The data directory of a server on this machine, as `oms start` finds it. */
export const localDataDirectory = (given: string | undefined, environment: Environment): string =>
  path.resolve(given ?? (environment.OMS_DATA_DIR || 'data'));

/** The program of this role; null when the server has made none here. @throws InfrastructureError IDENTITY_FILE_UNUSABLE */
export function localProgram(dataDirectory: string, role: Role): LocalProgram | null {
  const credentials = readLocalCredentials(path.join(dataDirectory, IDENTITY_FILES.localCredentials));
  return credentials?.programs.find(({ roles }) => roles.includes(role)) ?? null;
}

/** What a client of the server at this address is given as its `token`. */
export function localToken(url: string, role: Role, environment: Environment): { readonly token?: TokenOption } {
  if (environment.OMS_TOKEN !== undefined && environment.OMS_TOKEN !== '') return { token: environment.OMS_TOKEN };
  const program = localProgram(localDataDirectory(undefined, environment), role);
  if (program === null) return {};
  const { clientId, clientSecret } = program;
  return { token: new ProgramSignIn({ url, clientId, clientSecret }) };
}
