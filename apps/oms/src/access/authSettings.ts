/** Who signs callers in: the server's own issuer, another one, or nobody. Read from the environment and checked. */
import type { Role } from '@oms/ports';
import { ROLES } from '@oms/ports';
import { usageError } from '../commandError.ts';
import { listOf, textOf } from './settingText.ts';

/** An issuer of somebody else: Amazon Cognito or any other that publishes its keys by OpenID Connect discovery. */
export interface OutsideIssuer {
  /** As in the tokens. */
  readonly issuer: string;
  /** Audiences, or with Cognito client ids, that tokens may be for. */
  readonly audiences: readonly string[];
  readonly tokenType: 'at+jwt' | 'jwt' | 'cognito';
  readonly roleClaim: string;
  /** From the issuer's words to our roles; null: the claim holds our roles. */
  readonly roleMap: Readonly<Record<string, Role>> | null;
  readonly accountsClaim: string;
  /** Through which the dashboard signs people in: a public client of the issuer. Null: it does not. */
  readonly dashboardClientId: string | null;
}

export type AuthSettings = 'embedded' | 'off' | OutsideIssuer;

type Environment = Readonly<Record<string, string | undefined>>;

const TOKEN_TYPES = ['at+jwt', 'jwt', 'cognito'] as const;
const COGNITO_HOST = /^cognito-idp\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/;

/** What OMS_AUTH and OMS_AUTH_ISSUER say; `fallback` when neither is set. @throws CommandError with exit code 2 */
export function readAuthSettings(environment: Environment, fallback: 'embedded' | 'off'): AuthSettings {
  const mode = textOf(environment.OMS_AUTH);
  const issuer = textOf(environment.OMS_AUTH_ISSUER);
  if (mode !== null && mode !== 'embedded' && mode !== 'off') {
    throw usageError(`OMS_AUTH must be embedded or off, not "${mode}".`, 'For another issuer set OMS_AUTH_ISSUER.');
  }
  if (issuer === null) return mode ?? fallback;
  if (mode !== null) throw usageError('Set either OMS_AUTH or OMS_AUTH_ISSUER, not both.');
  return readOutsideIssuer(issuer, environment);
}

function readOutsideIssuer(issuer: string, environment: Environment): OutsideIssuer {
  const url = URL.parse(issuer);
  if (url === null || !isSafe(url) || url.search !== '' || url.hash !== '') {
    throw usageError(`OMS_AUTH_ISSUER must be an https address, not "${issuer}".`);
  }
  const audiences = listOf(environment.OMS_AUTH_AUDIENCE);
  if (audiences.length === 0) {
    throw usageError(
      'OMS_AUTH_AUDIENCE is missing: without it, tokens for any other service would count here too.',
      'Set it to the audience of your access tokens (with Cognito: the app client id); several with commas.',
    );
  }
  const isCognito = COGNITO_HOST.test(url.hostname);
  const tokenType = textOf(environment.OMS_AUTH_TOKEN_TYPE) ?? (isCognito ? 'cognito' : 'at+jwt');
  const known = TOKEN_TYPES.find((type) => type === tokenType);
  if (known === undefined) throw usageError(`OMS_AUTH_TOKEN_TYPE must be one of ${TOKEN_TYPES.join(', ')}.`);
  return {
    issuer,
    audiences,
    tokenType: known,
    roleClaim: textOf(environment.OMS_AUTH_ROLE_CLAIM) ?? (known === 'cognito' ? 'cognito:groups' : 'roles'),
    roleMap: readRoleMap(environment.OMS_AUTH_ROLE_MAP, known),
    accountsClaim: textOf(environment.OMS_AUTH_ACCOUNTS_CLAIM) ?? 'accounts',
    dashboardClientId: textOf(environment.OMS_AUTH_DASHBOARD_CLIENT),
  };
}

/** `Traders=trader,RiskDesk=risk-manager`. Groups of a pool that are no roles of ours are ignored. */
function readRoleMap(value: string | undefined, tokenType: OutsideIssuer['tokenType']): OutsideIssuer['roleMap'] {
  const pairs = listOf(value);
  // A user pool's groups serve other purposes too, so there our roles are looked for among them.
  if (pairs.length === 0) return tokenType === 'cognito' ? Object.fromEntries(ROLES.map((role) => [role, role])) : null;
  return Object.fromEntries(
    pairs.map((pair) => {
      const at = pair.lastIndexOf('=');
      const role = ROLES.find((candidate) => candidate === pair.slice(at + 1).trim());
      if (at > 0 && role !== undefined) return [pair.slice(0, at).trim(), role];
      throw usageError(`OMS_AUTH_ROLE_MAP: "${pair}" is not GROUP=ROLE with a role of ${ROLES.join(', ')}.`);
    }),
  );
}

/** Keys that came over an open line would be anybody's. */
const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname));
