/**
 * What a new data directory starts with: people and programs of every role, each with a random secret. The people's are
 * shown once; the programs' are also kept in a file of their own, so that the command line signs in by itself.
 */
import type { Role } from '@oms/ports';
import type { IdentityDocument, Subject } from './identityFile.ts';
import type { LocalCredentials } from './localCredentials.ts';
import { HASH_COSTS, type HashCosts, hashSecret, newClientSecret, newPassword } from './secrets.ts';

/** To be shown once and kept nowhere. */
export interface FirstSignIn {
  readonly users: readonly { readonly id: string; readonly roles: readonly Role[]; readonly password: string }[];
}

type Entry = Omit<Subject, 'secret'>;

const everybody = (traderAccounts: readonly string[]) => {
  const entry = (id: string, name: string, role: Role): Entry => ({
    id,
    name,
    roles: [role],
    accounts: role === 'trader' ? traderAccounts : '*',
  });
  return {
    users: [
      entry('viewer', 'Viewer', 'viewer'),
      entry('trader', 'Trader', 'trader'),
      entry('risk', 'Risk manager', 'risk-manager'),
      entry('risk2', 'Second risk manager', 'risk-manager'),
      entry('admin', 'Administrator', 'admin'),
    ],
    programs: [
      entry('oms-viewer', 'Command line, viewing', 'viewer'),
      entry('oms-trader', 'Command line, trading', 'trader'),
      entry('oms-risk-manager', 'Command line, risk', 'risk-manager'),
      entry('oms-admin', 'Command line, administration', 'admin'),
    ],
  };
};

const APPLICATIONS: IdentityDocument['applications'] = [
  {
    id: 'oms-dashboard',
    name: 'crypto-oms dashboard',
    redirectUris: ['/', '/dashboard/', '/docs/api/static/oauth2-redirect.html'],
  },
];

/** @param traderAccounts what the trader, the person and the program, may trade for */
export async function makeFirstIdentity(traderAccounts: readonly string[], costs: HashCosts = HASH_COSTS) {
  const { users, programs } = everybody(traderAccounts);
  const people = users.map((user) => ({ user, password: newPassword() }));
  const machines = programs.map((program) => ({ program, clientSecret: newClientSecret() }));
  const document: IdentityDocument = {
    version: 1,
    users: await Promise.all(
      people.map(async ({ user, password }) => ({ ...user, secret: await hashSecret(password, costs.password) })),
    ),
    programs: await Promise.all(
      machines.map(async ({ program, clientSecret }) => ({
        ...program,
        secret: await hashSecret(clientSecret, costs.clientSecret),
      })),
    ),
    applications: APPLICATIONS,
  };
  const shown: FirstSignIn = {
    users: people.map(({ user, password }) => ({ id: user.id, roles: user.roles, password })),
  };
  const local: LocalCredentials = {
    programs: machines.map(({ program, clientSecret }) => ({
      clientId: program.id,
      clientSecret,
      roles: program.roles,
    })),
  };
  return { document, shown, local };
}
