/** What the order API is given by its composition root: the house behind it, the clock, and its bounds. */
import type { InstrumentCatalog, VenueFaults } from '@oms/domain';
import type {
  Clock,
  CommandGateway,
  HouseStatus,
  LiveState,
  MarketDataFeed,
  ReadModel,
  Scheduler,
  TokenVerifier,
} from '@oms/ports';
import type { DashboardSignIn } from './http/dashboard.ts';
import type { RateLimiter } from './http/rateLimiter.ts';

export interface TlsIdentity {
  readonly certificate: string;
  readonly key: string;
}

/** Bounds that keep one caller from hurting others. */
export interface ApiBounds {
  /** How long a command is waited for before the caller is told to ask again. */
  readonly decisionWaitMs: number;
  /** How long a list waits for the read model to catch up with what is durable. */
  readonly freshnessWaitMs: number;
  /** Largest request body, and largest WebSocket frame. */
  readonly bodyBytesMax: number;
  readonly headerBytesMax: number;
  /** A whole request must have arrived within this (slow-loris). */
  readonly requestTimeoutMs: number;
  readonly connectionsMax: number;
  /** Unsent bytes at which a WebSocket reader is disconnected with 4008. */
  readonly unsentBytesMax: number;
  /** How often the server pings; a connection silent for a whole interval is taken for lost. */
  readonly heartbeatMs: number;
  /** Pushes kept per account and channel for resuming. */
  readonly replayLength: number;
  /** How long they are kept after the last subscriber left. */
  readonly replayKeptMs: number;
  /** Of one connection. */
  readonly subscriptionsMax: number;
  /** Of all connections of one subject together. */
  readonly subjectSubscriptionsMax: number;
  /** WebSocket connections of one subject, and of one address. */
  readonly subjectConnectionsMax: number;
  readonly addressConnectionsMax: number;
  /** How long a WebSocket connection may stay without a token. */
  readonly signInWaitMs: number;
}

export const DEFAULT_BOUNDS: ApiBounds = {
  decisionWaitMs: 2_000,
  freshnessWaitMs: 100,
  bodyBytesMax: 1024 * 1024,
  headerBytesMax: 16 * 1024,
  requestTimeoutMs: 10_000,
  connectionsMax: 10_000,
  unsentBytesMax: 8 * 1024 * 1024,
  heartbeatMs: 15_000,
  replayLength: 10_000,
  replayKeptMs: 300_000,
  subscriptionsMax: 1_000,
  subjectSubscriptionsMax: 5_000,
  subjectConnectionsMax: 200,
  addressConnectionsMax: 1_000,
  signInWaitMs: 5_000,
};

export interface OrderApiOptions {
  readonly house: CommandGateway;
  readonly live: LiveState;
  readonly readModel: ReadModel;
  readonly market: MarketDataFeed;
  readonly instruments: InstrumentCatalog;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  status(): HouseStatus;
  /** Whether the venue waits for instructions over `/v1/simulation/venue/orders/…`. */
  readonly manualVenue: boolean;
  /** The simulated venue's fault switches; read inside `house.query`. */
  venueFaults(): VenueFaults;
  /** Who reads bearer tokens; `null` or left out: no sign-in, and everybody who reaches the server may do everything. */
  readonly access?: TokenVerifier | null;
  /** The time of the world, for tokens; `clock` when left out. */
  readonly worldClock?: Clock;
  /** TLS of our own: certificate chain and key as PEM. Left out, it is HTTP, for loopback or behind a proxy. */
  readonly tls?: TlsIdentity | null;
  /** Whether a proxy in front speaks TLS to callers. */
  readonly behindTls?: boolean;
  /** Addresses and networks of proxies whose X-Forwarded-For is believed; none when left out. */
  readonly trustedProxies?: readonly string[];
  /** `null` switches rate limits off; left out, generous ones per address, subject and account apply. */
  readonly rateLimiter?: RateLimiter | null;
  /** Origins of web pages besides our own that may call the API and open a WebSocket, such as "http://localhost:5173". */
  readonly allowedOrigins?: readonly string[];
  /** The built dashboard, served at `/`; null or left out: a page of links is. */
  readonly dashboardDirectory?: string | null;
  /** How the dashboard signs people in; null or left out: nobody has to. */
  readonly dashboardSignIn?: DashboardSignIn | null;
  /** Told of every fault of ours; callers never see more than its request id. */
  onFault(fault: unknown, requestId: string | null): void;
  readonly bounds?: Partial<ApiBounds>;
}
