/**
 * A decision in the making: collects events and sends, hands out ids that continue the state's counters, and passes
 * every report through the fault switches. With all switches off a report is one object in `sends`, nothing else.
 */
import {
  type Decision,
  type DecisionContext,
  decided,
  type Quantity,
  type Reply,
  type Send,
  type VenueEvent,
  type VenueFaults,
  type VenueOrdersListed,
  type VenuePositionsListed,
  type VenueReport,
} from '@oms/domain';
import type { Dice } from './faultSwitches.ts';
import { formatReport } from './reportText.ts';
import type { VenueState } from './venueState.ts';

/** How long a report drawn for reordering is kept back: what follows within this time overtakes it. */
export const REORDER_MS = 10;

export interface VenueSettings {
  readonly mode: 'simulated' | 'manual';
  readonly dice: Dice;
}

/** Where a decision starts. Never changed: a list that is pushed to makes room for 17, most need one. */
const NO_EVENTS: VenueEvent[] = [];
const NO_SENDS: Send[] = [];

export class Draft {
  readonly state: VenueState;
  readonly context: DecisionContext;
  readonly settings: VenueSettings;
  #events: VenueEvent[] = NO_EVENTS;
  #sends: Send[] = NO_SENDS;
  #executions = 0;
  #acknowledgements = 0;
  #scheduled = 0;
  /** What this decision itself used up of the book it looks at, which the state does not know yet. */
  #consumedNow = 0n;

  constructor(state: VenueState, context: DecisionContext, settings: VenueSettings) {
    this.state = state;
    this.context = context;
    this.settings = settings;
  }

  event(event: VenueEvent): void {
    if (this.#events.length === 0) this.#events = [event];
    else this.#events.push(event);
  }

  /** Sends a report right away, unless a fault switch or an earlier report on its way delays, doubles or loses it. */
  report(report: VenueReport): void {
    const { scheduled, faultless, reportFloor } = this.state;
    if (faultless && scheduled.length === 0 && reportFloor <= this.context.now) {
      this.#send(report);
      return;
    }
    if (report.kind !== 'ORDER_STATUS') {
      this.event({ type: 'VenueReportIssued', orderId: report.orderId, report: formatReport(report) });
    }
    this.#reportFaultily(report);
  }

  /** Answers a question that is only a hint: it waits behind no report, and nothing of it is remembered. */
  answer(message: VenueOrdersListed | VenuePositionsListed): void {
    this.#add({ to: 'order-processor', message });
  }

  /** Sends a report that was held back: the switches had their turn when it was scheduled. */
  release(report: VenueReport): void {
    this.#send(report);
  }

  nextExecutionId(): string {
    return `x-${this.state.partition}-${this.state.executionCount + ++this.#executions}`;
  }

  nextVenueOrderId(): string {
    return `v-${this.state.partition}-${this.state.venueOrderCount + ++this.#acknowledgements}`;
  }

  throwDice(what: string, whom: string, rate: bigint): boolean {
    return rate > 0n && this.settings.dice(what, whom, rate);
  }

  /** Quantity at the top of this side of the displayed book that is no longer there for our orders. */
  consumedOf(symbol: string, side: 'bids' | 'asks', bookSequence: number): Quantity {
    const consumed = this.state.consumed.get(symbol);
    const before = consumed?.bookSequence === bookSequence ? consumed[side] : 0n;
    return before + this.#consumedNow;
  }

  /** To be called for what was taken of the side that {@link consumedOf} will be asked about again. */
  consume(quantity: Quantity): void {
    this.#consumedNow += quantity;
  }

  /** A decision that turns to the other side of the book starts with what the state knows. */
  turnSide(): void {
    this.#consumedNow = 0n;
  }

  decision(replies: readonly Reply[] = []): Decision<VenueEvent> {
    return decided(this.#events, this.#sends, replies);
  }

  #send(report: VenueReport): void {
    this.#add({ to: 'order-processor', message: { type: 'VenueReported', report } });
  }

  #add(send: Send): void {
    if (this.#sends.length === 0) this.#sends = [send];
    else this.#sends.push(send);
  }

  #reportFaultily(report: VenueReport): void {
    const { faults, scheduled, reportFloor } = this.state;
    const { now } = this.context;
    const whom = identityOf(report);
    if (this.throwDice('lost', whom, faults.lostReportRate)) return;
    const inOrder = Math.max(reportFloor, now + faults.latencyMs);
    const dueAt = inOrder + this.#extraDelayMs(whom, faults);
    const first = scheduled.first;
    const mayLeave = dueAt <= now && !faults.disconnected && (first === undefined || first.dueAt > now);
    const copies = this.throwDice('duplicate', whom, faults.duplicateReportRate) ? 2 : 1;
    for (let copy = 0; copy < copies; copy++) {
      if (mayLeave) this.#send(report);
      else this.#schedule(report, dueAt);
    }
  }

  #extraDelayMs(whom: string, faults: VenueFaults): number {
    const late = this.throwDice('late', whom, faults.lateReportRate) ? faults.lateReportMs : 0;
    return this.throwDice('reorder', whom, faults.reorderReportRate) ? late + REORDER_MS : late;
  }

  #schedule(report: VenueReport, dueAt: number): void {
    const key = this.state.scheduledCount + ++this.#scheduled;
    this.event({ type: 'VenueReportScheduled', key, dueAt, report: formatReport(report) });
  }
}

/** Tells the reports of an order apart. */
function identityOf(report: VenueReport): string {
  return `${report.orderId}|${report.kind}|${detailOf(report) ?? ''}`;
}

function detailOf(report: VenueReport): string | number | null {
  if (report.kind === 'ORDER_STATUS') return report.question.askedAt;
  return 'executionId' in report ? report.executionId : 'requestId' in report ? report.requestId : null;
}
