/** What `oms identity` does to the files of a data directory; a running server takes it up by itself. */
import path from 'node:path';
import { InfrastructureError } from '@oms/ports';
import { readIdentityFile, writeIdentityFile } from './identityFile.ts';
import { RETIRED_KEY_KEPT_MS, readKeyRing, rotate, writeKeyRing } from './keyRing.ts';
import { IDENTITY_FILES } from './localCredentials.ts';
import { unusable } from './privateFiles.ts';
import { HASH_COSTS, hashSecret, newPassword } from './secrets.ts';

/** A new key signs from now on. @returns its id */
export function rotateKeys(directory: string, now: number): string {
  const file = path.join(directory, IDENTITY_FILES.keys);
  const ring = readKeyRing(file);
  if (ring === null) throw unusable(file, 'is not there: the server was never started with its own sign-in');
  const rotated = rotate(ring, now, RETIRED_KEY_KEPT_MS);
  writeKeyRing(file, rotated);
  return rotated.signing[0]!.keyId;
}

/** @returns the new password, which is shown once and kept nowhere */
export async function changePassword(directory: string, userId: string): Promise<string> {
  const file = path.join(directory, IDENTITY_FILES.identity);
  const document = readIdentityFile(file);
  if (document === null) throw unusable(file, 'is not there: the server was never started with its own sign-in');
  if (!document.users.some(({ id }) => id === userId)) {
    const known = document.users.map(({ id }) => id).join(', ');
    throw new InfrastructureError('CONFIGURATION_INVALID', `There is no user "${userId}"; there are ${known}.`);
  }
  const password = newPassword();
  const secret = await hashSecret(password, HASH_COSTS.password);
  const users = document.users.map((user) => (user.id === userId ? { ...user, secret } : user));
  writeIdentityFile(file, { ...document, users });
  return password;
}
