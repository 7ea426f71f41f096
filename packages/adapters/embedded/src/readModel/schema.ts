/**
 * Tables and indexes of the read model, and how its database file is opened. Rows are found newest first by
 * `ordinal`, the how-manieth order, report or audit entry of the journal it is: the same after every rebuild, so
 * cursors survive one. Every secondary index ends in the ordinal (it is the rowid), so no list is ever sorted.
 */
import { DatabaseSync } from 'node:sqlite';
import { crc32 } from 'node:zlib';
import { BODY_LAYOUTS } from './bodies.ts';

/** Counts up when the projections write other documents into the same tables. */
const DOCUMENTS_VERSION = 1;

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

/** tradeSymbol is the symbol of a report that tells of a trade, and null in all others. */
const TABLES = `
  CREATE TABLE checkpoint (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    position INTEGER NOT NULL,
    time INTEGER NOT NULL,
    groupDigest TEXT NOT NULL
  );
  CREATE TABLE riskStates (partition INTEGER PRIMARY KEY, position INTEGER NOT NULL, state BLOB NOT NULL);

  CREATE TABLE orders (
    ordinal INTEGER PRIMARY KEY,
    orderId TEXT NOT NULL,
    accountId TEXT NOT NULL,
    symbol TEXT NOT NULL,
    bucket INTEGER NOT NULL,
    body BLOB NOT NULL
  );
  CREATE UNIQUE INDEX ordersById ON orders (orderId);
  CREATE INDEX ordersBySymbol ON orders (symbol, bucket);
  CREATE INDEX ordersByAccountSymbol ON orders (accountId, symbol, bucket);

  CREATE TABLE clientOrderIds (
    accountId TEXT NOT NULL,
    clientOrderId TEXT NOT NULL,
    orderOrdinal INTEGER NOT NULL,
    PRIMARY KEY (accountId, clientOrderId)
  ) WITHOUT ROWID;

  CREATE TABLE executions (
    ordinal INTEGER PRIMARY KEY,
    orderOrdinal INTEGER NOT NULL,
    accountId TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    tradeSymbol TEXT,
    body TEXT NOT NULL
  );
  CREATE INDEX executionsByOrder ON executions (orderOrdinal);
  CREATE UNIQUE INDEX executionsBySequence ON executions (accountId, sequence);
  CREATE INDEX tradesBySymbol ON executions (tradeSymbol) WHERE tradeSymbol IS NOT NULL;
  CREATE INDEX tradesByAccountSymbol ON executions (accountId, tradeSymbol) WHERE tradeSymbol IS NOT NULL;

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
