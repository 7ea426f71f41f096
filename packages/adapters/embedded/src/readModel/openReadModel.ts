/**
 * The ReadModel port over the projector's worker thread. The main thread only posts small messages: it tells how far
 * the journal is durable and passes queries on. A worker that dies is started again with growing delays; until then
 * queries are refused as retryable, and nobody else notices.
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { InfrastructureError, type ProjectionState, type ReadModel } from '@oms/ports';
import type { DocumentQueries } from './documentQueries.ts';
import type { FromWorker, QueryName, ReadModelNotice, ToWorker, WorkerStart } from './workerMessages.ts';

export interface ReadModelOptions {
  readonly journalDirectory: string;
  readonly databaseFile: string;
  /** Position up to which the journal is durable now; 0 when it is empty. */
  readonly durablePosition: number;
  readonly onNotice?: (notice: ReadModelNotice) => void;
}

export interface EmbeddedReadModel extends ReadModel {
  /** Tells that the journal is durable up to `position`, a record of `time` (epoch milliseconds). Cheap, never throws. */
  durable(position: number, time: number): void;
  state(): ProjectionState;
}

/** A query of the worker's, as it is called from here. */
type Asked<Name extends QueryName> = (
  ...parameters: Parameters<DocumentQueries[Name]>
) => Promise<ReturnType<DocumentQueries[Name]>>;

/** Above this rate the projector rests between chunks: lists may trail, orders may not. About 5,000 orders a second. */
const BUSY_RECORDS_PER_MS = 30;
const RATE_WINDOW_MS = 200;
/** A chunk's orders live until it is written: in a small young generation each would be copied twice on its way. */
const YOUNG_GENERATION_MB = 128;
const RESTART_DELAY_MS = 100;
const RESTART_DELAY_MAX_MS = 10_000;

interface Waiter {
  readonly position: number;
  readonly done: () => void;
}

interface OpenQuery {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** @throws InfrastructureError READ_MODEL_UNAVAILABLE when the database cannot be opened or made */
export async function openReadModel(options: ReadModelOptions): Promise<EmbeddedReadModel> {
  const client = new ProjectorClient(options);
  await client.start();
  const ask =
    <Name extends QueryName>(name: Name): Asked<Name> =>
    (...parameters) =>
      client.ask(name, parameters) as ReturnType<Asked<Name>>;
  return {
    orders: ask('orders'),
    order: ask('order'),
    orderByClientOrderId: ask('orderByClientOrderId'),
    reportsOfOrder: ask('reportsOfOrder'),
    executions: ask('executions'),
    reportsOfAccount: ask('reportsOfAccount'),
    positions: ask('positions'),
    balances: ask('balances'),
    audit: ask('audit'),
    reach: (position, timeoutMs) => client.reach(position, timeoutMs),
    close: () => client.close(),
    durable: (position, time) => client.durable(position, time),
    state: () => client.state(),
  };
}

class ProjectorClient {
  readonly #options: ReadModelOptions;
  readonly #queries = new Map<number, OpenQuery>();
  readonly #waiters = new Set<Waiter>();
  #worker: Worker | null = null;
  #restart: NodeJS.Timeout | null = null;
  #restartDelayMs = RESTART_DELAY_MS;
  #lastQueryId = 0;
  /** Started once and not yet closed: a worker that ends is started again. */
  #open = false;
  /** The last position told, and whether its answer is still to come: newer ones wait for it and never pile up. */
  #toldPosition = 0;
  #telling = false;
  #durablePosition: number;
  #durableTime = Date.now();
  #position = 0;
  #time = 0;
  /** Whether records came fast in the last window. */
  #busy = false;
  #windowTime = 0;
  #windowPosition = 0;

  constructor(options: ReadModelOptions) {
    this.#options = options;
    this.#durablePosition = options.durablePosition;
  }

  async start(): Promise<void> {
    await this.#spawn();
    this.#open = true;
  }

  /** Starts a worker. @returns once it is ready */
  async #spawn(): Promise<void> {
    const { journalDirectory, databaseFile } = this.#options;
    const workerData: WorkerStart = { journalDirectory, databaseFile, durablePosition: this.#durablePosition };
    const worker = new Worker(new URL('./projectorWorker.ts', import.meta.url), {
      workerData,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
    });
    const ready = Promise.withResolvers<void>();
    worker.on('message', (message: FromWorker) => {
      this.#receive(message);
      if (message.kind === 'ready') ready.resolve();
    });
    let failure: unknown = new Error('the projector ended');
    worker.on('error', (error) => {
      failure = error;
    });
    worker.on('exit', () => {
      this.#ended(failure);
      ready.reject(unavailable('the projector cannot start', failure));
    });
    this.#worker = worker;
    this.#toldPosition = this.#durablePosition;
    this.#telling = false;
    await ready.promise;
  }

  ask(name: QueryName, parameters: readonly unknown[]): Promise<unknown> {
    if (this.#worker === null) return Promise.reject(unavailable('the projector is not running'));
    const id = ++this.#lastQueryId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#queries.set(id, { resolve, reject });
    this.#post({ kind: 'query', id, name, parameters });
    return promise;
  }

  durable(position: number, time: number): void {
    this.#durablePosition = position;
    this.#durableTime = time;
    const elapsedMs = time - this.#windowTime;
    if (elapsedMs >= RATE_WINDOW_MS) {
      this.#busy = position - this.#windowPosition > elapsedMs * BUSY_RECORDS_PER_MS;
      this.#windowTime = time;
      this.#windowPosition = position;
    }
    this.#tellDurable();
  }

  state(): ProjectionState {
    const level = this.#position >= this.#durablePosition;
    return { position: this.#position, stalenessMs: level ? 0 : Math.max(0, this.#durableTime - this.#time) };
  }

  reach(position: number, timeoutMs: number): Promise<ProjectionState> {
    if (this.#position >= position || !this.#open) return Promise.resolve(this.state());
    const { promise, resolve } = Promise.withResolvers<ProjectionState>();
    const done = (): void => {
      clearTimeout(timeout);
      this.#waiters.delete(waiter);
      resolve(this.state());
    };
    const timeout = setTimeout(done, timeoutMs);
    const waiter: Waiter = { position, done };
    this.#waiters.add(waiter);
    return promise;
  }

  async close(): Promise<void> {
    this.#open = false;
    if (this.#restart !== null) clearTimeout(this.#restart);
    const worker = this.#worker;
    if (worker !== null) {
      const exited = once(worker, 'exit');
      this.#post({ kind: 'close' });
      await exited;
    }
    for (const waiter of [...this.#waiters]) waiter.done();
  }

  #post(message: ToWorker): void {
    this.#worker?.postMessage(message);
  }

  #tellDurable(): void {
    if (this.#telling || this.#worker === null || this.#toldPosition >= this.#durablePosition) return;
    this.#telling = true;
    this.#toldPosition = this.#durablePosition;
    this.#post({ kind: 'durable', position: this.#durablePosition, busy: this.#busy });
  }

  #receive(message: FromWorker): void {
    switch (message.kind) {
      case 'ready':
        this.#reached(message.position, message.time);
        return;
      case 'projected':
        if (message.position > this.#position) this.#restartDelayMs = RESTART_DELAY_MS;
        this.#telling = false;
        this.#reached(message.position, message.time);
        return;
      case 'answer':
        this.#settle(message.id)?.resolve(message.value);
        return;
      case 'failure':
        this.#settle(message.id)?.reject(new InfrastructureError(message.code, message.message));
        return;
      case 'notice':
        this.#options.onNotice?.(message.notice);
        return;
    }
  }

  #reached(position: number, time: number): void {
    this.#position = position;
    this.#time = time;
    for (const waiter of [...this.#waiters]) if (position >= waiter.position) waiter.done();
    this.#tellDurable();
  }

  #settle(id: number): OpenQuery | undefined {
    const query = this.#queries.get(id);
    this.#queries.delete(id);
    return query;
  }

  #ended(failure: unknown): void {
    this.#worker = null;
    for (const query of this.#queries.values()) query.reject(unavailable('the projector ended', failure));
    this.#queries.clear();
    if (this.#open) this.#startAgain(failure);
  }

  #startAgain(failure: unknown): void {
    const delayMs = this.#restartDelayMs;
    this.#restartDelayMs = Math.min(delayMs * 2, RESTART_DELAY_MAX_MS);
    const message = `the projector ended and is started again in ${delayMs} ms: ${failure}`;
    this.#options.onNotice?.({ code: 'PROJECTOR_RESTARTED', message });
    this.#restart = setTimeout(() => {
      // Its end is handled by #ended, also when it never gets ready.
      this.#spawn().catch(() => undefined);
    }, delayMs);
    this.#restart.unref();
  }
}

const unavailable = (message: string, cause?: unknown): InfrastructureError =>
  new InfrastructureError('READ_MODEL_UNAVAILABLE', message, cause);
