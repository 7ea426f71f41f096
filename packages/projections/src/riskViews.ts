/** Positions, balances and limits as documents. Prices are not journalled: what depends on a mark price is null. */
import {
  type AccountRisk,
  absolute,
  type Balance,
  type BalanceView,
  averagePriceOf,
  formatDecimal,
  LIMIT_NAMES,
  type Position,
  type PositionView,
  type RiskLimits,
} from '@oms/domain';

export const positionViewOf = (account: AccountRisk, position: Position): PositionView => ({
  accountId: account.accountId,
  symbol: position.symbol,
  quantity: formatDecimal(position.quantity),
  averagePrice: averagePriceOf(position.openCost, absolute(position.quantity)),
  realizedPnl: formatDecimal(position.realizedPnl),
  unrealizedPnl: null,
  markPrice: null,
  sequence: account.positionSequence,
});

export const balanceViewOf = (account: AccountRisk, currency: string, balance: Balance): BalanceView => {
  const held = balance.held + balance.margin;
  return {
    accountId: account.accountId,
    currency,
    total: formatDecimal(balance.total),
    held: formatDecimal(held),
    available: formatDecimal(balance.total - held),
    sequence: account.balanceSequence,
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
