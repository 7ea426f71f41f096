/**
 * Figures for Prometheus. What is counted per order is a plain number that is read when somebody scrapes; only whole
 * HTTP requests touch the metrics library.
 */
import { type IntervalHistogram, monitorEventLoopDelay } from 'node:perf_hooks';
import type { HouseStatus } from '@oms/ports';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { OrderOutcome } from './commands/answers.ts';
import { isRefusal } from './refusal.ts';

const LATENCY_BUCKETS_SECONDS = [0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const DELAY_QUANTILES = [0.5, 0.99, 1] as const;
const EVENT_LOOP_RESOLUTION_MS = 10;

type StatusFigure = readonly [name: string, help: string, read: (status: HouseStatus) => number];

const STATUS_FIGURES: readonly StatusFigure[] = [
  ['oms_ready', '1 once recovered and serving.', (status) => Number(status.ready)],
  ['oms_journal_last_position', 'Position of the newest journal record.', (status) => status.lastPosition],
  ['oms_journal_durable_position', 'Position of the newest durable record.', (status) => status.durablePosition],
  ['oms_queue_depth', 'Commands that wait.', (status) => status.queueDepth],
  ['oms_open_orders', 'Open orders.', (status) => status.openOrders],
  ['oms_orders', 'Orders ever placed.', (status) => status.ordersTotal],
  ['oms_quarantined', 'Messages and reports put aside.', (status) => status.quarantinedTotal],
  ['oms_projection_position', 'How far the read models have come.', (status) => status.projectionPosition],
  [
    'oms_projection_staleness_seconds',
    'How far the read models trail.',
    (status) => status.projectionStalenessMs / 1000,
  ],
  ['oms_batch_size', 'Messages in the newest batch.', (status) => status.lastBatchSize],
  [
    'oms_unknown_requests',
    'Requests, orders included, whose outcome at the venue is unknown.',
    (status) => status.reconciliation.unknownRequests,
  ],
  [
    'oms_standing_differences',
    'Differences from the venue that were not repaired and are not gone.',
    (status) => status.reconciliation.standingDifferences,
  ],
  [
    'oms_reconciliation_last_run_timestamp_seconds',
    'When the last whole comparison with the venue began; 0 before the first.',
    ({ reconciliation: { lastRunAt } }) => (lastRunAt === null ? 0 : Date.parse(lastRunAt) / 1000),
  ],
  ['oms_fsync_p99_seconds', '99th percentile of the fsync.', (status) => status.fsyncMsP99 / 1000],
];

/** Counted on the hot path. */
export interface SocketCounters {
  connections: number;
  requests: number;
  pushes: number;
  slowReaders: number;
}

export class ApiMetrics {
  readonly sockets: SocketCounters = { connections: 0, requests: 0, pushes: 0, slowReaders: 0 };
  readonly #registry = new Registry();
  readonly #outcomes = new Map<string, number>();
  readonly #requests: Counter<'operation' | 'status'>;
  readonly #latency: Histogram<'operation'>;
  readonly #delay: IntervalHistogram;

  constructor(status: () => HouseStatus) {
    const registers = [this.#registry];
    this.#requests = new Counter({
      name: 'oms_http_requests_total',
      help: 'HTTP requests by operation and status.',
      labelNames: ['operation', 'status'],
      registers,
    });
    this.#latency = new Histogram({
      name: 'oms_http_request_duration_seconds',
      help: 'Time from the request to its answer.',
      labelNames: ['operation'],
      buckets: LATENCY_BUCKETS_SECONDS,
      registers,
    });
    this.#delay = monitorEventLoopDelay({ resolution: EVENT_LOOP_RESOLUTION_MS });
    this.#delay.enable();
    this.#addStatusFigures(status);
    this.#addDifferences(status);
    this.#addOwnFigures();
  }

  requestDone(operation: string, statusCode: number, elapsedMs: number): void {
    this.#requests.inc({ operation, status: statusCode });
    this.#latency.observe({ operation }, elapsedMs / 1000);
  }

  /** One placed order, whichever way it came. */
  orderDone(outcome: OrderOutcome): void {
    const name = isRefusal(outcome) ? outcome.refused : OUTCOME_NAMES[outcome.status];
    this.#outcomes.set(name, (this.#outcomes.get(name) ?? 0) + 1);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  close(): void {
    this.#delay.disable();
  }

  #addStatusFigures(status: () => HouseStatus): void {
    for (const [name, help, read] of STATUS_FIGURES) {
      this.#gauge(name, help, (gauge) => gauge.set(read(status())));
    }
  }

  #addDifferences(status: () => HouseStatus): void {
    new Counter({
      name: 'oms_reconciliation_differences_total',
      help: 'Differences found between our books and those of the venue, by kind.',
      labelNames: ['kind'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [kind, count] of Object.entries(status().reconciliation.differencesByKind)) {
          this.inc({ kind }, count);
        }
      },
    });
  }

  #addOwnFigures(): void {
    const { sockets } = this;
    this.#gauge('oms_socket_connections', 'Open WebSocket connections.', (gauge) => gauge.set(sockets.connections));
    this.#counter('oms_socket_requests_total', 'WebSocket requests.', () => sockets.requests);
    this.#counter('oms_socket_pushes_total', 'Pushes sent to WebSocket readers.', () => sockets.pushes);
    this.#counter(
      'oms_socket_slow_readers_total',
      'Readers disconnected for falling behind.',
      () => sockets.slowReaders,
    );
    this.#gauge('process_resident_memory_bytes', 'Resident memory.', (gauge) => gauge.set(process.memoryUsage.rss()));
    const outcomes = this.#outcomes;
    new Counter({
      name: 'oms_order_outcomes_total',
      help: 'Placed orders by outcome: NEW, REPEATED, UNDECIDED, or the code of the refusal.',
      labelNames: ['outcome'],
      registers: [this.#registry],
      collect() {
        this.reset();
        for (const [outcome, count] of outcomes) this.inc({ outcome }, count);
      },
    });
    const delay = this.#delay;
    new Gauge({
      name: 'oms_event_loop_delay_seconds',
      help: 'Delay of the event loop since the last scrape, by quantile.',
      labelNames: ['quantile'],
      registers: [this.#registry],
      collect() {
        for (const quantile of DELAY_QUANTILES) {
          const nanoseconds = delay.count === 0 ? 0 : delay.percentile(Math.max(quantile * 100, 1));
          this.set({ quantile: String(quantile) }, nanoseconds / 1e9);
        }
        delay.reset();
      },
    });
  }

  #gauge(name: string, help: string, collect: (gauge: Gauge) => void): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        collect(this);
      },
    });
  }

  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }
}

const OUTCOME_NAMES = { 200: 'REPEATED', 201: 'NEW', 202: 'UNDECIDED' } as const;
