/**
 * `identity.json`: who may sign in. Users are people, programs sign in by a secret of their own, applications are pages
 * through which people sign in. Secrets are hashes here. A person may edit it; a running server takes up the change.
 */
import { ROLES, type Role } from '@oms/ports';
import { readPrivateFile, unusable, writePrivateFile } from './privateFiles.ts';
import { isSecretHash } from './secrets.ts';

/** A person or a program. */
export interface Subject {
  /** Also the name to sign in with. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  /** "*" for all. */
  readonly accounts: readonly string[] | '*';
  /** As {@link hashSecret} makes it. */
  readonly secret: string;
}

export interface Application {
  readonly id: string;
  readonly name: string;
  /** Where the browser may come back to: paths of this server, such as "/dashboard/", or whole addresses. */
  readonly redirectUris: readonly string[];
}

export interface IdentityDocument {
  readonly version: 1;
  readonly users: readonly Subject[];
  readonly programs: readonly Subject[];
  readonly applications: readonly Application[];
}

const ID = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;
const ACCOUNT_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Null when there is none yet. @throws InfrastructureError IDENTITY_FILE_UNUSABLE, naming the member */
export function readIdentityFile(file: string): IdentityDocument | null {
  const text = readPrivateFile(file);
  if (text === null) return null;
  try {
    return checkDocument(JSON.parse(text));
  } catch (error) {
    throw unusable(file, `cannot be used: ${error instanceof Error ? error.message : String(error)}`);
  }
}

export const writeIdentityFile = (file: string, document: IdentityDocument): void =>
  writePrivateFile(file, `${JSON.stringify(document, null, 2)}\n`);

/** @throws Error naming the member that is wrong */
function checkDocument(value: unknown): IdentityDocument {
  const { version, users, programs, applications } = objectAt('the document', value);
  if (version !== 1) throw new Error('version must be 1');
  const document: IdentityDocument = {
    version,
    users: listAt('users', users).map((user, i) => checkSubject(`users[${i}]`, user)),
    programs: listAt('programs', programs).map((program, i) => checkSubject(`programs[${i}]`, program)),
    applications: listAt('applications', applications).map((entry, i) => checkApplication(`applications[${i}]`, entry)),
  };
  const ids = [...document.users, ...document.programs, ...document.applications].map(({ id }) => id.toLowerCase());
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  // The audit names who acted by this id alone.
  if (twice !== undefined)
    throw new Error(`"${twice}" is there twice; users, programs and applications share their ids`);
  return document;
}

function checkSubject(path: string, value: unknown): Subject {
  const { id, name, roles, accounts, secret } = objectAt(path, value);
  const known = listAt(`${path}.roles`, roles).map((role) => ROLES.find((candidate) => candidate === role));
  if (known.length === 0 || !known.every((role) => role !== undefined)) {
    throw new Error(`${path}.roles must be some of ${ROLES.join(', ')}`);
  }
  const secretText = textAt(`${path}.secret`, secret);
  if (!isSecretHash(secretText)) throw new Error(`${path}.secret is no hash that oms made`);
  return {
    id: idAt(`${path}.id`, id),
    name: textAt(`${path}.name`, name),
    roles: known,
    accounts: accounts === '*' ? '*' : listAt(`${path}.accounts`, accounts).map((id) => accountAt(path, id)),
    secret: secretText,
  };
}

function checkApplication(path: string, value: unknown): Application {
  const { id, name, redirectUris } = objectAt(path, value);
  const uris = listAt(`${path}.redirectUris`, redirectUris).map((uri, i) => textAt(`${path}.redirectUris[${i}]`, uri));
  const wrong = uris.find((uri) => !uri.startsWith('/') && !/^https?:\/\//.test(uri));
  if (wrong !== undefined) throw new Error(`${path}.redirectUris: "${wrong}" is neither a path nor an address`);
  return { id: idAt(`${path}.id`, id), name: textAt(`${path}.name`, name), redirectUris: uris };
}

function objectAt(path: string, value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Error(`${path} must be an object`);
}

function listAt(path: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${path} must be a list`);
}

function textAt(path: string, value: unknown): string {
  if (typeof value === 'string' && value !== '' && value.length <= 500 && !/\p{Cc}/u.test(value)) return value;
  throw new Error(`${path} must be a text`);
}

function idAt(path: string, value: unknown): string {
  if (typeof value === 'string' && ID.test(value)) return value;
  throw new Error(`${path} must be letters, digits and . _ @ -, at most 64`);
}

function accountAt(path: string, value: unknown): string {
  if (typeof value === 'string' && ACCOUNT_ID.test(value)) return value;
  throw new Error(`${path}.accounts must be account ids, or "*"`);
}
