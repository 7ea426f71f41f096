/** A verifier with a hand-moved clock and an issuer of its own, and what it refused why. */
import { ManualTime, TokenIssuer } from '@oms/testkit';
import type { JWK } from 'jose';
import { localKeys } from '../src/keySource.ts';
import type { TokenRefusal } from '../src/refusals.ts';
import type { TokenRules } from '../src/tokenRules.ts';
import { OidcTokenVerifier, type TokenVerifierOptions } from '../src/tokenVerifier.ts';

export function verifierUnderTest(
  options: Partial<Omit<TokenVerifierOptions, 'rules'>> & { readonly rules?: Partial<TokenRules> } = {},
) {
  const time = new ManualTime();
  const issuer = new TokenIssuer({ clock: time });
  const refusals: { readonly reason: TokenRefusal; readonly subject: string | null }[] = [];
  const keys: JWK[] = [issuer.publicJwk as JWK];
  const verifier = new OidcTokenVerifier({
    keys: localKeys(() => keys),
    clock: time,
    onRefused: (reason, subject) => refusals.push({ reason, subject }),
    ...options,
    rules: { ...embeddedRules(issuer), ...options.rules },
  });
  return { time, issuer, verifier, keys, refusals };
}

export const embeddedRules = (issuer: TokenIssuer): TokenRules => ({
  issuer: () => issuer.issuer,
  audiences: [issuer.audience],
  algorithms: ['ES256'],
  tokenType: 'at+jwt',
  clockToleranceMs: 5_000,
  roleClaim: 'roles',
  roleMap: null,
  accountsClaim: 'accounts',
});
