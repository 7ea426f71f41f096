/**
 * The sorted lists of the read model. A list is named by what it is of; its entries are keys in ascending order, each
 * with a value.
 *
 *   kind               of, and              key                value
 *   ORDERS_OF_ACCOUNT  account, bucket      order ordinal      symbol
 *   ORDERS_OF_SYMBOL   symbol, bucket       order ordinal      0
 *   TRADES_OF_ACCOUNT  account              execution ordinal  trade: order ordinal and symbol
 *   TRADES_OF_SYMBOL   symbol               execution ordinal  trade: order ordinal and symbol
 *   REPORTS_OF_ACCOUNT account              report sequence    order ordinal, also of the reports up to the next key
 *   ORDER_NUMBERS      partition            order number       order ordinal
 *   CLIENT_ORDER_IDS   low bits of a hash   id ordinal         tag: order ordinal and other bits of the hash
 */
export const ORDERS_OF_ACCOUNT = 0;
export const ORDERS_OF_SYMBOL = 1;
export const TRADES_OF_ACCOUNT = 2;
export const TRADES_OF_SYMBOL = 3;
export const REPORTS_OF_ACCOUNT = 4;
export const ORDER_NUMBERS = 5;
export const CLIENT_ORDER_IDS = 6;

export const LIST_KINDS = 7;

/** Buckets are below it. */
const AND_LENGTH = 32;
/** Accounts are numbered below it. */
export const ACCOUNTS_MAX = 2 ** 32;

/** Which list of its kind. */
export const memberOf = (of: number, and = 0): number => of * AND_LENGTH + and;

/** One number for the list: below 2^40. */
export const listIdOf = (kind: number, member: number): number => kind * ACCOUNTS_MAX * AND_LENGTH + member;

/** Two numbers in one; the second is below 2^16. */
const PAIRED = 2 ** 16;
export const tradeOf = (orderOrdinal: number, symbol: number): number => orderOrdinal * PAIRED + symbol;
export const orderOfTrade = (trade: number): number => Math.floor(trade / PAIRED);
export const symbolOfTrade = (trade: number): number => trade % PAIRED;
/** Symbols are numbered below it. */
export const SYMBOLS_MAX = PAIRED;

/** Few enough that a second's orders put dozens into each, so many that each stays short. */
const ID_LISTS = 256;
const TAGS = 2 ** 14;

export const idMemberOf = (hash: number): number => memberOf(hash % ID_LISTS);
const tagOf = (hash: number): number => Math.floor(hash / ID_LISTS) % TAGS;
export const taggedOrder = (orderOrdinal: number, hash: number): number => orderOrdinal * TAGS + tagOf(hash);
export const orderOfTag = (tagged: number): number => Math.floor(tagged / TAGS);
export const isTaggedBy = (tagged: number, hash: number): boolean => tagged % TAGS === tagOf(hash);
