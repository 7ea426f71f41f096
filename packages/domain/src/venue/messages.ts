/** The messages from and to the venue: orders and requests, questions and their answers, and what drives the simulated one. */
import type { ComparePositions, ReconciliationPage, ReplyAddress } from '../messages.ts';
import type { Price, Quantity } from '../money.ts';
import type { RequestOrigin, Side } from '../orders/order.ts';
import type { VenueOrderTerms } from './events.ts';
import type { StatusQuestion, VenueOrderLine, VenueReport } from './reports.ts';

// ---- order-processor → venue --------------------------------------------------------------------------------------

export interface VenuePlace {
  readonly type: 'VenuePlace';
  readonly terms: VenueOrderTerms;
}

export interface VenueCancel {
  readonly type: 'VenueCancel';
  readonly orderId: string;
  readonly requestId: string;
  /** EXPIRY asks the venue to end it as EXPIRED. */
  readonly origin: RequestOrigin;
}

export interface VenueReplace {
  readonly type: 'VenueReplace';
  readonly orderId: string;
  readonly requestId: string;
  readonly quantity: Quantity;
  readonly price: Price | null;
}

/** Order status request (FIX 35=H). */
export interface VenueStatusRequest {
  readonly type: 'VenueStatusRequest';
  readonly orderId: string;
  readonly question: StatusQuestion;
}

/** Mass status request (FIX 35=AF) for a range of order numbers of a partition. */
export interface VenueListRequest {
  readonly type: 'VenueListRequest';
  readonly partition: number;
  readonly page: ReconciliationPage;
}

/** Request for positions (FIX 35=AN). */
export interface VenuePositionsRequest {
  readonly type: 'VenuePositionsRequest';
  readonly partition: number;
  readonly run: number;
  readonly accountIds: readonly string[];
}

// ---- venue → order-processor --------------------------------------------------------------------------------------

export interface VenueReported {
  readonly type: 'VenueReported';
  readonly report: VenueReport;
}

/** The venue's open orders in the range, and the closed ones whose reports may not all have arrived. */
export interface VenueOrdersListed {
  readonly type: 'VenueOrdersListed';
  readonly partition: number;
  readonly page: ReconciliationPage;
  /** Ascending by order number. */
  readonly orders: readonly VenueOrderLine[];
}

/** The answer to a request for positions. */
export interface VenuePositionsListed {
  readonly type: 'VenuePositionsListed';
  readonly partition: number;
  readonly run: number;
  readonly accountIds: readonly string[];
  /** See ComparePositions. */
  readonly positions: ComparePositions['positions'];
}

// ---- to the simulated venue from the market, its own clock and operators -------------------------------------------

/** Somebody traded on the market: resting orders at or through the price may fill. */
export interface MarketTraded {
  readonly type: 'MarketTraded';
  readonly symbol: string;
  readonly price: Price;
  readonly quantity: Quantity;
  readonly aggressorSide: Side;
}

/** The displayed book moved (it is in the context): resting orders that now cross it fill. */
export interface BookMoved {
  readonly type: 'BookMoved';
  readonly symbol: string;
}

/** A delayed report is due. */
export interface ReleaseReport {
  readonly type: 'ReleaseReport';
  readonly key: number;
}

export const VENUE_ACTIONS = [
  'ack',
  'reject',
  'fill',
  'cancel',
  'cancel-reject',
  'replace-accept',
  'replace-reject',
  'expire',
  'trade-cancel',
  'trade-correct',
  'lose',
] as const;
export type VenueAction = (typeof VENUE_ACTIONS)[number];

/** What a manual venue is told to do with an order. */
export interface VenueInstruction {
  readonly type: 'VenueInstruction';
  readonly orderId: string;
  readonly action: VenueAction;
  readonly executionId: string | null;
  readonly quantity: Quantity | null;
  readonly price: Price | null;
  readonly reason: string | null;
  readonly replyTo: ReplyAddress;
}

/** Fault switches of the simulated venue; rates are shares of the reports or requests, 0 to 1 in atoms. */
export interface VenueFaults {
  readonly latencyMs: number;
  readonly rejectRate: bigint;
  readonly partialFillRate: bigint;
  readonly lateReportRate: bigint;
  readonly lateReportMs: number;
  readonly duplicateReportRate: bigint;
  readonly lostReportRate: bigint;
  /** Requests that never reach the venue: orders, cancels, replaces, and questions. */
  readonly lostRequestRate: bigint;
  readonly reorderReportRate: bigint;
  readonly overfillRate: bigint;
  /** While true no report leaves, and no question is answered; reports are replayed in order when it becomes false. */
  readonly disconnected: boolean;
  /** While true status answers tell the sums of an order and not its trades. */
  readonly totalsOnly: boolean;
}

export interface SetVenueFaults {
  readonly type: 'SetVenueFaults';
  readonly faults: VenueFaults;
  readonly actor: string | null;
  readonly replyTo: ReplyAddress;
}

export type VenueMessage =
  | VenuePlace
  | VenueCancel
  | VenueReplace
  | VenueStatusRequest
  | VenueListRequest
  | VenuePositionsRequest
  | MarketTraded
  | BookMoved
  | ReleaseReport
  | VenueInstruction
  | SetVenueFaults;
