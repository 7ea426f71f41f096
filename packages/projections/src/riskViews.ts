/** Positions, balances and limits as documents. Prices are not journalled: what depends on a mark price is null. */
import {
  absolute,
  averagePriceOf,
  type Balance,
  type BalanceView,
  formatDecimal,
  LIMIT_NAMES,
  type Position,
  type PositionView,
  type RiskLimits,
} from '@oms/domain';

export const positionViewOf = (accountId: string, position: Position, sequence: number): PositionView => ({
  accountId,
  symbol: position.symbol,
  quantity: formatDecimal(position.quantity),
  averagePrice: averagePriceOf(position.openCost, absolute(position.quantity)),
  realizedPnl: formatDecimal(position.realizedPnl),
  unrealizedPnl: null,
  markPrice: null,
  sequence,
});

export const balanceViewOf = (accountId: string, currency: string, balance: Balance, sequence: number): BalanceView => {
  const held = balance.held + balance.margin;
  return {
    accountId,
    currency,
    total: formatDecimal(balance.total),
    held: formatDecimal(held),
    available: formatDecimal(balance.total - held),
    sequence,
  };
};

/** Decimals as strings, counts as numbers, unset as null. */
export const limitsViewOf = (limits: RiskLimits): Readonly<Record<string, string | number | null>> =>
  Object.fromEntries(
    LIMIT_NAMES.map((name) => {
      const value = limits[name];
      return [name, typeof value === 'bigint' ? formatDecimal(value) : value];
    }),
  );
