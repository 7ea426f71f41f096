/**
 * What travels between client and server, as TypeScript types: requests and market data come from the contract's
 * schemas (types only, nothing of it is loaded), the rest is what the SDK makes of the answers.
 */
import type {
  AuditQuerySchema,
  BookView,
  CancelMatchingQuery,
  CandleView,
  ExecutionsQuerySchema,
  InstrumentView,
  LimitsBody,
  MarketTradeView,
  OrdersQuerySchema,
  PlaceOrderBody,
  ReadonlyStatic,
  ReconciliationQuery,
  ReconciliationSchema,
  ReplaceOrderBody,
  ResolutionBody,
  TickerView,
  TradingStateBody,
  VenueInstructionBody,
} from '@oms/api-contract';

import type { OrderView } from '@oms/domain';

/** `clientOrderId` is the idempotency key: unique per account for ever. */
export type PlaceRequest = ReadonlyStatic<typeof PlaceOrderBody>;
/** `clientOrderId` names this request; `quantity` is the new total, not the remainder. */
export type ReplaceRequest = ReadonlyStatic<typeof ReplaceOrderBody>;
export type CancelAllRequest = ReadonlyStatic<typeof CancelMatchingQuery>;
/** Members left out stay as they are; null unsets one, so that the default applies. */
export type LimitsChange = ReadonlyStatic<typeof LimitsBody>;
export type TradingStateChange = ReadonlyStatic<typeof TradingStateBody>;
export type VenueInstructionRequest = ReadonlyStatic<typeof VenueInstructionBody>;
export type OrdersFilter = ReadonlyStatic<typeof OrdersQuerySchema>;
export type ExecutionsFilter = ReadonlyStatic<typeof ExecutionsQuerySchema>;
export type AuditFilter = ReadonlyStatic<typeof AuditQuerySchema>;
export type ReconciliationFilter = ReadonlyStatic<typeof ReconciliationQuery>;
export type ReconciliationAnswer = ReadonlyStatic<typeof ReconciliationSchema>;
export type ResolutionRequest = ReadonlyStatic<typeof ResolutionBody>;
export type { BookView, CandleView, InstrumentView, MarketTradeView, TickerView };

/**
 * How a place request ended. ACCEPTED: durable and approved by risk. REFUSED: by risk or the venue's rules; the
 * stored order says why in `order.reason`. UNDECIDED: durable, not decided within the server's wait: ask again.
 */
export interface PlaceOutcome {
  readonly outcome: 'ACCEPTED' | 'REFUSED' | 'UNDECIDED';
  readonly order: OrderView;
  /** The server knew this clientOrderId already: this is that order as it stands now. */
  readonly replayed: boolean;
}

export interface WirePage<T> {
  readonly items: readonly T[];
  /** Opaque; null at the end. */
  readonly nextCursor: string | null;
}
