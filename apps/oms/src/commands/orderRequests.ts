/** From the options of `oms order …` to requests: spelling and combinations are checked here, values by the server. */
import type { CancelAllRequest, OrdersFilter, PlaceRequest, ReplaceRequest } from '@oms/client';
import { ORDER_STATUSES, type OrderType, type Side, type TimeInForce } from '@oms/domain';
import { usageError } from '../commandError.ts';
import type { CancelFlags, ListFlags, PlaceFlags, ReplaceFlags } from './orderCommands.ts';

const SIDES: readonly Side[] = ['BUY', 'SELL'];
const TYPES: readonly OrderType[] = ['MARKET', 'LIMIT', 'STOP', 'STOP_LIMIT'];
const TIMES_IN_FORCE: readonly TimeInForce[] = ['GTC', 'IOC', 'FOK', 'GTD', 'DAY'];
const STATUS_FILTERS = ['open', 'closed', ...ORDER_STATUSES] as const;
const LIMIT_MAX = 1000;

/** Finds the value whatever its case and whether dashes or underscores were typed. */
function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const wanted = value.toUpperCase().replaceAll('-', '_');
  const found = allowed.find((candidate) => candidate.toUpperCase() === wanted);
  if (found !== undefined) return found;
  throw usageError(`${option} must be one of ${allowed.join(', ').toLowerCase()}, not "${value}".`);
}

/** Leaves out what was not given: the server refuses null and undefined members alike. */
function given<T extends object>(members: { [K in keyof T]: T[K] | undefined }): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}

/** A price makes it a limit order, a stop price a stop, both a stop-limit, neither a market order. */
function typeByPrices(flags: PlaceFlags): OrderType {
  if (flags.stopPrice !== undefined) return flags.price === undefined ? 'STOP' : 'STOP_LIMIT';
  return flags.price === undefined ? 'MARKET' : 'LIMIT';
}

/** @throws CommandError with exit code 2. */
export function placeRequestOf(flags: PlaceFlags, newId: () => string): PlaceRequest {
  if ((flags.quantity === undefined) === (flags.quoteQuantity === undefined)) {
    throw usageError('Give either --quantity (base units) or --quote-quantity (what to spend).');
  }
  return given<PlaceRequest>({
    clientOrderId: flags.clientOrderId ?? newId(),
    accountId: flags.account,
    symbol: flags.symbol.toUpperCase(),
    side: oneOf('--side', flags.side, SIDES),
    type: flags.type === undefined ? typeByPrices(flags) : oneOf('--type', flags.type, TYPES),
    quantity: flags.quantity,
    quoteQuantity: flags.quoteQuantity,
    price: flags.price,
    stopPrice: flags.stopPrice,
    timeInForce:
      flags.timeInForce === undefined ? undefined : oneOf('--time-in-force', flags.timeInForce, TIMES_IN_FORCE),
    expireTime: flags.expireTime,
    postOnly: flags.postOnly,
    reduceOnly: flags.reduceOnly,
    tags: flags.tag,
  });
}

/** @throws CommandError with exit code 2. */
export function replaceRequestOf(flags: ReplaceFlags, newId: () => string): ReplaceRequest {
  const { quantity, price, stopPrice } = flags;
  if (quantity === undefined && price === undefined && stopPrice === undefined) {
    throw usageError('Nothing to change.', 'Give --quantity, --price or --stop-price.');
  }
  return given<ReplaceRequest>({ clientOrderId: flags.clientOrderId ?? newId(), quantity, price, stopPrice });
}

/** @throws CommandError with exit code 2. */
export function cancelAllRequestOf(flags: CancelFlags): CancelAllRequest {
  if (flags.account === undefined) throw usageError('--all needs --account.');
  return given<CancelAllRequest>({
    accountId: flags.account,
    symbol: flags.symbol?.toUpperCase(),
    side: flags.side === undefined ? undefined : oneOf('--side', flags.side, SIDES),
  });
}

/** @throws CommandError with exit code 2. */
export function ordersFilterOf(flags: ListFlags): OrdersFilter {
  const limit = /^\d{1,4}$/.test(flags.limit) ? Number(flags.limit) : 0;
  if (limit < 1 || limit > LIMIT_MAX) throw usageError(`--limit must be from 1 to ${LIMIT_MAX}, not "${flags.limit}".`);
  return given<OrdersFilter>({
    accountId: flags.account,
    symbol: flags.symbol?.toUpperCase(),
    status: flags.status === undefined ? undefined : oneOf('--status', flags.status, STATUS_FILTERS),
    limit,
    cursor: flags.cursor,
  });
}
