/**
 * The read model as its worker runs it: opens the database (or starts it anew, with the reason told), projects
 * chunk by chunk and answers queries in between. Errors of the journal or the fold stop the projecting, not the
 * answering; errors of the database end the worker, which is started again.
 */
import { rmSync } from 'node:fs';
import { InfrastructureError } from '@oms/ports';
import { StoredBodyError } from './bodies.ts';
import { DocumentQueries } from './documentQueries.ts';
import { DocumentStore } from './documentStore.ts';
import type { OpenJournalGroups } from './journalGroups.ts';
import { findForeignJournal, PROJECTION_LIMITS, Projection, type ProjectionLimits } from './projection.ts';
import { openDatabase } from './schema.ts';
import type { FromWorker, ReadModelNotice, ToWorker } from './workerMessages.ts';

/** While orders come fast, a chunk is followed by a rest of this many times its duration. */
const REST_FACTOR = 3;
/** How long a word that orders come fast is believed: the last of them may be followed by silence. */
const BUSY_BELIEVED_MS = 500;

export interface ReadModelHostOptions {
  readonly databaseFile: string;
  readonly durablePosition: number;
  readonly openGroups: OpenJournalGroups;
  readonly send: (message: FromWorker) => void;
  readonly limits?: ProjectionLimits;
}

interface OpenedModel {
  readonly store: DocumentStore;
  readonly queries: DocumentQueries;
  readonly projection: Projection;
}

export class ReadModelHost {
  readonly #options: ReadModelHostOptions;
  #model: OpenedModel | null = null;
  #durablePosition: number;
  #stepping = false;
  #stopped = false;
  #busyUntil = 0;

  constructor(options: ReadModelHostOptions) {
    this.#options = options;
    this.#durablePosition = options.durablePosition;
  }

  start(): void {
    this.#model = this.#open() ?? this.#openAnew();
    this.#options.send({ kind: 'ready', ...this.#reached() });
    this.#wake();
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'durable':
        this.#durablePosition = Math.max(this.#durablePosition, message.position);
        if (message.busy) this.#busyUntil = performance.now() + BUSY_BELIEVED_MS;
        this.#wake();
        return;
      case 'query':
        this.#answer(message);
        return;
      case 'close':
        this.#close();
        return;
    }
  }

  #reached(): { readonly position: number; readonly time: number } {
    const { position, time } = this.#model!.projection.checkpoint;
    return { position, time };
  }

  /** @returns null when the documents there are of no use, after telling why */
  #open(): OpenedModel | null {
    const { databaseFile, openGroups, limits = PROJECTION_LIMITS } = this.#options;
    try {
      const database = openDatabase(databaseFile);
      if (database === null) return this.#unusable('another version of this program made it');
      const store = new DocumentStore(database);
      const foreign = findForeignJournal(store, openGroups, this.#durablePosition);
      if (foreign !== null) {
        store.close();
        return this.#unusable(`it belongs to another journal: ${foreign}`);
      }
      return { store, queries: new DocumentQueries(database), projection: new Projection(store, openGroups, limits) };
    } catch (error) {
      if (!isDamage(error)) throw error;
      return this.#unusable(`it is damaged: ${error.message}`);
    }
  }

  #openAnew(): OpenedModel {
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${this.#options.databaseFile}${suffix}`, { force: true });
    const opened = this.#open();
    if (opened === null) throw new InfrastructureError('READ_MODEL_UNAVAILABLE', 'the new database is of no use');
    return opened;
  }

  #unusable(why: string): null {
    const message = `the read model ${this.#options.databaseFile} is rebuilt from the journal: ${why}`;
    this.#notify({ code: 'READ_MODEL_REBUILT', message });
    return null;
  }

  #notify(notice: ReadModelNotice): void {
    this.#options.send({ kind: 'notice', notice });
  }

  #wake(): void {
    if (this.#stepping) return;
    this.#stepping = true;
    setImmediate(this.#step);
  }

  readonly #step = (): void => {
    this.#stepping = false;
    if (this.#model === null) return;
    const startedAt = performance.now();
    const worked = !this.#stopped && this.#project(this.#model);
    this.#options.send({ kind: 'projected', ...this.#reached() });
    if (!worked) return;
    const endedAt = performance.now();
    if (endedAt < this.#busyUntil) this.#rest((endedAt - startedAt) * REST_FACTOR);
    else this.#wake();
  };

  /** Leaves the processor to the orders for a while; queries are answered meanwhile. */
  #rest(durationMs: number): void {
    this.#stepping = true;
    setTimeout(this.#step, durationMs);
  }

  /** @returns whether there may be more to do */
  #project(model: OpenedModel): boolean {
    try {
      return model.projection.step(this.#durablePosition);
    } catch (error) {
      if (isDamage(error)) {
        this.#rebuildAfter(error);
        return true;
      }
      if (isDatabaseError(error)) throw error;
      this.#stopped = true;
      model.store.commit();
      const { position } = model.projection.checkpoint;
      this.#notify({ code: 'PROJECTION_STOPPED', message: `projecting stopped after position ${position}: ${error}` });
      return false;
    }
  }

  #answer({ id, name, parameters }: Extract<ToWorker, { readonly kind: 'query' }>): void {
    try {
      const { queries, projection } = this.#model!;
      if (!this.#stopped) projection.flush();
      // The main thread's calls are typed; here they are only passed on.
      const query = queries[name] as (this: DocumentQueries, ...parameters: unknown[]) => unknown;
      this.#options.send({ kind: 'answer', id, value: query.apply(queries, [...parameters]) });
    } catch (error) {
      const code = error instanceof InfrastructureError ? error.code : 'READ_MODEL_UNAVAILABLE';
      this.#options.send({
        kind: 'failure',
        id,
        code,
        message: String(error instanceof Error ? error.message : error),
      });
      if (isDamage(error)) {
        this.#rebuildAfter(error);
        this.#wake();
      }
    }
  }

  #rebuildAfter(error: Error): void {
    this.#model?.store.close();
    this.#unusable(`it is damaged: ${error.message}`);
    this.#model = this.#openAnew();
  }

  #close(): void {
    if (this.#model === null) return;
    if (!this.#stopped) this.#model.projection.close();
    this.#model.store.close();
    this.#model = null;
  }
}

interface DatabaseError extends Error {
  readonly code: 'ERR_SQLITE_ERROR';
  readonly errcode: number;
}

const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error && 'code' in error && error.code === 'ERR_SQLITE_ERROR';

/** SQLITE_CORRUPT and SQLITE_NOTADB with their extended codes; and bodies that are not what was written. */
const CORRUPT = 11;
const NOT_A_DATABASE = 26;

function isDamage(error: unknown): error is Error {
  if (error instanceof StoredBodyError) return true;
  if (!isDatabaseError(error)) return false;
  const primary = error.errcode & 0xff;
  return primary === CORRUPT || primary === NOT_A_DATABASE;
}
