/**
 * Tokens that must be refused, each a near miss of a good one, by the attacks that are known against token verifiers and
 * the mistakes of honest issuers. Every entrance to the system is tried with all of them.
 */
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { base64Url, type JsonObject, signES256, TokenIssuer } from './tokenIssuer.ts';

export interface BadToken {
  readonly name: string;
  readonly build: (issuer: TokenIssuer) => string;
}

const HOUR_MS = 3_600_000;
const parts = (token: string): [string, string, string] => token.split('.') as [string, string, string];

const unsigned = (issuer: TokenIssuer, algorithm: unknown): string =>
  `${base64Url(JSON.stringify(issuer.header({ alg: algorithm })))}.${base64Url(JSON.stringify(issuer.claims()))}.`;

/** Signed with a shared secret that everybody has: the public key. */
function signedWithPublicKey(issuer: TokenIssuer, form: 'pem' | 'jwk', algorithm = 'HS256'): string {
  const publicKey = createPublicKey(issuer.privateKey);
  const secret = form === 'pem' ? publicKey.export({ format: 'pem', type: 'spki' }) : JSON.stringify(issuer.publicJwk);
  const header = JSON.stringify(issuer.header({ alg: algorithm }));
  const input = `${base64Url(header)}.${base64Url(JSON.stringify(issuer.claims()))}`;
  return `${input}.${createHmac(algorithm.replace('HS', 'sha'), secret).update(input).digest('base64url')}`;
}

/** Signed with the attacker's own key, which the header brings along or points to. */
function signedWithOwnKey(issuer: TokenIssuer, header: (publicJwk: JsonObject) => JsonObject): string {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const text = JSON.stringify(issuer.header(header(publicKey.export({ format: 'jwk' }) as JsonObject)));
  const input = `${base64Url(text)}.${base64Url(JSON.stringify(issuer.claims()))}`;
  return `${input}.${signES256(input, privateKey)}`;
}

const withSignature = (issuer: TokenIssuer, signature: Uint8Array): string => {
  const [header, claims] = parts(issuer.sign({}));
  return `${header}.${claims}.${base64Url(signature)}`;
};

/** The last character's unused bits set: decodes to the same bytes. */
function secondSpelling(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const last = alphabet.indexOf(token.at(-1)!);
  return token.slice(0, -1) + alphabet[last ^ 1]!;
}

const bad = (name: string, build: BadToken['build']): BadToken => ({ name, build });
const withHeader = (name: string, header: JsonObject): BadToken => bad(name, (issuer) => issuer.sign(header));
const withClaims = (name: string, claims: (issuer: TokenIssuer) => JsonObject): BadToken =>
  bad(name, (issuer) => issuer.sign({}, claims(issuer)));

const ALGORITHMS: readonly BadToken[] = [
  ...['none', 'None', 'NONE', 'nOnE', '', null, ['ES256']].map((algorithm) =>
    bad(`unsigned, alg ${JSON.stringify(algorithm)}`, (issuer) => unsigned(issuer, algorithm)),
  ),
  bad('alg none with a good signature', (issuer) => issuer.sign({ alg: 'none' })),
  bad('no alg', (issuer) => issuer.sign({ alg: undefined })),
  bad('HS256 with the public key (PEM) as the secret', (issuer) => signedWithPublicKey(issuer, 'pem')),
  bad('HS256 with the public key (JWK) as the secret', (issuer) => signedWithPublicKey(issuer, 'jwk')),
  bad('HS512 with the public key as the secret', (issuer) => signedWithPublicKey(issuer, 'pem', 'HS512')),
  withHeader('an algorithm that is not allowed', { alg: 'PS256' }),
  withHeader('RS256 said of an elliptic key', { alg: 'RS256' }),
  withHeader('lower case algorithm', { alg: 'es256' }),
  bad('ES256 signature r = s = 0', (issuer) => withSignature(issuer, new Uint8Array(64))),
  bad('signature of one byte', (issuer) => withSignature(issuer, new Uint8Array(1))),
  bad('signature in DER form', (issuer) => withSignature(issuer, Buffer.from('3006020100020100', 'hex'))),
];

const KEYS: readonly BadToken[] = [
  bad('own key brought along in jwk', (issuer) => signedWithOwnKey(issuer, (jwk) => ({ jwk, kid: issuer.keyId }))),
  bad('own key pointed to by jku', (issuer) =>
    signedWithOwnKey(issuer, () => ({ jku: 'https://attacker.test/jwks.json', kid: 'attacker' })),
  ),
  bad('own key pointed to by x5u', (issuer) =>
    signedWithOwnKey(issuer, () => ({ x5u: 'https://attacker.test/c.pem' })),
  ),
  bad('own certificate brought along in x5c', (issuer) => signedWithOwnKey(issuer, () => ({ x5c: ['MIIB'] }))),
  bad('own key under the right key id', (issuer) => signedWithOwnKey(issuer, () => ({}))),
  bad('a key that was rotated out', (issuer) =>
    new TokenIssuer({
      clock: { now: () => issuer.seconds(0) * 1000 },
      issuer: issuer.issuer,
      audience: issuer.audience,
    }).token(),
  ),
  withHeader('no key id', { kid: undefined }),
  withHeader('empty key id', { kid: '' }),
  withHeader('key id that is a number', { kid: 0 }),
  withHeader('key id with a path', { kid: '../../../../dev/null' }),
  withHeader('key id with SQL', { kid: "x' UNION SELECT 'secret' --" }),
  withHeader('key id of an object member', { kid: '__proto__' }),
  withHeader('very long key id', { kid: 'k'.repeat(4_000) }),
];

const HEADERS: readonly BadToken[] = [
  withHeader('typ JWT', { typ: 'JWT' }),
  withHeader('no typ', { typ: undefined }),
  withHeader('typ of a logout token', { typ: 'logout+jwt' }),
  withHeader('typ that is a list', { typ: ['at+jwt'] }),
  withHeader('unknown critical extension', { crit: ['exp', 'unheard-of'], 'unheard-of': true }),
  withHeader('empty list of critical extensions', { crit: [] }),
  withHeader('payload said not to be encoded', { b64: false, crit: ['b64'] }),
  withHeader('payload said to be compressed', { zip: 'DEF' }),
  bad('repeated member in the header', (issuer) =>
    issuer.signRaw(
      `{"alg":"none","alg":"ES256","typ":"at+jwt","kid":${JSON.stringify(issuer.keyId)}}`,
      JSON.stringify(issuer.claims()),
    ),
  ),
  bad('repeated member in the claims', (issuer) =>
    issuer.signRaw(
      JSON.stringify(issuer.header()),
      JSON.stringify(issuer.claims()).replace('{', '{"sub":"somebody else",'),
    ),
  ),
];

const CLAIMS: readonly BadToken[] = [
  withClaims('another issuer', () => ({ iss: 'https://attacker.test' })),
  withClaims('issuer with a slash more', (issuer) => ({ iss: `${issuer.issuer}/` })),
  withClaims('no issuer', () => ({ iss: undefined })),
  withClaims('another audience', () => ({ aud: 'urn:somebody:else' })),
  withClaims('no audience', () => ({ aud: undefined })),
  withClaims('empty list of audiences', () => ({ aud: [] })),
  withClaims('expired an hour ago', (issuer) => ({ exp: issuer.seconds(-HOUR_MS), iat: issuer.seconds(-2 * HOUR_MS) })),
  withClaims('never expires', () => ({ exp: undefined })),
  withClaims('expiry that is a text', (issuer) => ({ exp: String(issuer.seconds(HOUR_MS)) })),
  withClaims('not valid before an hour from now', (issuer) => ({ nbf: issuer.seconds(HOUR_MS) })),
  withClaims('issued an hour from now', (issuer) => ({
    iat: issuer.seconds(HOUR_MS),
    exp: issuer.seconds(2 * HOUR_MS),
  })),
  withClaims('not said when issued', () => ({ iat: undefined })),
  withClaims('issued long ago, valid for ever', (issuer) => ({
    iat: issuer.seconds(-1_000 * HOUR_MS),
    exp: issuer.seconds(1_000 * HOUR_MS),
  })),
  withClaims('no subject', () => ({ sub: undefined })),
  withClaims('empty subject', () => ({ sub: '' })),
  withClaims('subject with a line break', () => ({ sub: 'a\nb' })),
  withClaims('subject that is an object', () => ({ sub: { id: 'admin' } })),
  withClaims('no roles', () => ({ roles: undefined })),
  withClaims('empty list of roles', () => ({ roles: [] })),
  withClaims('roles that are a text', () => ({ roles: 'admin' })),
  withClaims('roles that are an object', () => ({ roles: { admin: true } })),
  withClaims('a role within a list', () => ({ roles: [['admin']] })),
  withClaims('an unknown role', () => ({ roles: ['root'] })),
  withClaims('an unknown role beside a known one', () => ({ roles: ['viewer', 'root'] })),
  withClaims('a role of another case', () => ({ roles: ['Admin'] })),
  withClaims('accounts that are a number', () => ({ accounts: 7 })),
  withClaims('accounts that are not texts', () => ({ accounts: [null] })),
  bad('an id token', (issuer) =>
    issuer.sign({ typ: 'JWT' }, { aud: 'oms-dashboard', nonce: 'n', at_hash: 'h', roles: undefined }),
  ),
  withClaims('an id token that says it is an access token', () => ({ nonce: 'n', at_hash: 'h' })),
  bad('a refresh token', () => base64Url(new Uint8Array(32).fill(7))),
];

const TEXTS: readonly BadToken[] = [
  bad('nothing', () => ''),
  bad('one dot', () => '.'),
  bad('two dots', () => '..'),
  bad('no payload', (issuer) => `${parts(issuer.sign({}))[0]}..${parts(issuer.sign({}))[2]}`),
  bad('detached payload', (issuer) => {
    const [header, , signature] = parts(issuer.sign({}));
    return `${header}..${signature}`;
  }),
  bad('cut off after the header', (issuer) => parts(issuer.sign({}))[0]),
  bad('cut off after the first dot', (issuer) => `${parts(issuer.sign({}))[0]}.`),
  bad('cut off after the payload', (issuer) => parts(issuer.sign({})).slice(0, 2).join('.')),
  bad('cut off after the second dot', (issuer) => `${parts(issuer.sign({})).slice(0, 2).join('.')}.`),
  bad('a signature cut short', (issuer) => issuer.sign({}).slice(0, -2)),
  bad('a fourth part', (issuer) => `${issuer.sign({})}.AAAA`),
  bad('five parts, as an encrypted token', (issuer) => {
    const header = { alg: 'ECDH-ES', enc: 'A256GCM', typ: 'at+jwt', kid: issuer.keyId };
    return `${base64Url(JSON.stringify(header))}..${base64Url('twelve bytes')}.${base64Url('text')}.${base64Url('tag')}`;
  }),
  bad('a token within a token', (issuer) =>
    issuer.signRaw(JSON.stringify(issuer.header({ cty: 'JWT' })), issuer.sign({})),
  ),
  bad('one byte of the payload changed', (issuer) => {
    const [header, , signature] = parts(issuer.sign({}, { jti: '1' }));
    const [, other] = parts(issuer.sign({}, { jti: '1', roles: ['admin'] }));
    return `${header}.${other}.${signature}`;
  }),
  bad('another spelling of the same signature', (issuer) => secondSpelling(issuer.sign({}))),
  bad('padded base64', (issuer) => `${issuer.sign({})}==`),
  bad('classic base64', (issuer) => {
    for (;;) {
      const token = issuer.sign({});
      const classic = token.replaceAll('-', '+').replaceAll('_', '/');
      if (classic !== token) return classic;
    }
  }),
  bad('characters outside the alphabet', (issuer) => `${issuer.sign({})}!`),
  bad('a payload that is a list', (issuer) => issuer.signRaw(JSON.stringify(issuer.header()), '[]')),
  bad('a payload that is no JSON', (issuer) => issuer.signRaw(JSON.stringify(issuer.header()), 'sub=admin')),
  bad('a header that is null', (issuer) => issuer.signRaw('null', JSON.stringify(issuer.claims()))),
  bad('9,000 characters', (issuer) => issuer.sign({}, { padding: 'x'.repeat(9_000) })),
];

/** Fit for a header line. */
export const BAD_TOKENS: readonly BadToken[] = [...ALGORITHMS, ...KEYS, ...HEADERS, ...CLAIMS, ...TEXTS];

/** Not fit for a header line, or trimmed there: to be handed to a verifier, or sent in a message, as they are. */
export const BAD_TOKEN_TEXTS: readonly BadToken[] = [
  bad('a space before', (issuer) => ` ${issuer.sign({})}`),
  bad('a space behind', (issuer) => `${issuer.sign({})} `),
  bad('a line break behind', (issuer) => `${issuer.sign({})}\n`),
  bad('a line break within', (issuer) => issuer.sign({}).replace('.', '.\n')),
  bad('a zero byte behind', (issuer) => `${issuer.sign({})}\0`),
  bad('a letter of another script', (issuer) => issuer.sign({}).replace('e', 'е')),
  bad('two tokens', (issuer) => `${issuer.sign({})},${issuer.sign({})}`),
  bad('a megabyte', (issuer) => issuer.sign({}, { padding: 'x'.repeat(750_000) })),
  bad('a megabyte of dots', () => '.'.repeat(1_000_000)),
];
