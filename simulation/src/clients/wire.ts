/** What clients and the house say to each other: the requests of the API, and its answers, without a transport. */
import type { OrderView, RiskLimits, Side, TradingScope, TradingState, VenueFaults } from '@oms/domain';

export type JsonBody = Readonly<Record<string, unknown>>;

export interface PlaceRequest {
  readonly kind: 'place';
  readonly body: JsonBody;
}

export interface ReplaceRequest {
  readonly kind: 'replace';
  readonly orderId: string;
  readonly body: JsonBody;
}

export interface CancelRequest {
  readonly kind: 'cancel';
  readonly orderId: string;
  readonly clientOrderId: string | null;
}

export interface CancelAllRequest {
  readonly kind: 'cancelAll';
  readonly accountId: string;
  readonly symbol: string | null;
  readonly side: Side | null;
}

/** The order by its clientOrderId. */
export interface ShowRequest {
  readonly kind: 'show';
  readonly accountId: string;
  readonly clientOrderId: string;
}

export interface LimitsRequest {
  readonly kind: 'limits';
  readonly accountId: string;
  readonly limits: RiskLimits;
  readonly actor: string;
}

export interface TradingStateRequest {
  readonly kind: 'tradingState';
  readonly scope: TradingScope;
  readonly id: string | null;
  readonly state: TradingState;
  readonly reason: string;
  readonly actor: string;
}

export interface VenueFaultsRequest {
  readonly kind: 'venueFaults';
  readonly faults: VenueFaults;
  readonly actor: string;
}

export type ClientRequest = PlaceRequest | ReplaceRequest | CancelRequest | CancelAllRequest | ShowRequest;
export type OperatorRequest = LimitsRequest | TradingStateRequest | VenueFaultsRequest;
export type WireRequest = ClientRequest | OperatorRequest;

export interface WireAnswer {
  /** Of HTTP. */
  readonly status: number;
  /** Of the refusal; null when there is none. */
  readonly code: string | null;
  readonly order: OrderView | null;
  /** Orders that a cancel of all asked to cancel. */
  readonly count: number | null;
}

/** Says what became of the request, whatever it is: asking again would tell the same. */
export const isDefinite = (request: WireRequest, { status }: WireAnswer): boolean =>
  status < 429 && !(request.kind === 'place' && status === 202);
