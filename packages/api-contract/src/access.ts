/**
 * Who may call what: the words in which every REST route, WebSocket operation and channel declares it. The server
 * enforces these declarations, docs/reference/access.md shows them, and a test tries every cell of that table.
 */

/** From least to most. A caller may hold several; what any of them allows is allowed. */
export const CALLER_ROLES = ['viewer', 'trader', 'risk-manager', 'admin'] as const;
export type CallerRole = (typeof CALLER_ROLES)[number];

/** Whose accounts a role reaches: those its token names, or every one. */
export const ROLE_REACH: Readonly<Record<CallerRole, 'own' | 'all'>> = {
  viewer: 'own',
  trader: 'own',
  'risk-manager': 'all',
  admin: 'all',
};

/**
 * Where the account is found that has to be within the caller's reach.
 * - `none`: it is about no account.
 * - `path`, `query`, `body`: named there. Another's is refused with 403, whether it exists or not.
 * - `order`: the account of the order. Another's order is answered like one that does not exist.
 * - `shown`: only what is within reach is shown; no account can be named.
 * - `listed`: only what is within reach is shown or touched; an account that is named must be within reach.
 */
export type AccountSource = 'none' | 'path' | 'query' | 'body' | 'order' | 'shown' | 'listed';

export interface GuardedAccess {
  readonly roles: readonly CallerRole[];
  readonly account: AccountSource;
}

/** `anybody`: without a token too. */
export type Access = 'anybody' | GuardedAccess;

const forRoles =
  (...roles: readonly CallerRole[]) =>
  <Source extends AccountSource>(account: Source) => ({ roles, account });

export const readers = forRoles(...CALLER_ROLES);
/** Taking risk: never a risk manager, who watches those who do. */
export const traders = forRoles('trader', 'admin');
/** Taking risk off: whoever may take it, and whoever watches. */
export const cancelers = forRoles('trader', 'risk-manager', 'admin');
export const riskManagers = forRoles('risk-manager', 'admin');
export const admins = forRoles('admin');

/** Whether a value is a declaration at all: what declares nothing must not be served. */
export function isAccess(value: unknown): value is Access {
  if (value === 'anybody') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { roles, account } = value as Partial<GuardedAccess>;
  return Array.isArray(roles) && roles.length > 0 && typeof account === 'string';
}
