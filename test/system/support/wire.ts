/** The wire types the tests look at. */
export type {
  BalanceView as Balance,
  ExecutionReport,
  OrderView as Order,
  PositionView as Position,
} from '@oms/domain';
