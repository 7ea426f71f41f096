/**
 * Who a caller is, as a token says it, and the port that reads tokens. What a role may do is the order API's business;
 * how a token is signed and where its keys come from is the verifier's.
 */

/** What a person or program is allowed to do, from least to most; a principal may hold several. */
export const ROLES = ['viewer', 'trader', 'risk-manager', 'admin'] as const;
export type Role = (typeof ROLES)[number];

export interface Principal {
  /** Stable id of the person or program: the actor in the audit. */
  readonly subject: string;
  /** To be shown to people; falls back to the subject. */
  readonly name: string;
  /** At least one. */
  readonly roles: readonly Role[];
  /** The accounts a trader or viewer may act for or see. */
  readonly accounts: readonly string[] | 'all';
  /** Epoch milliseconds from which the token counts for nothing, whatever was verified before. */
  readonly expiresAt: number;
  /** The token's jti, or a hash of it: names one token in the audit, never the token itself. */
  readonly tokenId: string;
}

export interface TokenVerifier {
  /**
   * At once when this very token was verified a moment ago, else a promise. Never throws and never rejects.
   * @returns null when the token is refused: why is told to the verifier's own listener, never to the caller
   */
  verify(token: string): Principal | null | Promise<Principal | null>;
  /** Whether the token by this id was revoked since: asked of long connections, which verified once. */
  isRevoked(tokenId: string): boolean;
  /** Stops refreshing keys; what is asked afterwards is refused. */
  close(): void;
}

/** What happened at sign-in, for the audit. Never holds a secret, a token or a code. */
export interface AccessFact {
  readonly action: AccessAction;
  /** Subject or client id as far as it is known; null when nobody was recognised. */
  readonly actor: string | null;
  /** The peer's address; null where there is none (a key rotated by age). */
  readonly address: string | null;
  readonly outcome: 'ALLOWED' | 'REFUSED';
  /** Short named facts: client, grant, reason. */
  readonly details: Readonly<Record<string, string>>;
}
export type AccessAction = 'SIGN_IN' | 'SIGN_OUT' | 'TOKEN_ISSUED' | 'TOKEN_REVOKED' | 'KEYS_ROTATED';
