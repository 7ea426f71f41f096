/**
 * The issuer's files, and the one that programs on the same machine read to sign in by themselves. Apart from the rest,
 * so that a command need not load all of the issuer for it.
 */
import type { Role } from '@oms/ports';
import { readPrivateFile, unusable, writePrivateFile } from './privateFiles.ts';

export const IDENTITY_FILES = {
  identity: 'identity.json',
  keys: 'identity-keys.json',
  grants: 'identity.sqlite',
  localCredentials: 'local-credentials.json',
} as const;

/** `local-credentials.json`: what programs on this machine sign in with. */
export interface LocalCredentials {
  readonly programs: readonly LocalProgram[];
}
export interface LocalProgram {
  readonly clientId: string;
  readonly clientSecret: string;
  readonly roles: readonly Role[];
}

export const writeLocalCredentials = (file: string, credentials: LocalCredentials): void =>
  writePrivateFile(file, `${JSON.stringify(credentials, null, 2)}\n`);

/** Null when there is none. @throws InfrastructureError IDENTITY_FILE_UNUSABLE */
export function readLocalCredentials(file: string): LocalCredentials | null {
  const text = readPrivateFile(file);
  if (text === null) return null;
  try {
    const value = JSON.parse(text) as LocalCredentials;
    if (Array.isArray(value.programs)) return value;
  } catch {
    // Told below, as any other form it should not have.
  }
  throw unusable(file, 'is not what oms wrote');
}
