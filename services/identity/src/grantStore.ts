/**
 * What must outlive a restart of the issuer: sessions, grants, codes, refresh tokens, and which access tokens were
 * issued and taken back. SQLite; what a client could redeem is found by its hash only, so the file holds nothing that
 * can be redeemed. A commit survives the process; the last moments before a power loss may be signed in again.
 */
import { hash } from 'node:crypto';
import { chmodSync, closeSync, openSync } from 'node:fs';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { Clock } from '@oms/ports';
import type { Adapter, AdapterPayload } from 'oidc-provider';
import { PRIVATE_MODE, requirePrivateFile } from './privateFiles.ts';

const SCHEMA = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  CREATE TABLE IF NOT EXISTS things (
    kind TEXT NOT NULL, id TEXT NOT NULL, grant_id TEXT, uid TEXT, payload TEXT NOT NULL, expires_at INTEGER NOT NULL,
    PRIMARY KEY (kind, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS things_by_grant ON things (grant_id, kind) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS things_by_uid ON things (uid) WHERE uid IS NOT NULL;
  CREATE INDEX IF NOT EXISTS things_by_expiry ON things (expires_at);
  CREATE TABLE IF NOT EXISTS access_tokens (
    token_id TEXT PRIMARY KEY, grant_id TEXT, expires_at INTEGER NOT NULL, revoked INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS access_tokens_by_grant ON access_tokens (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS access_tokens_by_expiry ON access_tokens (expires_at);
`;

/** Kinds whose id is what the client holds. */
const REDEEMABLE: ReadonlySet<string> = new Set(['RefreshToken', 'AuthorizationCode']);
/** The library keeps some things for ever by giving no time: a year is for ever here. */
const FOR_EVER_S = 365 * 86_400;

export class GrantStore {
  readonly #clock: Clock;
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  /** Of access tokens that have not expired. */
  readonly #revoked = new Set<string>();
  readonly #onRevoked: (tokenId: string) => void;

  constructor(file: string, clock: Clock, onRevoked: (tokenId: string) => void) {
    this.#clock = clock;
    this.#onRevoked = onRevoked;
    requirePrivateFile(file);
    // SQLite would make it readable to all; its other files take the mode of this one.
    closeSync(openSync(file, 'a', PRIVATE_MODE));
    chmodSync(file, PRIVATE_MODE);
    this.#database = new DatabaseSync(file);
    this.#database.exec(SCHEMA);
    this.removeExpired();
    const rows = this.#sql('SELECT token_id FROM access_tokens WHERE revoked = 1').all();
    for (const row of rows) this.#revoked.add(String(row.token_id));
  }

  /** The library's view of one kind of thing. */
  adapter(kind: string): Adapter {
    const keyOf = (id: string) => (REDEEMABLE.has(kind) ? hash('sha256', id, 'base64url') : id);
    return {
      upsert: async (id, payload, expiresInS) => this.#upsert(kind, keyOf(id), payload, expiresInS),
      find: async (id) => this.#find(kind, keyOf(id), id),
      findByUid: async (uid) => this.#findByUid(kind, uid),
      // Of the device flow, which is off.
      findByUserCode: async () => undefined,
      consume: async (id) => this.#consume(kind, keyOf(id)),
      destroy: async (id) => this.#destroy(kind, keyOf(id)),
      revokeByGrantId: async (grantId) => this.#revokeByGrant(kind, grantId),
    };
  }

  /** So that it can be taken back, alone or with all of its grant. */
  accessTokenIssued(tokenId: string, grantId: string | null, expiresAtS: number): void {
    this.#sql('INSERT OR REPLACE INTO access_tokens VALUES (?, ?, ?, 0)').run(tokenId, grantId, expiresAtS);
  }

  isRevoked(tokenId: string): boolean {
    return this.#revoked.has(tokenId);
  }

  revokeAccessToken(tokenId: string, expiresAtS: number): void {
    this.#sql('INSERT INTO access_tokens VALUES (?, NULL, ?, 1) ON CONFLICT (token_id) DO UPDATE SET revoked = 1').run(
      tokenId,
      expiresAtS,
    );
    this.#tellRevoked(tokenId);
  }

  removeExpired(): void {
    const now = this.#nowS();
    this.#sql('DELETE FROM things WHERE expires_at <= ?').run(now);
    const gone = this.#sql('DELETE FROM access_tokens WHERE expires_at <= ? RETURNING token_id').all(now - 60);
    for (const row of gone) this.#revoked.delete(String(row.token_id));
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #upsert(kind: string, key: string, payload: AdapterPayload, expiresInS: number | undefined): void {
    const { jti, ...rest } = payload;
    const stored = REDEEMABLE.has(kind) ? rest : { ...rest, jti };
    const expiresAt = this.#nowS() + (expiresInS ?? FOR_EVER_S);
    this.#sql('INSERT OR REPLACE INTO things VALUES (?, ?, ?, ?, ?, ?)').run(
      kind,
      key,
      payload.grantId ?? null,
      payload.uid ?? null,
      JSON.stringify(stored),
      expiresAt,
    );
  }

  #find(kind: string, key: string, id: string): AdapterPayload | undefined {
    const row = this.#sql('SELECT payload FROM things WHERE kind = ? AND id = ? AND expires_at > ?');
    const payload = payloadOf(row.get(kind, key, this.#nowS()));
    return payload === undefined ? undefined : { ...payload, jti: payload.jti ?? id };
  }

  #findByUid(kind: string, uid: string): AdapterPayload | undefined {
    const row = this.#sql('SELECT payload FROM things WHERE uid = ? AND kind = ? AND expires_at > ?');
    return payloadOf(row.get(uid, kind, this.#nowS()));
  }

  #consume(kind: string, key: string): void {
    this.#sql(`UPDATE things SET payload = json_set(payload, '$.consumed', ?) WHERE kind = ? AND id = ?`).run(
      this.#nowS(),
      kind,
      key,
    );
  }

  #destroy(kind: string, key: string): void {
    this.#sql('DELETE FROM things WHERE kind = ? AND id = ?').run(kind, key);
  }

  #revokeByGrant(kind: string, grantId: string): void {
    this.#sql('DELETE FROM things WHERE grant_id = ? AND kind = ?').run(grantId, kind);
    if (kind !== 'AccessToken') return;
    const tokens = this.#sql('UPDATE access_tokens SET revoked = 1 WHERE grant_id = ? RETURNING token_id').all(grantId);
    for (const row of tokens) this.#tellRevoked(String(row.token_id));
  }

  #tellRevoked(tokenId: string): void {
    this.#revoked.add(tokenId);
    this.#onRevoked(tokenId);
  }

  #nowS(): number {
    return Math.floor(this.#clock.now() / 1000);
  }

  #sql(text: string): StatementSync {
    let statement = this.#statements.get(text);
    if (statement === undefined) {
      statement = this.#database.prepare(text);
      this.#statements.set(text, statement);
    }
    return statement;
  }
}

function payloadOf(row: Record<string, unknown> | undefined): AdapterPayload | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.payload)) as AdapterPayload);
}
