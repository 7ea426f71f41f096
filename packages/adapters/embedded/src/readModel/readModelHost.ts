/**
 * The read model as its worker runs it: opens the database (or starts it anew, with the reason told), projects
 * chunk by chunk and answers queries in between. Errors of the journal or the fold stop the projecting, not the
 * answering; errors of the database end the worker, which is started again.
 */
import { rmSync } from 'node:fs';
import { InfrastructureError } from '@oms/ports';
import { AccountsProjection } from './accountsProjection.ts';
import { DocumentQueries } from './documentQueries.ts';
import { DocumentStore } from './documentStore.ts';
import type { OpenJournalGroups } from './journalGroups.ts';
import {
  findForeignJournal,
  PROJECTION_LIMITS,
  Projection,
  type ProjectionLimits,
  type StepOutcome,
} from './projection.ts';
import { openDatabase } from './schema.ts';
import { StoredBodyError } from './storedBody.ts';
import type { FromWorker, ReadModelNotice, ToWorker } from './workerMessages.ts';

/** While orders come fast, a slice is followed by a rest of this many times its duration. */
const REST_FACTOR = 1;
/** How long a word that orders come fast is believed: the last of them may be followed by silence. */
const BUSY_BELIEVED_MS = 500;
/** While orders come fast, what is folded is written this often: of many at once each costs half. */
const WRITE_INTERVAL_MS = 1_000;
const HOLD_MS = 50;

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
  readonly accounts: AccountsProjection;
}

type Query = Extract<ToWorker, { readonly kind: 'query' }>;

/** A query for positions or balances, which are behind the lists. */
interface WaitingQuery {
  readonly query: Query;
  /** Where the lists were when it came. */
  readonly position: number;
}

export class ReadModelHost {
  readonly #options: ReadModelHostOptions;
  #model: OpenedModel | null = null;
  #durablePosition: number;
  /** The next step, when one is to come. */
  #next: NodeJS.Timeout | NodeJS.Immediate | null = null;
  #isListsStopped = false;
  #isAccountsStopped = false;
  #busyUntil = 0;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #waiting: WaitingQuery[] = [];

  constructor(options: ReadModelHostOptions) {
    this.#options = options;
    this.#durablePosition = options.durablePosition;
  }

  start(): void {
    this.#model = this.#open() ?? this.#openAnew();
    this.#options.send({ kind: 'ready', ...this.#reached() });
    this.#stepAfter(0);
  }

  receive(message: ToWorker): void {
    switch (message.kind) {
      case 'durable':
        this.#durablePosition = Math.max(this.#durablePosition, message.position);
        if (message.busy) this.#busyUntil = performance.now() + BUSY_BELIEVED_MS;
        if (this.#next === null) this.#stepAfter(0);
        return;
      case 'query':
        this.#take(message);
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
      return {
        store,
        queries: new DocumentQueries(store),
        projection: new Projection(store, openGroups, limits),
        accounts: new AccountsProjection(store, openGroups, limits),
      };
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

  #stepAfter(delayMs: number): void {
    if (this.#next !== null) clearNext(this.#next);
    this.#next = delayMs === 0 ? setImmediate(this.#step) : setTimeout(this.#step, delayMs);
  }

  /** One slice of the lists; once they are level, one of the accounts. */
  readonly #step = (): void => {
    this.#next = null;
    if (this.#model === null) return;
    const startedAt = performance.now();
    const isBusy = startedAt < this.#busyUntil;
    const before = this.#reached().position;
    const lists = this.#projectLists(isBusy && startedAt - this.#writtenAt < WRITE_INTERVAL_MS);
    if (this.#reached().position !== before) this.#writtenAt = performance.now();
    const mayFollow = this.#waiting.length > 0 || (lists !== 'more' && !isBusy);
    const accountsAreLevel = mayFollow ? !this.#projectAccounts() : this.#accountsAreLevel();
    this.#answerWaiting();
    this.#options.send({ kind: 'projected', ...this.#reached() });
    if (lists === 'more' || (mayFollow && !accountsAreLevel)) {
      // Leaves the processor to the orders for a while; queries are answered meanwhile.
      this.#stepAfter(isBusy ? (performance.now() - startedAt) * REST_FACTOR : 0);
    } else if (lists === 'held') this.#stepAfter(HOLD_MS);
    else if (!accountsAreLevel) this.#stepAfter(BUSY_BELIEVED_MS);
  };

  #accountsAreLevel(): boolean {
    return this.#isAccountsStopped || this.#model!.accounts.position >= this.#reached().position;
  }

  #projectLists(mayHold: boolean): StepOutcome {
    if (this.#isListsStopped) return 'level';
    try {
      return this.#model!.projection.step(this.#durablePosition, mayHold);
    } catch (error) {
      if (this.#rebuildIfDamaged(error)) return 'more';
      this.#isListsStopped = true;
      this.#notifyStopped('projecting', this.#reached().position, error);
      return 'level';
    }
  }

  /** @returns whether there is more to do */
  #projectAccounts(): boolean {
    if (this.#isAccountsStopped) return false;
    const { accounts } = this.#model!;
    try {
      return accounts.step(this.#reached().position, this.#durablePosition);
    } catch (error) {
      if (this.#rebuildIfDamaged(error)) return true;
      this.#isAccountsStopped = true;
      this.#notifyStopped('projecting positions and balances', accounts.position, error);
      return false;
    }
  }

  #notifyStopped(what: string, position: number, error: unknown): void {
    this.#notify({ code: 'PROJECTION_STOPPED', message: `${what} stopped after position ${position}: ${error}` });
  }

  /** Positions and balances wait until they are level with the lists, as far as those were when it came. */
  #take(query: Query): void {
    const isOfAccounts = query.name === 'positions' || query.name === 'balances';
    if (isOfAccounts && this.#model !== null && !this.#accountsAreLevel()) {
      this.#waiting.push({ query, position: this.#reached().position });
      this.#stepAfter(0);
    } else this.#answer(query);
  }

  #answerWaiting(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    const { position } = this.#model!.accounts;
    const isDue = (each: WaitingQuery): boolean => this.#isAccountsStopped || each.position <= position;
    this.#waiting = waiting.filter((each) => !isDue(each));
    for (const each of waiting) if (isDue(each)) this.#answer(each.query);
  }

  #answer({ id, name, parameters }: Query): void {
    try {
      const { queries } = this.#model!;
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
        this.#stepAfter(0);
      }
    }
  }

  /** @throws the error, when it is another of the database: that ends the worker */
  #rebuildIfDamaged(error: unknown): boolean {
    if (isDamage(error)) {
      this.#rebuildAfter(error);
      return true;
    }
    if (isDatabaseError(error)) throw error;
    return false;
  }

  #rebuildAfter(error: Error): void {
    this.#model?.store.close();
    this.#unusable(`it is damaged: ${error.message}`);
    this.#model = this.#openAnew();
  }

  #close(): void {
    if (this.#model === null) return;
    if (this.#next !== null) clearNext(this.#next);
    if (!this.#isListsStopped) this.#model.projection.close();
    if (!this.#isAccountsStopped) this.#model.accounts.close();
    this.#model.store.close();
    this.#model = null;
  }
}

function clearNext(next: NodeJS.Timeout | NodeJS.Immediate): void {
  if ('refresh' in next) clearTimeout(next);
  else clearImmediate(next);
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
