/**
 * The embedded issuer: opens its files, makes them at the first start, follows their changes, rotates keys by age, and
 * answers the requests below /oauth2 and /.well-known. It has no port of its own: the server that has one hands over.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import type { AccessFact, Clock, Scheduler, Timer } from '@oms/ports';
import type { JWK } from 'jose';
import { type IssuerAddress, issuerAddress, PATHS } from './addresses.ts';
import { AttemptThrottle } from './attemptThrottle.ts';
import { type FirstSignIn, makeFirstIdentity } from './firstSignIn.ts';
import { GrantStore } from './grantStore.ts';
import { type IdentityDocument, readIdentityFile, writeIdentityFile } from './identityFile.ts';
import {
  KEY_AGE_MAX_MS,
  type KeyRing,
  newKeyRing,
  publicJwkOf,
  RETIRED_KEY_KEPT_MS,
  readKeyRing,
  rotate,
  withoutExpired,
  writeKeyRing,
} from './keyRing.ts';
import { IDENTITY_FILES, writeLocalCredentials } from './localCredentials.ts';
import { versionOf } from './privateFiles.ts';
import { createProvider } from './provider.ts';
import { type HashCosts, SecretChecker } from './secrets.ts';
import { SignIn } from './signIn.ts';

export interface IdentityOptions {
  /** Where its files are; exists. */
  readonly directory: string;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  /** What the first trader may trade for. */
  readonly traderAccounts: readonly string[];
  readonly onAudit: (fact: AccessFact) => void;
  readonly onFault: (fault: unknown) => void;
  /** Told of every access token that was taken back. */
  readonly onRevoked: (tokenId: string) => void;
  /** For tests, which need no slow hashes. */
  readonly hashCosts?: HashCosts;
}

const FILES_LOOKED_AT_EVERY_MS = 2_000;
const EXPIRED_REMOVED_EVERY_MS = 600_000;

interface Serving {
  readonly callback: (request: IncomingMessage, response: ServerResponse) => unknown;
  readonly signIn: SignIn;
}

export class Identity {
  /** Null unless this was the first start: then the passwords, to be shown once. */
  readonly firstSignIn: FirstSignIn | null;
  readonly #options: IdentityOptions;
  readonly #store: GrantStore;
  readonly #throttle: AttemptThrottle;
  readonly #secrets: SecretChecker;
  readonly #timers: readonly Timer[];
  #document: IdentityDocument;
  #keys: KeyRing;
  #publicKeys: readonly JWK[] = [];
  #versions: string;
  #address: IssuerAddress | null = null;
  #serving: Serving | null = null;

  constructor(options: IdentityOptions, document: IdentityDocument, firstSignIn: FirstSignIn | null) {
    this.#options = options;
    this.firstSignIn = firstSignIn;
    this.#document = document;
    this.#keys = this.#openKeys();
    this.#versions = this.#fileVersions();
    this.#throttle = new AttemptThrottle(options.clock);
    this.#secrets = new SecretChecker(options.hashCosts?.password);
    this.#store = new GrantStore(this.#file('grants'), options.clock, options.onRevoked);
    this.#serve();
    this.#timers = [
      options.scheduler.every(FILES_LOOKED_AT_EVERY_MS, () => this.#guarded(() => this.#followFiles())),
      options.scheduler.every(EXPIRED_REMOVED_EVERY_MS, () => this.#guarded(() => this.#housekeep())),
    ];
  }

  /** The issuer's name in tokens; empty until it is known where the server listens. */
  get issuer(): string {
    return this.#address?.issuer ?? '';
  }

  /** The keys that tokens may be signed with. */
  publicKeys(): readonly JWK[] {
    return this.#publicKeys;
  }

  isRevoked(tokenId: string): boolean {
    return this.#store.isRevoked(tokenId);
  }

  /** From here on it answers. @param publicUrl where browsers and programs reach the server */
  listensAt(publicUrl: string): void {
    this.#address = issuerAddress(publicUrl);
    this.#serve();
  }

  /** @param peer the caller's address, as far as proxies in between are believed */
  handle(request: IncomingMessage, response: ServerResponse, peer = request.socket.remoteAddress ?? ''): void {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('x-frame-options', 'DENY');
    // Not "no-referrer": browsers would then hide the origin of our own form.
    response.setHeader('referrer-policy', 'same-origin');
    if (this.#serving === null || this.#address === null) sendText(response, 503, 'not ready');
    else if (!this.#address.hosts.has(request.headers.host ?? '')) sendText(response, 421, 'asked by another name');
    else {
      this.#answer(request, response, this.#serving, this.#address, peer).catch((fault) => {
        this.#options.onFault(fault);
        if (response.headersSent) response.destroy();
        else sendText(response, 500, 'a fault of ours');
      });
    }
  }

  close(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#serving = null;
    this.#store.close();
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    serving: Serving,
    address: IssuerAddress,
    peer: string,
  ): Promise<void> {
    // The library believes these; only the configuration may say what they say.
    for (const name of FORWARDED_HEADERS) delete request.headers[name];
    request.headers['x-forwarded-proto'] = address.protocol;
    request.headers['x-forwarded-for'] = peer;
    if (request.url!.startsWith(`${PATHS.signIn}/`)) {
      await serving.signIn.handle(request, response, peer);
    } else await serving.callback(request, response);
  }

  #serve(): void {
    this.#publicKeys = this.#keys.signing.map(publicJwkOf);
    if (this.#address === null) return;
    const { onAudit, onFault } = this.#options;
    const shared = {
      document: this.#document,
      address: this.#address,
      throttle: this.#throttle,
      secrets: this.#secrets,
      onAudit,
    };
    const provider = createProvider({ ...shared, keys: this.#keys, store: this.#store, onFault });
    const signIn = new SignIn({ ...shared, provider, formSecret: this.#keys.cookieSecrets[0]! });
    this.#serving = { callback: provider.callback(), signIn };
  }

  #openKeys(): KeyRing {
    const file = this.#file('keys');
    const ring = readKeyRing(file);
    if (ring !== null) return this.#renewed(ring) ?? ring;
    const made = newKeyRing(this.#options.clock.now());
    writeKeyRing(file, made);
    return made;
  }

  /** What became of the keys with time, written down; null when nothing did. */
  #renewed(ring: KeyRing): KeyRing | null {
    const now = this.#options.clock.now();
    const isOld = now - ring.signing[0]!.createdAt >= KEY_AGE_MAX_MS;
    const signing = withoutExpired(ring.signing, now, RETIRED_KEY_KEPT_MS);
    if (!isOld && signing.length === ring.signing.length) return null;
    const renewed = isOld ? rotate(ring, now, RETIRED_KEY_KEPT_MS) : { ...ring, signing };
    writeKeyRing(this.#file('keys'), renewed);
    if (isOld) this.#tellRotated(renewed, 'age');
    return renewed;
  }

  /** A person, or `oms identity`, may have changed them. A file that cannot be used changes nothing. */
  #followFiles(): void {
    const versions = this.#fileVersions();
    if (versions === this.#versions) return;
    this.#versions = versions;
    const document = readIdentityFile(this.#file('identity'));
    const keys = readKeyRing(this.#file('keys'));
    if (document !== null) this.#document = document;
    if (keys !== null) {
      if (keys.signing[0]!.keyId !== this.#keys.signing[0]!.keyId) this.#tellRotated(keys, 'command');
      this.#keys = keys;
    }
    this.#serve();
  }

  #housekeep(): void {
    this.#store.removeExpired();
    const renewed = this.#renewed(this.#keys);
    if (renewed === null) return;
    this.#keys = renewed;
    this.#versions = this.#fileVersions();
    this.#serve();
  }

  #tellRotated(ring: KeyRing, why: string): void {
    const details = { key: ring.signing[0]!.keyId, why };
    this.#options.onAudit({ action: 'KEYS_ROTATED', actor: null, address: null, outcome: 'ALLOWED', details });
  }

  #guarded(task: () => void): void {
    try {
      task();
    } catch (fault) {
      this.#options.onFault(fault);
    }
  }

  #fileVersions(): string {
    return `${versionOf(this.#file('identity'))} ${versionOf(this.#file('keys'))}`;
  }

  #file(name: keyof typeof IDENTITY_FILES): string {
    return path.join(this.#options.directory, IDENTITY_FILES[name]);
  }
}

/**
 * Opens the issuer of a data directory; makes its files at the first start.
 * @throws InfrastructureError IDENTITY_FILE_UNUSABLE when a file may be read by others or is not what it should be
 */
export async function openIdentity(options: IdentityOptions): Promise<Identity> {
  const file = path.join(options.directory, IDENTITY_FILES.identity);
  const document = readIdentityFile(file);
  if (document !== null) return new Identity(options, document, null);
  const first = await makeFirstIdentity(options.traderAccounts, options.hashCosts);
  writeLocalCredentials(path.join(options.directory, IDENTITY_FILES.localCredentials), first.local);
  writeIdentityFile(file, first.document);
  return new Identity(options, first.document, first.shown);
}

const FORWARDED_HEADERS = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'] as const;

function sendText(response: ServerResponse, status: number, text: string): void {
  response.statusCode = status;
  response.setHeader('content-type', 'text/plain; charset=utf-8');
  response.end(`${text}\n`);
}
