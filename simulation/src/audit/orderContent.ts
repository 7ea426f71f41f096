/** What an order asks for as one text, read from a client's body and from a journal record by code of its own. */
import type { OrderTerms } from '@oms/domain';
import type { JsonBody } from '../clients/wire.ts';

/** A decimal of the wire in units of 10⁻⁸, as text; '-' for none. */
function atomsOf(value: unknown): string {
  if (value === undefined || value === null) return '-';
  const [whole = '', fraction = ''] = String(value).split('.');
  return String(BigInt(whole + fraction.padEnd(8, '0')));
}

const numberOf = (value: bigint | number | null): string => (value === null ? '-' : String(value));

/** What the API promises for members that are left out. */
const usualTimeInForce = (type: unknown): string => (type === 'MARKET' ? 'IOC' : 'GTC');

export const contentOfBody = (body: JsonBody): string =>
  [
    body.symbol,
    body.side,
    body.type,
    body.timeInForce ?? usualTimeInForce(body.type),
    atomsOf(body.quantity),
    atomsOf(body.quoteQuantity),
    atomsOf(body.price),
    atomsOf(body.stopPrice),
    body.triggerSource ?? 'LAST',
    body.expireTime === undefined ? '-' : Date.parse(String(body.expireTime)),
    body.postOnly ?? false,
    body.reduceOnly ?? false,
    JSON.stringify(body.tags ?? []),
  ].join(' ');

export const contentOfTerms = (terms: OrderTerms): string =>
  [
    terms.symbol,
    terms.side,
    terms.type,
    terms.timeInForce,
    numberOf(terms.quantity),
    numberOf(terms.quoteQuantity),
    numberOf(terms.price),
    numberOf(terms.stopPrice),
    terms.triggerSource,
    numberOf(terms.expireTime),
    terms.postOnly,
    terms.reduceOnly,
    JSON.stringify(terms.tags),
  ].join(' ');

/** Members that are left out stay as they are. */
export const contentOfReplacement = (orderId: string, body: JsonBody): string =>
  [orderId, atomsOf(body.quantity), atomsOf(body.price), atomsOf(body.stopPrice)].join(' ');

export const contentOfAsked = (asked: {
  readonly orderId: string;
  readonly askedQuantity: bigint | null;
  readonly askedPrice: bigint | null;
  readonly askedStopPrice: bigint | null;
}): string => [asked.orderId, ...[asked.askedQuantity, asked.askedPrice, asked.askedStopPrice].map(numberOf)].join(' ');
