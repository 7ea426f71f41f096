/**
 * The keys of an outside issuer, over HTTP: found by discovery, kept, renewed in the background. Nothing a caller sends
 * can make us ask more often than the cooldown allows, and an issuer that is down does not lock anybody out until its
 * keys are too old to be believed.
 */
import { type Clock, InfrastructureError } from '@oms/ports';
import type { JWK } from 'jose';
import { isSigningKey, type KeySource } from './keySource.ts';

export interface RemoteKeysOptions {
  /** As in the tokens; `/.well-known/openid-configuration` is asked for below it. */
  readonly issuer: string;
  readonly clock: Clock;
  /** Told when the issuer could not be asked. */
  readonly onFailure?: (error: InfrastructureError) => void;
  /** Age from which keys are renewed. Default 10 minutes. */
  readonly refreshMs?: number;
  /** Shortest time between two questions for a key id that is not known. Default 30 s. */
  readonly cooldownMs?: number;
  /** The same after a failure. Default 5 s. */
  readonly failureCooldownMs?: number;
  /** Age up to which keys serve although the issuer does not answer. Default 1 hour. */
  readonly staleMs?: number;
  /** Time limit of one question. Default 5 s. */
  readonly timeoutMs?: number;
}

const DEFAULTS = {
  refreshMs: 600_000,
  cooldownMs: 30_000,
  failureCooldownMs: 5_000,
  staleMs: 3_600_000,
  timeoutMs: 5_000,
} as const;
const DOCUMENT_BYTES_MAX = 256 * 1024;
const KEYS_MAX = 100;

export class RemoteKeys implements KeySource {
  readonly #options: Required<Omit<RemoteKeysOptions, 'onFailure'>> & Pick<RemoteKeysOptions, 'onFailure'>;
  readonly #closing = new AbortController();
  #keys: ReadonlyMap<string, JWK> = new Map();
  /** When the keys were last had from the issuer; null before the first time. */
  #fetchedAt: number | null = null;
  #askAgainAt = 0;
  #asking: Promise<void> | null = null;

  constructor(options: RemoteKeysOptions) {
    this.#options = { ...DEFAULTS, ...options };
  }

  find(keyId: string): JWK | null | Promise<JWK | null> {
    const age = this.#age();
    if (age >= this.#options.staleMs) return this.#findAfterAsking(keyId);
    const key = this.#keys.get(keyId);
    if (key === undefined) return this.#mayAsk() ? this.#findAfterAsking(keyId) : null;
    if (age >= this.#options.refreshMs && this.#mayAsk()) this.#ask().catch(() => undefined);
    return key;
  }

  close(): void {
    this.#closing.abort();
  }

  async #findAfterAsking(keyId: string): Promise<JWK | null> {
    if (this.#mayAsk()) {
      // A failure matters only when what we have is too old.
      await this.#ask().catch(() => undefined);
    }
    if (this.#age() >= this.#options.staleMs) {
      throw new InfrastructureError('KEYS_UNAVAILABLE', `The keys of ${this.#options.issuer} cannot be had.`);
    }
    return this.#keys.get(keyId) ?? null;
  }

  #age(): number {
    return this.#fetchedAt === null ? Number.POSITIVE_INFINITY : this.#options.clock.now() - this.#fetchedAt;
  }

  #mayAsk(): boolean {
    return this.#asking !== null || this.#options.clock.now() >= this.#askAgainAt;
  }

  /** One question at a time, whoever wants to know. */
  #ask(): Promise<void> {
    this.#asking ??= this.#fetchKeys().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  async #fetchKeys(): Promise<void> {
    const { clock, cooldownMs, failureCooldownMs, issuer, onFailure } = this.#options;
    try {
      const discovery = await this.#get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`);
      if (discovery.issuer !== issuer) throw new Error(`its discovery document is for ${String(discovery.issuer)}`);
      const address = keySetAddress(discovery.jwks_uri);
      const { keys } = await this.#get(address);
      if (!Array.isArray(keys) || keys.length > KEYS_MAX) throw new Error('its key set is not one');
      this.#keys = new Map((keys as JWK[]).filter(isSigningKey).map((key) => [key.kid, key]));
      this.#fetchedAt = clock.now();
      this.#askAgainAt = clock.now() + cooldownMs;
    } catch (cause) {
      this.#askAgainAt = clock.now() + failureCooldownMs;
      const reason = cause instanceof Error ? cause.message : String(cause);
      const error = new InfrastructureError('KEYS_UNAVAILABLE', `${issuer} could not be asked: ${reason}`, cause);
      if (!this.#closing.signal.aborted) onFailure?.(error);
      throw error;
    }
  }

  async #get(url: string): Promise<Record<string, unknown>> {
    const response = await fetch(url, {
      headers: { accept: 'application/json' },
      redirect: 'error',
      signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(this.#options.timeoutMs)]),
    });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    const value: unknown = JSON.parse(await textOf(response));
    if (typeof value !== 'object' || value === null) throw new Error(`${url} is no JSON object`);
    return value as Record<string, unknown>;
  }
}

/** Keys that came over an open line would be anybody's. */
function keySetAddress(value: unknown): string {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url === null) throw new Error('its discovery document names no key set');
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback)) {
    throw new Error(`its key set ${url.href} is not on https`);
  }
  return url.href;
}

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > DOCUMENT_BYTES_MAX) throw new Error(`${response.url} is longer than ${DOCUMENT_BYTES_MAX} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
