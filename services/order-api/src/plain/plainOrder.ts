/**
 * The fast way to read the orders that programs send all day: LIMIT and MARKET by quantity, in plain JSON, straight
 * from the bytes in one pass. It gives a command only where `parsePlaceOrder` gives the very same one; whatever is
 * unusual, doubtful or wrong it leaves to that, which alone says what is wrong.
 */
import type { PlaceCommand } from '@oms/api-contract';
import type { OrderTerms, Side, TimeInForce } from '@oms/domain';
import type { JsonCursor } from './jsonCursor.ts';
import { RecentTexts } from './recentTexts.ts';

const COMMA = 44;
const POINT = 46;
const COLON = 58;
const OPEN = 123;
const CLOSE = 125;
const ZERO = 48;
const NINE = 57;

const NO_TAGS: readonly string[] = [];
const ID_LENGTH_MAX = 64;
const SYMBOL_LENGTH_MAX = 32;
/** With the point; so many digits a double holds exactly. */
const DECIMAL_LENGTH_MAX = 15;
/** So many digits before the point are never beyond the largest amount. */
const WHOLE_DIGITS_MAX = 10;
const DECIMALS_MAX = 8;
const ATOMS_PER_LAST_DIGIT = Array.from({ length: DECIMALS_MAX + 1 }, (_, decimals) => 10n ** BigInt(8 - decimals));

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const inId = tableOf(`${LETTERS_AND_DIGITS}._:-`);
const inSymbol = tableOf(`${LETTERS_AND_DIGITS}._/-`);

/** 1 for every byte that may be there. */
function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}

const SIDES = ['BUY', 'SELL'] as const satisfies readonly Side[];
const TYPES = ['LIMIT', 'MARKET'] as const;
/** What a LIMIT may say, the default first; all but IOC and FOK rest. */
const TIMES = ['GTC', 'IOC', 'FOK', 'DAY'] as const satisfies readonly TimeInForce[];

/** What the members said so far; undefined: nothing. */
class Said {
  clientOrderId: string | undefined = undefined;
  accountId: string | undefined = undefined;
  symbol: string | undefined = undefined;
  side: Side | undefined = undefined;
  type: (typeof TYPES)[number] | undefined = undefined;
  timeInForce: (typeof TIMES)[number] | undefined = undefined;
  quantity: bigint | undefined = undefined;
  price: bigint | undefined = undefined;
  postOnly: boolean | undefined = undefined;
  reduceOnly: boolean | undefined = undefined;
}
const MEMBERS = Object.keys(new Said()) as (keyof Said)[];

const accountIds = new RecentTexts();
const symbols = new RecentTexts();

/** Takes an order from where the cursor stands. @returns null when it is not plain */
export function takePlainOrder(cursor: JsonCursor): PlaceCommand | null {
  if (!cursor.takes(OPEN)) return null;
  const said = new Said();
  let seen = 0;
  let member = -1;
  do {
    member = takeName(cursor, member + 1);
    const bit = 1 << member;
    if (member < 0 || (seen & bit) !== 0 || !takesValue(cursor, MEMBERS[member]!, said)) return null;
    seen |= bit;
  } while (cursor.takes(COMMA));
  return cursor.takes(CLOSE) ? commandOf(said) : null;
}

/**
 * @param likely where to look first: programs give the members in one order
 * @returns the member's place in {@link MEMBERS}, or −1
 */
function takeName(cursor: JsonCursor, likely: number): number {
  if (!cursor.takesText()) return -1;
  for (let i = 0; i < MEMBERS.length; i++) {
    const member = likely + i < MEMBERS.length ? likely + i : likely + i - MEMBERS.length;
    if (cursor.textIs(MEMBERS[member]!)) return cursor.takes(COLON) ? member : -1;
  }
  return -1;
}

/** Whether the value is plain and good. */
function takesValue(cursor: JsonCursor, member: keyof Said, said: Said): boolean {
  switch (member) {
    case 'clientOrderId':
      if (!takesTextOf(cursor, inId, ID_LENGTH_MAX)) return false;
      said.clientOrderId = cursor.text();
      return true;
    case 'accountId':
      if (!takesTextOf(cursor, inId, ID_LENGTH_MAX)) return false;
      said.accountId = accountIds.textOf(cursor);
      return true;
    case 'symbol':
      if (!takesTextOf(cursor, inSymbol, SYMBOL_LENGTH_MAX)) return false;
      said.symbol = symbols.textOf(cursor);
      return true;
    case 'side':
      said.side = takeOneOf(cursor, SIDES);
      return said.side !== undefined;
    case 'type':
      said.type = takeOneOf(cursor, TYPES);
      return said.type !== undefined;
    case 'timeInForce':
      said.timeInForce = takeOneOf(cursor, TIMES);
      return said.timeInForce !== undefined;
    case 'quantity':
      said.quantity = takeDecimal(cursor);
      return said.quantity !== undefined;
    case 'price':
      said.price = takeDecimal(cursor);
      return said.price !== undefined;
    case 'postOnly':
      said.postOnly = takeBoolean(cursor);
      return said.postOnly !== undefined;
    case 'reduceOnly':
      said.reduceOnly = takeBoolean(cursor);
      return said.reduceOnly !== undefined;
  }
}

/** The rules across members, as far as plain orders go. */
function commandOf(said: Said): PlaceCommand | null {
  const { clientOrderId, accountId, symbol, side, type, quantity, price = null, postOnly = false } = said;
  if (clientOrderId === undefined || accountId === undefined || symbol === undefined) return null;
  if (side === undefined || type === undefined || quantity === undefined) return null;
  const isLimit = type === 'LIMIT';
  const timeInForce = said.timeInForce ?? (isLimit ? 'GTC' : 'IOC');
  const rests = isLimit && (timeInForce === 'GTC' || timeInForce === 'DAY');
  if (isLimit !== (price !== null) || (postOnly && !rests) || (!isLimit && timeInForce === 'DAY')) return null;
  const terms: OrderTerms = {
    symbol,
    side,
    type,
    timeInForce,
    quantity,
    quoteQuantity: null,
    price,
    stopPrice: null,
    triggerSource: 'LAST',
    expireTime: null,
    postOnly,
    reduceOnly: said.reduceOnly ?? false,
    tags: NO_TAGS,
  };
  return { accountId, clientOrderId, terms };
}

/** Takes a text of 1 to `lengthMax` characters of the table. */
function takesTextOf(cursor: JsonCursor, table: Uint8Array, lengthMax: number): boolean {
  if (!cursor.takesText()) return false;
  if (cursor.textLength === 0 || cursor.textLength > lengthMax) return false;
  const { bytes, textEnd } = cursor;
  for (let at = cursor.textStart; at < textEnd; at++) if (table[bytes[at]!] === 0) return false;
  return true;
}

function takeOneOf<const Word extends string>(cursor: JsonCursor, words: readonly Word[]): Word | undefined {
  if (!cursor.takesText()) return undefined;
  for (let i = 0; i < words.length; i++) if (cursor.textIs(words[i]!)) return words[i];
  return undefined;
}

function takeBoolean(cursor: JsonCursor): boolean | undefined {
  if (cursor.takesWord('true')) return true;
  return cursor.takesWord('false') ? false : undefined;
}

/** A decimal above zero, short enough to be read in doubles. */
function takeDecimal(cursor: JsonCursor): bigint | undefined {
  if (!cursor.takesText()) return undefined;
  const { bytes, textStart, textEnd, textLength } = cursor;
  if (textLength === 0 || textLength > DECIMAL_LENGTH_MAX) return undefined;
  let mantissa = 0;
  let point = -1;
  for (let at = textStart; at < textEnd; at++) {
    const code = bytes[at]!;
    if (code >= ZERO && code <= NINE) mantissa = mantissa * 10 + (code - ZERO);
    else if (code === POINT && point < 0) point = at;
    else return undefined;
  }
  const wholeEnd = point < 0 ? textEnd : point;
  const decimals = point < 0 ? 0 : textEnd - point - 1;
  const wholeDigits = wholeEnd - textStart;
  if (wholeDigits === 0 || wholeDigits > WHOLE_DIGITS_MAX) return undefined;
  if (wholeDigits > 1 && bytes[textStart] === ZERO) return undefined;
  if ((point >= 0 && decimals === 0) || decimals > DECIMALS_MAX || mantissa === 0) return undefined;
  return BigInt(mantissa) * ATOMS_PER_LAST_DIGIT[decimals]!;
}
