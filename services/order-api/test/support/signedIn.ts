/** A token verifier that knows the tokens a test gave out, and requests and connections that carry them. */
import type { Principal, Role, TokenVerifier } from '@oms/ports';
import type { OrderApiOptions } from '../../src/index.ts';
import { type ApiUnderTest, apiUnderTest } from './apiUnderTest.ts';
import { anOrder } from './houseDouble.ts';

export const OWN_ORDER = 'o-0-1';
export const OTHER_ORDER = 'o-0-2';

export class KnownTokens implements TokenVerifier {
  readonly #principals = new Map<string, Principal>();
  readonly revoked = new Set<string>();
  /** Answers later instead of at once. */
  slow = false;

  /** @returns the token */
  give(
    over: Partial<Principal> & { readonly roles: readonly Role[] },
    token = over.subject ?? over.roles.join('+'),
  ): string {
    this.#principals.set(token, {
      subject: token,
      name: token,
      accounts: ['A'],
      expiresAt: Number.MAX_SAFE_INTEGER,
      tokenId: `id-of-${token}`,
      ...over,
    });
    return token;
  }

  verify(token: string): Principal | null | Promise<Principal | null> {
    const principal = this.#principals.get(token) ?? null;
    return this.slow ? new Promise((resolve) => setTimeout(() => resolve(principal), 1)) : principal;
  }

  isRevoked(tokenId: string): boolean {
    return this.revoked.has(tokenId);
  }

  close(): void {}
}

export interface SignedInApi extends ApiUnderTest {
  readonly tokens: KnownTokens;
  /** Of the role alone, for account A. */
  tokenOf(role: Role): string;
}

/** The API with sign-in; account A is the callers' own, B is somebody else's; each has an order. */
export function signedInApi(over: Partial<OrderApiOptions> = {}): SignedInApi {
  const tokens = new KnownTokens();
  const test = apiUnderTest({ access: tokens, ...over });
  test.house.orders = [anOrder({ orderId: OWN_ORDER }), anOrder({ orderId: OTHER_ORDER, accountId: 'B' })];
  return Object.assign(test, { tokens, tokenOf: (role: Role) => tokens.give({ roles: [role] }) });
}

export const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
