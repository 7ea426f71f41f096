/**
 * Brings sign-in together: the embedded issuer with a verifier that shares its keys, or a verifier for the issuer of
 * somebody else, or nothing. The API asks the verifier; the issuer's pages are mounted beside the API's routes.
 */
import { EMBEDDED_ALGORITHM, localKeys, OidcTokenVerifier, RemoteKeys, type TokenRules } from '@oms/adapter-oidc';
import type { FirstSignIn, Identity } from '@oms/identity';
import type { AccessFact, Clock, Scheduler, TokenVerifier } from '@oms/ports';
import type { FastifyInstance } from 'fastify';
import type { AuthSettings, OutsideIssuer } from './authSettings.ts';
import { mountIdentity } from './mountIdentity.ts';

export interface AccessOptions {
  readonly auth: AuthSettings;
  readonly dataDirectory: string;
  /** Of a new data directory: the first trader may trade for all of them but the last, which is somebody else's. */
  readonly accounts: readonly string[];
  readonly scheduler: Scheduler;
  /** Told of every sign-in, token and key, for the audit. */
  readonly onAudit?: (fact: AccessFact) => void;
  readonly onNotice: (notice: { readonly code: string; readonly message: string }) => void;
}

export interface Access {
  /** Null: everybody may do everything. */
  readonly verifier: TokenVerifier | null;
  /** How a page of ours signs people in; null: it cannot, or nobody has to. */
  readonly browserSignIn: BrowserSignIn | null;
  /** The passwords of a new data directory, to be shown once. */
  readonly firstSignIn: FirstSignIn | null;
  /** Before the server listens. */
  mount(app: FastifyInstance): void;
  /** From here on people and programs can sign in. @param publicUrl where they reach the server */
  listensAt(publicUrl: string): void;
  close(): void;
}

export interface BrowserSignIn {
  /** The issuer's address; empty: this server. */
  readonly authority: string;
  readonly clientId: string;
  readonly scope: string;
}

/** Tokens count in the world's time, also where the house's own clock stands still because that was set back. */
const WORLD_CLOCK: Clock = { now: () => Date.now() };
const CLOCK_TOLERANCE_MS = 5_000;
const OUTSIDE_CLOCK_TOLERANCE_MS = 30_000;

/** @throws InfrastructureError IDENTITY_FILE_UNUSABLE */
export async function openAccess(options: AccessOptions): Promise<Access> {
  if (options.auth === 'off') return WITHOUT_SIGN_IN;
  return options.auth === 'embedded' ? openEmbedded(options) : openOutside(options, options.auth);
}

const WITHOUT_SIGN_IN: Access = {
  verifier: null,
  browserSignIn: null,
  firstSignIn: null,
  mount: () => {},
  listensAt: () => {},
  close: () => {},
};

async function openEmbedded(options: AccessOptions): Promise<Access> {
  const { scheduler, accounts, onAudit, onNotice } = options;
  const onFault = (fault: unknown) =>
    onNotice({
      code: 'SIGN_IN_FAULT',
      message: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault),
    });
  // The protocol's library is loaded only where it is needed.
  const { API_AUDIENCE, openIdentity } = await import('@oms/identity');
  const identity: Identity = await openIdentity({
    directory: options.dataDirectory,
    clock: WORLD_CLOCK,
    scheduler,
    traderAccounts: accounts.slice(0, -1),
    onAudit: (fact) => {
      tellOperator(fact, onNotice);
      onAudit?.(fact);
    },
    onFault,
    onRevoked: (tokenId) => verifier.forget(tokenId),
  });
  const verifier = new OidcTokenVerifier({
    clock: WORLD_CLOCK,
    keys: localKeys(() => identity.publicKeys()),
    isRevoked: (tokenId) => identity.isRevoked(tokenId),
    rules: {
      issuer: () => identity.issuer,
      audiences: [API_AUDIENCE],
      algorithms: [EMBEDDED_ALGORITHM],
      tokenType: 'at+jwt',
      clockToleranceMs: CLOCK_TOLERANCE_MS,
      roleClaim: 'roles',
      roleMap: null,
      accountsClaim: 'accounts',
    },
  });
  return {
    verifier,
    browserSignIn: { authority: '', clientId: 'oms-dashboard', scope: 'openid profile api' },
    firstSignIn: identity.firstSignIn,
    mount: (app) => mountIdentity(app, (request, response, peer) => identity.handle(request, response, peer)),
    listensAt: (publicUrl) => identity.listensAt(publicUrl),
    close: () => {
      verifier.close();
      identity.close();
    },
  };
}

/** What is refused, and new keys, are worth a line in the log; the audit keeps the rest as well. */
function tellOperator({ action, actor, address, outcome, details }: AccessFact, tell: AccessOptions['onNotice']): void {
  if (outcome === 'ALLOWED' && action !== 'KEYS_ROTATED') return;
  tell({ code: `${action}_${outcome}`, message: JSON.stringify({ actor, address, ...details }) });
}

function openOutside({ onNotice }: AccessOptions, settings: OutsideIssuer): Access {
  const { issuer, audiences, tokenType, roleClaim, roleMap, accountsClaim } = settings;
  const onFailure = ({ code, message }: { readonly code: string; readonly message: string }) =>
    onNotice({ code, message });
  const rules: TokenRules = {
    ...{ audiences, tokenType, roleClaim, accountsClaim },
    issuer: () => issuer,
    algorithms: ['RS256', 'ES256', 'EdDSA'],
    clockToleranceMs: OUTSIDE_CLOCK_TOLERANCE_MS,
    roleMap: roleMap === null ? null : new Map(Object.entries(roleMap)),
  };
  const keys = new RemoteKeys({ issuer, clock: WORLD_CLOCK, onFailure });
  const verifier = new OidcTokenVerifier({ clock: WORLD_CLOCK, keys, rules });
  const { dashboardClientId: clientId } = settings;
  const browserSignIn = clientId === null ? null : { authority: issuer, clientId, scope: 'openid profile' };
  return { ...WITHOUT_SIGN_IN, verifier, browserSignIn, close: () => verifier.close() };
}
