/**
 * The three books of every trade must tell the same: what the venue traded, what the order processor booked, and what
 * the risk engine settled (I5). Each side is kept until the other has said the same, so little is kept.
 */
import type {
  FillReversed,
  FillSettled,
  OrderFilled,
  ReportQuarantined,
  TradeCanceled,
  TradeCorrected,
  VenueEvent,
  VenueOrderTraded,
  VenueTradeAmended,
} from '@oms/domain';
import type { Findings } from '../findings.ts';
import { addTo, written } from './exactNumbers.ts';
import type { FillFacts, OrderFacts } from './orderFacts.ts';

/** A trade as both the order processor and the risk engine must have it. */
type Trade = Omit<FillSettled, 'type'>;

interface Expected {
  readonly trade: Trade;
  readonly position: number;
}

interface AtVenue {
  readonly quantity: bigint;
  readonly price: bigint;
  readonly fee: bigint | null;
  readonly feeCurrency: string | null;
  readonly position: number;
  /** The report may be lost by a fault switch. */
  readonly mayBeLost: boolean;
  isPutAside: boolean;
}

/** Begins the id of a trade that the venue told in sum only. */
const SYNTHETIC = 'RECON-';

const keyOf = (orderId: string, executionId: string): string => `${orderId} ${executionId}`;

const named = ({ orderId, executionId }: Trade): string => `execution ${executionId} of order ${orderId}`;

const textOf = ({ side, quantity, symbol, price, fee, feeCurrency }: Trade): string =>
  `${side} ${written(quantity)} ${symbol} at ${written(price)}, fee ${written(fee)} ${feeCurrency}`;

const sameTrade = (a: Trade, b: Trade): boolean =>
  a.accountId === b.accountId &&
  a.symbol === b.symbol &&
  a.side === b.side &&
  a.quantity === b.quantity &&
  a.price === b.price &&
  a.fee === b.fee &&
  a.feeCurrency === b.feeCurrency;

export class Settlements {
  readonly #findings: Findings;
  readonly #toSettle = new Map<string, Expected>();
  readonly #toReverse = new Map<string, Expected>();
  readonly #atVenue = new Map<string, AtVenue>();
  /** Reports the venue still holds back, by their key: whose they are. */
  readonly #scheduled = new Map<number, string>();
  /** Orders with a bust or correction at the venue: their sums say nothing of single trades. */
  readonly #amendedOrders = new Set<string>();
  #venueSeen = false;
  #reportsGetLost = false;
  /** Signed base units by account and symbol, as the order processor booked them, fees in base units taken off. */
  readonly bookedPositions = new Map<string, bigint>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  // ---- the order processor's book -------------------------------------------------------------------------------

  filled(order: OrderFacts, event: OrderFilled, position: number): void {
    const { orderId, executionId, quantity, price, fee, feeCurrency } = event;
    const { accountId, symbol, side } = order;
    const trade = { accountId, orderId, executionId, symbol, side, quantity, price, fee, feeCurrency };
    this.#toSettle.set(keyOf(orderId, executionId), { trade, position });
    this.#book(trade, 1n);
    if (executionId.startsWith(SYNTHETIC)) this.#matchSums(trade, position);
    else this.#matchVenue(trade, position);
  }

  /** A bust reverses the trade as it was; a correction settles it anew as well. */
  amended(order: OrderFacts, event: TradeCanceled | TradeCorrected, fill: FillFacts, position: number): void {
    const { orderId, executionId } = event;
    const { accountId, symbol, side } = order;
    const { quantity, price, fee, feeCurrency } = fill;
    const key = keyOf(orderId, executionId);
    const reversed = { accountId, orderId, executionId, symbol, side, quantity, price, fee, feeCurrency };
    this.#toReverse.set(key, { trade: reversed, position });
    this.#book(reversed, -1n);
    const isBust = event.type === 'TradeCanceled';
    const corrected = isBust ? null : { ...reversed, quantity: event.quantity, price: event.price, fee: event.fee };
    if (corrected !== null) {
      this.#toSettle.set(key, { trade: corrected, position });
      this.#book(corrected, 1n);
    }
    this.#matchVenue(corrected ?? { ...reversed, quantity: 0n }, position, isBust);
  }

  /** A report that was put aside was told, too; it may still be booked when the venue tells it again. */
  quarantined({ orderId, executionId }: ReportQuarantined): void {
    const traded = this.#atVenue.get(keyOf(orderId, executionId));
    if (traded !== undefined) traded.isPutAside = true;
  }

  #book(trade: Trade, sign: bigint): void {
    const { side, quantity, symbol, fee, feeCurrency } = trade;
    const change = (side === 'BUY' ? quantity : -quantity) - (feeCurrency === this.baseOf(symbol) ? fee : 0n);
    addTo(this.bookedPositions, `${trade.accountId} ${symbol}`, sign * change);
  }

  /** Set by the risk model, which knows the instruments. */
  baseOf: (symbol: string) => string | undefined = () => undefined;

  // ---- the risk engine's book -----------------------------------------------------------------------------------

  settled(event: FillSettled, position: number): void {
    this.#match(this.#toSettle, event, position, 'settled', 'booked as a fill');
  }

  reversed(event: FillReversed, position: number): void {
    this.#match(this.#toReverse, event, position, 'reversed', 'busted or corrected');
  }

  #match(waiting: Map<string, Expected>, event: Trade, position: number, done: string, booked: string): void {
    const key = keyOf(event.orderId, event.executionId);
    const expected = waiting.get(key);
    waiting.delete(key);
    if (expected === undefined) {
      this.#findings.expect(
        false,
        'I5',
        position,
        () => `${named(event)} is ${done} (${textOf(event)}) without being ${booked} before`,
      );
      return;
    }
    this.#findings.expect(
      sameTrade(expected.trade, event),
      'I5',
      position,
      () =>
        `${named(event)} is ${done} for ${event.accountId} as ${textOf(event)}, but position ${expected.position} booked it for ${expected.trade.accountId} as ${textOf(expected.trade)}`,
    );
  }

  /** The house decides a trade and its settlement in one group. */
  endOfGroup(): void {
    for (const [key, { trade, position }] of this.#toSettle) {
      this.#toSettle.delete(key);
      this.#missing(trade, position, 'settled');
    }
    for (const [key, { trade, position }] of this.#toReverse) {
      this.#toReverse.delete(key);
      this.#missing(trade, position, 'reversed');
    }
  }

  #missing(trade: Trade, position: number, done: string): void {
    const what = `${named(trade)} of ${trade.accountId} (${textOf(trade)})`;
    this.#findings.expect(false, 'I5', position, () => `${what} was never ${done}`);
  }

  // ---- the venue's book -----------------------------------------------------------------------------------------

  venue(event: VenueEvent, position: number): void {
    this.#venueSeen = true;
    switch (event.type) {
      case 'VenueOrderTraded':
        this.#tradedAtVenue(event, position);
        return;
      case 'VenueTradeAmended':
        this.#amendedAtVenue(event, position);
        return;
      case 'VenueReportScheduled':
        this.#scheduled.set(event.key, reportKeyOf(event.report));
        return;
      case 'VenueReportReleased':
        this.#scheduled.delete(event.key);
        return;
      case 'VenueFaultsChanged':
        this.#reportsGetLost = mayLose(event.faults);
        return;
      default:
    }
  }

  #tradedAtVenue(event: VenueOrderTraded, position: number): void {
    const { quantity, price, fee, feeCurrency } = event;
    const key = keyOf(event.orderId, event.executionId);
    this.#atVenue.set(key, {
      quantity,
      price,
      fee,
      feeCurrency,
      position,
      mayBeLost: this.#reportsGetLost,
      isPutAside: false,
    });
  }

  #amendedAtVenue(event: VenueTradeAmended, position: number): void {
    this.#amendedOrders.add(event.orderId);
    const { quantity, price } = event;
    const key = keyOf(event.orderId, event.executionId);
    this.#atVenue.set(key, {
      quantity,
      price,
      fee: null,
      feeCurrency: null,
      position,
      mayBeLost: this.#reportsGetLost,
      isPutAside: false,
    });
  }

  #matchVenue(trade: Trade, position: number, isBust = false): void {
    // A journal without a venue of ours has nothing to compare with.
    if (!this.#venueSeen) return;
    const key = keyOf(trade.orderId, trade.executionId);
    const traded = this.#atVenue.get(key);
    this.#atVenue.delete(key);
    if (traded === undefined) {
      this.#findings.expect(false, 'I5', position, () => `${named(trade)} is booked, but the venue made no such trade`);
      return;
    }
    const same =
      traded.quantity === trade.quantity &&
      (isBust || traded.price === trade.price) &&
      (traded.fee === null || (traded.fee === trade.fee && traded.feeCurrency === trade.feeCurrency));
    this.#findings.expect(
      same,
      'I5',
      position,
      () =>
        `${named(trade)} is booked as ${written(trade.quantity)} at ${written(trade.price)}, fee ${written(trade.fee)}; the venue traded ${written(traded.quantity)} at ${written(traded.price)}, fee ${written(traded.fee ?? 0n)}`,
    );
  }

  /** A trade booked in sum stands for the venue's oldest trades of the order that were not booked one by one. */
  #matchSums(trade: Trade, position: number): void {
    if (!this.#venueSeen) return;
    let left = trade.quantity;
    for (const [key, { quantity }] of this.#atVenue) {
      if (!key.startsWith(keyOf(trade.orderId, '')) || left <= 0n) continue;
      left -= quantity;
      this.#atVenue.delete(key);
    }
    this.#findings.expect(
      left === 0n || this.#amendedOrders.has(trade.orderId),
      'I5',
      position,
      () =>
        `${named(trade)} is booked in sum as ${written(trade.quantity)}, ${written(left)} more than the venue traded`,
    );
  }

  /** At the journal's end every trade of the venue was told, is still held back, or was lost on purpose. */
  end(): void {
    const heldBack = new Set(this.#scheduled.values());
    for (const [key, { quantity, price, position, mayBeLost, isPutAside }] of this.#atVenue) {
      if (isPutAside) continue;
      const what = `the venue's trade ${key} (${written(quantity)} at ${written(price)}) was never booked`;
      if (mayBeLost || heldBack.has(key))
        this.#findings.excuse('I5', `position ${position}: ${what}: its report is lost or late`);
      else this.#findings.expect(false, 'I5', position, () => what);
    }
  }
}

/** Which trade a held-back report is of. */
function reportKeyOf(report: string): string {
  const { orderId, executionId } = parsed(report);
  return keyOf(String(orderId), String(executionId));
}

function mayLose(faults: string): boolean {
  const { lostReportRate } = parsed(faults);
  return lostReportRate !== undefined && lostReportRate !== '0';
}

function parsed(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
