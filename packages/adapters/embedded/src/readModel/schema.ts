/**
 * Tables of the read model, and how its database file is opened. Orders, reports and audit entries are found by their
 * ordinal, the how-manieth of the journal they are: the same after every rebuild, so cursors survive one. Most of the
 * rows hold many small things side by side (sortedLists.ts, orderHeads.ts, orderHistories.ts): what costs is the row.
 */
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { BODY_LAYOUTS } from './bodies.ts';

/** Counts up when the projections write other documents into the same tables. */
const DOCUMENTS_VERSION = 3;

const CACHE_KIB = 64 * 1024;
/** Pages in the write-ahead log before they move to the database: rarely, for that move costs an fsync. */
const CHECKPOINT_PAGES = 4_000;

/**
 * NORMAL syncs at checkpoints only: a power loss may take back the last transactions, each with its position, and
 * they are projected again. The journal is the truth; this file may lose anything.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA wal_autocheckpoint = ${CHECKPOINT_PAGES};
  PRAGMA cache_size = -${CACHE_KIB};
  PRAGMA temp_store = MEMORY;
`;

/** Of the two lanes, accounts may be behind lists. Each has risk states of its own, as of riskStatesPosition. */
const TABLES = `
  CREATE TABLE checkpoint (
    lane TEXT PRIMARY KEY CHECK (lane IN ('lists', 'accounts')),
    position INTEGER NOT NULL,
    time INTEGER NOT NULL,
    groupDigest TEXT NOT NULL,
    riskStatesPosition INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE riskStates (
    lane TEXT NOT NULL,
    partition INTEGER NOT NULL,
    state BLOB NOT NULL,
    PRIMARY KEY (lane, partition)
  ) WITHOUT ROWID;

  CREATE TABLE ordinals (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    orders INTEGER NOT NULL,
    executions INTEGER NOT NULL,
    clientOrderIds INTEGER NOT NULL,
    audit INTEGER NOT NULL
  );
  CREATE TABLE accounts (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE symbols (number INTEGER PRIMARY KEY, name TEXT NOT NULL);
  CREATE TABLE lists (
    list INTEGER NOT NULL,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    lastValue INTEGER NOT NULL,
    entries INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (list, first)
  ) WITHOUT ROWID;
  CREATE TABLE orderHeads (block INTEGER PRIMARY KEY, body BLOB NOT NULL);
  CREATE TABLE orderHistories (first INTEGER PRIMARY KEY, body BLOB NOT NULL);
  CREATE TABLE laterHistories (
    ordinal INTEGER NOT NULL,
    position INTEGER NOT NULL,
    body BLOB NOT NULL,
    PRIMARY KEY (ordinal, position)
  ) WITHOUT ROWID;

  CREATE TABLE positions (
    accountId TEXT NOT NULL,
    symbol TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (accountId, symbol)
  ) WITHOUT ROWID;
  CREATE TABLE balances (
    accountId TEXT NOT NULL,
    currency TEXT NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (accountId, currency)
  ) WITHOUT ROWID;

  CREATE TABLE audit (
    ordinal INTEGER PRIMARY KEY,
    actor TEXT,
    action TEXT NOT NULL,
    accountId TEXT,
    body TEXT NOT NULL
  );
  CREATE INDEX auditByActor ON audit (actor);
  CREATE INDEX auditByAction ON audit (action);
  CREATE INDEX auditByAccount ON audit (accountId);
  CREATE INDEX auditByActorAction ON audit (actor, action);
  CREATE INDEX auditByActorAccount ON audit (actor, accountId);
  CREATE INDEX auditByActionAccount ON audit (action, accountId);
  CREATE INDEX auditByActorActionAccount ON audit (actor, action, accountId);
`;

/** Changes with the tables, the stored layouts and the documents; a database of another version is rebuilt. */
const SCHEMA_VERSION = crc32(`${DOCUMENTS_VERSION} ${TABLES} ${BODY_LAYOUTS}`) >>> 1;

/**
 * Opens the file, and makes its tables when it is new.
 * @returns the database, or null when the file was made by another version of the schema
 */
export function openDatabase(file: string): DatabaseSync | null {
  const database = new DatabaseSync(file);
  try {
    database.exec(PRAGMAS);
    const version = database.prepare('PRAGMA user_version').get()?.user_version;
    if (version === SCHEMA_VERSION) return database;
    if (version === 0 && database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get()?.tables === 0) {
      database.exec(`BEGIN; ${TABLES} PRAGMA user_version = ${SCHEMA_VERSION}; COMMIT`);
      return database;
    }
    database.close();
    return null;
  } catch (error) {
    database.close();
    throw error;
  }
}
