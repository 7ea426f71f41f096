/**
 * The shape of every decision: what became true, what to tell other services, and what to answer. A decision is
 * data; nothing of it has happened until its events are journalled and folded.
 */
import type { InstrumentCatalog } from './instrument.ts';
import type { MarketView } from './market.ts';
import type { OrderProcessorMessage, RiskEngineMessage } from './messages.ts';
import type { Reason } from './reason.ts';
import type { VenueMessage } from './venue/messages.ts';

/** Everything a decision may depend on besides its message and state. */
export interface DecisionContext {
  /** Epoch milliseconds, stamped once per batch and journalled with it. */
  readonly now: number;
  readonly market: MarketView;
  readonly instruments: InstrumentCatalog;
}

export type Send =
  | { readonly to: 'order-processor'; readonly message: OrderProcessorMessage }
  | { readonly to: 'risk-engine'; readonly message: RiskEngineMessage }
  | { readonly to: 'venue-simulator'; readonly message: VenueMessage };

/** What the waiting caller is told. `orderId` lets the host attach the order as it stands. */
export interface Answer {
  /**
   * ACCEPTED: done or under way. REPEATED: the same request again. REFUSED: a business refusal, see reason.
   * UNDECIDED: durable, but risk has not answered yet. PENDING: it waits for a second person.
   */
  readonly outcome: 'ACCEPTED' | 'REPEATED' | 'REFUSED' | 'UNDECIDED' | 'PENDING';
  readonly orderId: string | null;
  readonly reason: Reason | null;
  /** How many orders a CancelMatching asked to cancel. */
  readonly count: number;
}

export interface Reply {
  readonly to: number;
  readonly answer: Answer;
  /**
   * When the order's view is taken: `immediately`, as of this decision (a cancel shows PENDING_CANCEL), or
   * `settled`, once everything this request set off inside the batch is done (a market order shows its fills).
   */
  readonly show: 'immediately' | 'settled';
}

export interface Decision<Event> {
  readonly events: readonly Event[];
  readonly sends: readonly Send[];
  readonly replies: readonly Reply[];
}

const NONE: readonly never[] = [];
export const NOTHING: Decision<never> = { events: NONE, sends: NONE, replies: NONE };

export const decided = <Event>(
  events: readonly Event[],
  sends: readonly Send[] = NONE,
  replies: readonly Reply[] = NONE,
): Decision<Event> => ({ events, sends, replies });

/** The reply, or none when nobody waits. */
export const replyTo = (
  address: number | null,
  outcome: Answer['outcome'],
  orderId: string | null,
  reason: Reason | null = null,
  show: Reply['show'] = 'settled',
  count = 0,
): readonly Reply[] => (address === null ? NONE : [{ to: address, answer: { outcome, orderId, reason, count }, show }]);
