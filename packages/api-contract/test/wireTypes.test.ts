/** The wire schemas are the domain's views, member for member: a difference fails the type check, a value the run. */
import type {
  AccountLimitsView,
  AccountView,
  AuditEntry,
  BalanceView,
  ExecutionReport,
  OrderView,
  PositionView,
  Reason,
  TradingStateView,
} from '@oms/domain';
import { CANDLE_INTERVALS, type HouseStatus } from '@oms/ports';
import type { TSchema } from 'typebox';
import { describe, expect, expectTypeOf, it } from 'vitest';
import {
  type AccountLimitsSchema,
  type AccountSchema,
  type AuditEntrySchema,
  BalanceSchema,
  CANDLE_INTERVAL_NAMES,
  type ExecutionReportSchema,
  type HouseStatusSchema,
  type OrderSchema,
  type PositionSchema,
  type ReadonlyStatic,
  type ReasonSchema,
  shapeOf,
  type TradingStateSchema,
} from '../src/index.ts';

describe('wire schemas', () => {
  it('have the types of the domain views', () => {
    expectTypeOf<ReadonlyStatic<typeof OrderSchema>>().toEqualTypeOf<OrderView>();
    expectTypeOf<ReadonlyStatic<typeof ExecutionReportSchema>>().toEqualTypeOf<ExecutionReport>();
    expectTypeOf<ReadonlyStatic<typeof ReasonSchema>>().toEqualTypeOf<Reason>();
    expectTypeOf<ReadonlyStatic<typeof PositionSchema>>().toEqualTypeOf<PositionView>();
    expectTypeOf<ReadonlyStatic<typeof BalanceSchema>>().toEqualTypeOf<BalanceView>();
    expectTypeOf<ReadonlyStatic<typeof AccountSchema>>().toEqualTypeOf<AccountView>();
    expectTypeOf<ReadonlyStatic<typeof AccountLimitsSchema>>().toEqualTypeOf<AccountLimitsView>();
    expectTypeOf<ReadonlyStatic<typeof TradingStateSchema>>().toEqualTypeOf<TradingStateView>();
    expectTypeOf<ReadonlyStatic<typeof AuditEntrySchema>>().toEqualTypeOf<AuditEntry>();
    expectTypeOf<ReadonlyStatic<typeof HouseStatusSchema>>().toEqualTypeOf<HouseStatus>();
    expect(CANDLE_INTERVAL_NAMES).toEqual(CANDLE_INTERVALS);
  });

  it('take a view as it is and refuse one with a member too many or too few', () => {
    const balance: BalanceView = {
      accountId: 'A',
      currency: 'USD',
      total: '1',
      held: '-0.5',
      available: '1.5',
      sequence: 7,
    };
    const { accountId: _left, ...less } = balance;
    const shape = shapeOf(BalanceSchema as TSchema);
    expect(shape.matches(balance)).toBe(true);
    expect(shape.matches({ ...balance, more: 1 })).toBe(false);
    expect(shape.matches(less)).toBe(false);
  });
});
