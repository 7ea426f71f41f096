/**
 * Turns request bodies about orders into the domain's terms: shape by the compiled validator, then decimals, then the
 * rules across members. Nothing here knows instruments, accounts or the time.
 */
import type { OrderTerms, OrderType, Price, Quantity, TimeInForce } from '@oms/domain';
import type { Static } from 'typebox';
import {
  CancelOrderParams,
  PlaceBatchEnvelope,
  PlaceOrderBody,
  ReplaceOrderBody,
  ReplaceOrderParams,
} from './orderSchemas.ts';
import { type Parsed, positiveDecimal, refused } from './parsed.ts';
import { type FieldError, shapeOf } from './shape.ts';

export interface PlaceCommand {
  readonly accountId: string;
  readonly clientOrderId: string;
  readonly terms: OrderTerms;
}

export interface ReplaceCommand {
  readonly clientOrderId: string;
  /** `null` leaves the member as it is. */
  readonly quantity: Quantity | null;
  readonly price: Price | null;
  readonly stopPrice: Price | null;
}

type PlaceBody = Static<typeof PlaceOrderBody>;

const placeShape = shapeOf(PlaceOrderBody);
const batchShape = shapeOf(PlaceBatchEnvelope);
const replaceShape = shapeOf(ReplaceOrderBody);
const replaceParamsShape = shapeOf(ReplaceOrderParams);
const cancelShape = shapeOf(CancelOrderParams);

const NO_TAGS: readonly string[] = [];

/** What a type needs and defaults to. `price` and `stopPrice` say whether the member must be there; else it must not. */
const TYPE_RULES: Readonly<
  Record<OrderType, { readonly price: boolean; readonly stopPrice: boolean; readonly timeInForce: TimeInForce }>
> = {
  MARKET: { price: false, stopPrice: false, timeInForce: 'IOC' },
  LIMIT: { price: true, stopPrice: false, timeInForce: 'GTC' },
  STOP: { price: false, stopPrice: true, timeInForce: 'GTC' },
  STOP_LIMIT: { price: true, stopPrice: true, timeInForce: 'GTC' },
};

/** Reads the body of a place request. */
export function parsePlaceOrder(body: unknown): Parsed<PlaceCommand> {
  if (!placeShape.matches(body)) return refused(placeShape.errorsOf(body));
  const errors: FieldError[] = [];
  const timeInForce = body.timeInForce ?? TYPE_RULES[body.type].timeInForce;
  const terms: OrderTerms = {
    symbol: body.symbol,
    side: body.side,
    type: body.type,
    timeInForce,
    quantity: positiveDecimal(body.quantity, 'quantity', errors),
    quoteQuantity: positiveDecimal(body.quoteQuantity, 'quoteQuantity', errors),
    price: positiveDecimal(body.price, 'price', errors),
    stopPrice: positiveDecimal(body.stopPrice, 'stopPrice', errors),
    triggerSource: body.triggerSource ?? 'LAST',
    expireTime: body.expireTime === undefined ? null : readTime(body.expireTime, errors),
    postOnly: body.postOnly ?? false,
    reduceOnly: body.reduceOnly ?? false,
    tags: body.tags ?? NO_TAGS,
  };
  checkPrices(body, errors);
  checkQuantities(body, errors);
  checkTime(body, timeInForce, errors);
  if (errors.length > 0) return refused(errors);
  return { value: { accountId: body.accountId, clientOrderId: body.clientOrderId, terms } };
}

/** Takes a batch apart; its orders are judged one by one with {@link parsePlaceOrder}. */
export function parsePlaceBatch(body: unknown): Parsed<readonly unknown[]> {
  return batchShape.matches(body) ? { value: body.orders } : refused(batchShape.errorsOf(body));
}

/** Reads the body of a replace request; whether it changes anything is for the order's owner to say. */
export function parseReplaceOrder(body: unknown): Parsed<ReplaceCommand> {
  return replaceShape.matches(body) ? replacementOf(body) : refused(replaceShape.errorsOf(body));
}

/** The same with the order's id among the members, as WebSocket sends it. */
export function parseReplaceParams(params: unknown): Parsed<ReplaceCommand & { readonly orderId: string }> {
  if (!replaceParamsShape.matches(params)) return refused(replaceParamsShape.errorsOf(params));
  const replacement = replacementOf(params);
  if (replacement.errors !== undefined) return replacement;
  return { value: { ...replacement.value, orderId: params.orderId } };
}

export function parseCancelParams(
  params: unknown,
): Parsed<{ readonly orderId: string; readonly clientOrderId: string | null }> {
  if (!cancelShape.matches(params)) return refused(cancelShape.errorsOf(params));
  return { value: { orderId: params.orderId, clientOrderId: params.clientOrderId ?? null } };
}

function replacementOf(body: Static<typeof ReplaceOrderBody>): Parsed<ReplaceCommand> {
  const errors: FieldError[] = [];
  const value = {
    clientOrderId: body.clientOrderId,
    quantity: positiveDecimal(body.quantity, 'quantity', errors),
    price: positiveDecimal(body.price, 'price', errors),
    stopPrice: positiveDecimal(body.stopPrice, 'stopPrice', errors),
  };
  return errors.length > 0 ? refused(errors) : { value };
}

function checkPrices(body: PlaceBody, errors: FieldError[]): void {
  const rules = TYPE_RULES[body.type];
  for (const member of ['price', 'stopPrice'] as const) {
    const given = body[member] !== undefined;
    if (rules[member] && !given) errors.push({ path: member, message: `is required for ${body.type}` });
    if (!rules[member] && given) errors.push({ path: member, message: `must not be given for ${body.type}` });
  }
  if (body.triggerSource !== undefined && !rules.stopPrice) {
    errors.push({ path: 'triggerSource', message: 'goes with STOP and STOP_LIMIT only' });
  }
}

function checkQuantities(body: PlaceBody, errors: FieldError[]): void {
  if (body.quoteQuantity === undefined) {
    if (body.quantity === undefined) errors.push({ path: 'quantity', message: 'is required' });
    return;
  }
  if (body.quantity !== undefined) {
    errors.push({ path: 'quoteQuantity', message: 'must not be given together with quantity' });
  }
  if (body.type !== 'MARKET' || body.side !== 'BUY') {
    errors.push({ path: 'quoteQuantity', message: 'goes with MARKET BUY only' });
  }
}

function checkTime(body: PlaceBody, timeInForce: TimeInForce, errors: FieldError[]): void {
  const immediate = timeInForce === 'IOC' || timeInForce === 'FOK';
  if (body.type === 'MARKET' && !immediate && timeInForce !== 'GTC') {
    errors.push({ path: 'timeInForce', message: 'must be IOC, FOK or GTC for MARKET' });
  }
  if (timeInForce === 'GTD' && body.expireTime === undefined) {
    errors.push({ path: 'expireTime', message: 'is required for GTD' });
  }
  if (timeInForce !== 'GTD' && body.expireTime !== undefined) {
    errors.push({ path: 'expireTime', message: 'goes with GTD only' });
  }
  if (body.postOnly !== true) return;
  if (!TYPE_RULES[body.type].price) errors.push({ path: 'postOnly', message: 'goes with LIMIT and STOP_LIMIT only' });
  else if (immediate) errors.push({ path: 'postOnly', message: `contradicts ${timeInForce}` });
}

/** Epoch milliseconds; finer digits are cut. Refuses dates that are none, such as 30 February. */
function readTime(text: string, errors: FieldError[]): number | null {
  const time = Date.parse(text);
  // Date.parse rolls an impossible day over into the next month; writing it back shows that.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(text.slice(0, 19))) return time;
  errors.push({ path: 'expireTime', message: 'is no date and time that exists' });
  return null;
}
