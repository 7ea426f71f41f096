/**
 * Risk limits. They exist for the firm, each desk and each account; the tightest of what is set wins. A limit an
 * account leaves unset comes from the default set, never from "unlimited".
 */
import { type Amount, decimal, type Quantity, type Rate } from '../money.ts';

export type LimitScope = 'FIRM' | 'DESK' | 'ACCOUNT' | 'DEFAULT';

/** `null` means not set at this scope. */
export interface RiskLimits {
  /** Largest quantity of one order, base units. */
  readonly orderQuantityMax: Quantity | null;
  /** Largest notional of one order, quote units. */
  readonly orderNotionalMax: Amount | null;
  /** Largest distance of a price from the reference price: 0.1 is ten percent. */
  readonly priceCollarRate: Rate | null;
  /** Orders submitted per second. */
  readonly submitsPerSecondMax: number | null;
  /** Replaces per second, counted apart. */
  readonly replacesPerSecondMax: number | null;
  readonly openOrdersMax: number | null;
  /** Σ notional of open orders. At FIRM and DESK: over all their accounts. */
  readonly openNotionalMax: Amount | null;
  /** Largest |position| per instrument in base units, counting all open orders of that side as filled. */
  readonly positionQuantityMax: Quantity | null;
  /** Realized loss of the UTC day at which new risk is refused, quote units. */
  readonly dailyLossMax: Amount | null;
  /** How many of the very same order may come in a row within `repeatedOrderWindowMs`. 0 switches the check off. */
  readonly repeatedOrdersMax: number | null;
  readonly repeatedOrderWindowMs: number | null;
}

export const LIMIT_NAMES = [
  'orderQuantityMax',
  'orderNotionalMax',
  'priceCollarRate',
  'submitsPerSecondMax',
  'replacesPerSecondMax',
  'openOrdersMax',
  'openNotionalMax',
  'positionQuantityMax',
  'dailyLossMax',
  'repeatedOrdersMax',
  'repeatedOrderWindowMs',
] as const satisfies readonly (keyof RiskLimits)[];
export type LimitName = (typeof LIMIT_NAMES)[number];

/** Which limits are counts (plain numbers); the others are decimals (bigint atoms). */
export const COUNT_LIMITS: ReadonlySet<LimitName> = new Set<LimitName>([
  'submitsPerSecondMax',
  'replacesPerSecondMax',
  'openOrdersMax',
  'repeatedOrdersMax',
  'repeatedOrderWindowMs',
]);

export const NO_LIMITS: RiskLimits = {
  orderQuantityMax: null,
  orderNotionalMax: null,
  priceCollarRate: null,
  submitsPerSecondMax: null,
  replacesPerSecondMax: null,
  openOrdersMax: null,
  openNotionalMax: null,
  positionQuantityMax: null,
  dailyLossMax: null,
  repeatedOrdersMax: null,
  repeatedOrderWindowMs: null,
};

/**
 * What applies where neither the account nor the default set says anything: deliberately modest, so that a forgotten
 * limit stops a desk instead of letting it run.
 */
export const DEFAULT_LIMITS: { readonly [Name in LimitName]: NonNullable<RiskLimits[Name]> } = {
  orderQuantityMax: decimal('1000'),
  orderNotionalMax: decimal('1000000'),
  priceCollarRate: decimal('0.1'),
  submitsPerSecondMax: 100,
  replacesPerSecondMax: 100,
  openOrdersMax: 200,
  openNotionalMax: decimal('5000000'),
  positionQuantityMax: decimal('5000'),
  dailyLossMax: decimal('100000'),
  repeatedOrdersMax: 10,
  repeatedOrderWindowMs: 1_000,
};
