/**
 * What the person has typed into the ticket, checked by the instrument's rules before anything is sent, and as the
 * request that would go out. The server checks everything again; this only spares a round trip.
 */
import type { InstrumentView, PlaceRequest } from '@oms/client';
import type { OrderType, Side, TimeInForce } from '@oms/domain';
import { parseDecimal } from '@oms/domain';
import { atoms, formatDecimal, isMultiple, notionalOf, roundDown } from '../../numbers/decimals.ts';

export interface DraftOrder {
  readonly side: Side;
  readonly type: OrderType;
  readonly timeInForce: TimeInForce;
  /** In base units, or in quote units when `byQuote`. */
  readonly quantity: string;
  /** MARKET BUY only: spend this much quote currency. */
  readonly byQuote: boolean;
  readonly price: string;
  readonly stopPrice: string;
  readonly triggerSource: 'LAST' | 'BID_ASK' | 'MARK';
  /** Local date and time of the browser's input, for GTD. */
  readonly expireTime: string;
  readonly postOnly: boolean;
  readonly reduceOnly: boolean;
}

export const EMPTY_DRAFT: DraftOrder = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  quantity: '',
  byQuote: false,
  price: '',
  stopPrice: '',
  triggerSource: 'LAST',
  expireTime: '',
  postOnly: false,
  reduceOnly: false,
};

export const needsPrice = (type: OrderType): boolean => type === 'LIMIT' || type === 'STOP_LIMIT';
export const needsStopPrice = (type: OrderType): boolean => type === 'STOP' || type === 'STOP_LIMIT';
export const mayBeByQuote = (draft: Pick<DraftOrder, 'type' | 'side'>): boolean =>
  draft.type === 'MARKET' && draft.side === 'BUY';

export type DraftProblems = Partial<Record<'quantity' | 'price' | 'stopPrice' | 'expireTime' | 'timeInForce', string>>;

/** What is wrong with the draft, by field; empty when it may be sent. */
export function problemsOf(draft: DraftOrder, instrument: InstrumentView, now: number): DraftProblems {
  const problems: DraftProblems = {};
  const price = needsPrice(draft.type) ? problemOfPrice(draft.price, instrument) : null;
  if (price !== null) problems.price = price;
  const stop = needsStopPrice(draft.type) ? problemOfPrice(draft.stopPrice, instrument) : null;
  if (stop !== null) problems.stopPrice = stop;
  const quantity = problemOfQuantity(draft, instrument);
  if (quantity !== null) problems.quantity = quantity;
  if (draft.timeInForce === 'GTD' && !(Date.parse(draft.expireTime) > now)) {
    problems.expireTime = 'a time in the future';
  }
  if (draft.postOnly && (draft.timeInForce === 'IOC' || draft.timeInForce === 'FOK')) {
    problems.timeInForce = 'a post-only order has to rest: GTC, GTD or DAY';
  }
  return problems;
}

function problemOfPrice(text: string, instrument: InstrumentView): string | null {
  const price = parseDecimal(text);
  if (price === null || price <= 0n) return 'a price above 0';
  if (!isMultiple(price, atoms(instrument.priceIncrement))) return `a multiple of ${instrument.priceIncrement}`;
  return null;
}

function problemOfQuantity(draft: DraftOrder, instrument: InstrumentView): string | null {
  const quantity = parseDecimal(draft.quantity);
  if (quantity === null || quantity <= 0n) return 'a quantity above 0';
  if (draft.byQuote && mayBeByQuote(draft)) {
    return quantity < atoms(instrument.minNotional) ? `at least ${instrument.minNotional} ${instrument.quote}` : null;
  }
  if (!isMultiple(quantity, atoms(instrument.quantityIncrement))) {
    return `a multiple of ${instrument.quantityIncrement}`;
  }
  if (quantity < atoms(instrument.minQuantity)) return `at least ${instrument.minQuantity}`;
  if (quantity > atoms(instrument.maxQuantity)) return `at most ${instrument.maxQuantity}`;
  return null;
}

/** The draft as a request. Call only when {@link problemsOf} found nothing. */
export function requestOf(draft: DraftOrder, accountId: string, symbol: string, clientOrderId: string): PlaceRequest {
  const byQuote = draft.byQuote && mayBeByQuote(draft);
  const { side, type, timeInForce } = draft;
  return {
    clientOrderId,
    accountId,
    symbol,
    side,
    type,
    ...(type === 'MARKET' || type === 'STOP' ? {} : { timeInForce }),
    ...(byQuote ? { quoteQuantity: draft.quantity } : { quantity: draft.quantity }),
    ...(needsPrice(type) ? { price: draft.price } : {}),
    ...(needsStopPrice(type) ? { stopPrice: draft.stopPrice, triggerSource: draft.triggerSource } : {}),
    ...(timeInForce === 'GTD' && needsPrice(type) ? { expireTime: new Date(draft.expireTime).toISOString() } : {}),
    ...(draft.postOnly && type === 'LIMIT' ? { postOnly: true } : {}),
    ...(draft.reduceOnly ? { reduceOnly: true } : {}),
  };
}

export interface Preview {
  /** In quote units. */
  readonly notional: string;
  /** Upper bound: as if all of it took liquidity. */
  readonly fee: string;
}

/** What the order would come to at its limit, or at the price it would meet now; null while that is unknown. */
export function previewOf(draft: DraftOrder, instrument: InstrumentView, touch: string | null): Preview | null {
  const quantity = parseDecimal(draft.quantity);
  if (quantity === null || quantity <= 0n) return null;
  const feeRate = atoms(draft.postOnly ? instrument.makerFeeRate : instrument.takerFeeRate);
  const notional = draft.byQuote && mayBeByQuote(draft) ? quantity : notionalAt(draft, quantity, touch);
  if (notional === null) return null;
  return { notional: formatDecimal(notional), fee: formatDecimal(notionalOf(notional, feeRate)) };
}

function notionalAt(draft: DraftOrder, quantity: bigint, touch: string | null): bigint | null {
  const text = needsPrice(draft.type) ? draft.price : draft.type === 'STOP' ? draft.stopPrice : touch;
  const price = text === null ? null : parseDecimal(text);
  return price === null || price <= 0n ? null : notionalOf(price, quantity);
}

/** The quantity that a share of what is available buys or sells, rounded down to the increment. */
export function quantityOfShare(
  percent: bigint,
  available: bigint,
  side: Side,
  price: bigint,
  instrument: InstrumentView,
): string {
  const part = (available * percent) / 100n;
  if (side === 'SELL' && instrument.kind === 'SPOT') {
    return formatDecimal(roundDown(part, atoms(instrument.quantityIncrement)));
  }
  if (price <= 0n) return '';
  // Room for the fee, which is held with the notional.
  const ONE = 100_000_000n;
  const costOfOne = price + notionalOf(price, atoms(instrument.takerFeeRate)) + 1n;
  return formatDecimal(roundDown((part * ONE) / costOfOne, atoms(instrument.quantityIncrement)));
}
