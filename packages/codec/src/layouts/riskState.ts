/**
 * Layout of a risk partition: its facts, with the holds beside the accounts they are of. The links between accounts,
 * exposures, desks and holds are made again on reading.
 */
import {
  type AccountFacts,
  type AccountRisk,
  type Aggregate,
  APPROVAL_STATUSES,
  type Approval,
  accountFrom,
  type Balance,
  deskFrom,
  type Exposure,
  type ExposureFacts,
  exposureFrom,
  type Hold,
  type HoldFacts,
  type HoldTerms,
  holdCurrencyOf,
  initialRiskState,
  numberOfOrderId,
  type OrderSignature,
  type PendingTerms,
  type Position,
  type ProposedChange,
  partitionOfOrderId,
  type RateWindow,
  type RiskState,
  restoreHold,
  restrict,
  type TradingStateEntry,
} from '@oms/domain';
import type { Codec } from '@oms/ports';
import {
  arrayOf,
  bigInteger,
  bool,
  count,
  i64,
  mapBy,
  mapOf,
  nullable,
  oneOf,
  struct,
  text8,
  text16,
  time,
  u16,
  unionOf,
} from '../fieldTypes.ts';
import { malformed } from '../malformed.ts';
import { type StateLayout, storedStateCodec } from '../stateCodec.ts';
import { instrument, riskLimits, side, tradingScope, tradingState } from './shared.ts';

export interface StoredHold extends HoldFacts {
  readonly accountId: string;
  readonly symbol: string;
  readonly currency: string;
}

export interface StoredAccountRisk extends AccountFacts {
  readonly exposures: ReadonlyMap<string, ExposureFacts>;
  readonly holds: readonly StoredHold[];
}

export type StoredRiskState = Omit<RiskState, 'accounts' | 'desks' | 'holds' | 'restrictions'> & {
  readonly accounts: ReadonlyMap<string, StoredAccountRisk>;
  readonly desks: ReadonlyMap<string, Aggregate>;
};

const balance = struct<Balance>('Balance', {
  total: bigInteger,
  held: bigInteger,
  margin: bigInteger,
  deposited: bigInteger,
});

const position = struct<Position>('Position', {
  symbol: text8,
  quantity: bigInteger,
  openCost: bigInteger,
  realizedPnl: bigInteger,
  trades: count,
});

const holdTerms = struct<HoldTerms>('HoldTerms', {
  quantity: bigInteger,
  quoteQuantity: nullable(i64),
  price: nullable(i64),
  stopPrice: nullable(i64),
  holdPrice: bigInteger,
});

const hold = struct<StoredHold>('Hold', {
  orderId: text8,
  accountId: text8,
  symbol: text8,
  side,
  reduceOnly: bool,
  protectionPrice: nullable(bigInteger),
  terms: holdTerms,
  pendingTerms: arrayOf(struct<PendingTerms>('PendingTerms', { requestId: text8, terms: holdTerms })),
  filledQuantity: bigInteger,
  filledQuote: bigInteger,
  currency: text8,
  amount: bigInteger,
  openQuantity: bigInteger,
  openNotional: bigInteger,
});

const orderSignature = struct<OrderSignature>('OrderSignature', {
  side,
  quantity: bigInteger,
  quoteQuantity: nullable(i64),
  price: nullable(i64),
  stopPrice: nullable(i64),
});

const exposure = struct<ExposureFacts>('Exposure', {
  openBuyQuantity: bigInteger,
  openSellQuantity: bigInteger,
  reduceOnlyBuyQuantity: bigInteger,
  reduceOnlySellQuantity: bigInteger,
  reduceOnlyOrderIds: arrayOf(text8),
  lastOrder: nullable(orderSignature),
  repeatCount: count,
  repeatSince: time,
});

const rateWindow = struct<RateWindow>('RateWindow', { windowStart: time, count });

const accountRisk = struct<StoredAccountRisk>('AccountRisk', {
  accountId: text8,
  name: text16,
  kind: text8,
  deskId: text8,
  balances: mapOf(text8, balance),
  positions: mapBy('symbol', position),
  exposures: mapOf(text8, exposure),
  holds: arrayOf(hold),
  openNotional: bigInteger,
  submits: rateWindow,
  replaces: rateWindow,
  dayStart: time,
  realizedToday: mapOf(text8, bigInteger),
  limits: riskLimits,
  positionSequence: count,
  balanceSequence: count,
});

const aggregate = struct<Aggregate>('Aggregate', { limits: riskLimits, openOrders: count, openNotional: bigInteger });

const tradingStateEntry = struct<TradingStateEntry>('TradingStateEntry', {
  scope: tradingScope,
  id: nullable(text8),
  state: tradingState,
  reason: text16,
  actor: nullable(text16),
  changedAt: time,
});

const limitScope = oneOf('FIRM', 'DESK', 'ACCOUNT', 'DEFAULT');

const proposedChange = unionOf<ProposedChange, 'kind'>('ProposedChange', 'kind', {
  LIMITS: { scope: limitScope, id: text8, before: riskLimits, after: riskLimits },
  TRADING_STATE: {
    scope: tradingScope,
    id: nullable(text8),
    before: tradingState,
    after: tradingState,
    reason: text16,
  },
});

const approval = struct<Approval>('Approval', {
  approvalId: text8,
  change: proposedChange,
  requestedBy: text16,
  requestedAt: time,
  expiresAt: time,
  status: oneOf(...APPROVAL_STATUSES),
  decidedBy: nullable(text16),
  decidedAt: nullable(time),
  decisionReason: nullable(text16),
});

export const RISK_STATE: StateLayout<StoredRiskState> = {
  name: 'RiskState',
  fields: {
    partition: u16,
    instruments: mapBy('symbol', instrument),
    accounts: mapBy('accountId', accountRisk),
    tradingStates: mapOf(text16, tradingStateEntry),
    approvals: mapBy('approvalId', approval),
    defaultLimits: riskLimits,
    firm: aggregate,
    desks: mapOf(text8, aggregate),
    venueLedger: mapOf(text8, bigInteger),
    feeLedger: mapOf(text8, bigInteger),
    depositLedger: mapOf(text8, bigInteger),
  },
};

const storedHold = (hold: Hold): StoredHold => {
  const { account, instrument } = hold.exposure;
  const { accountId } = account;
  return { ...hold, accountId, symbol: instrument.symbol, currency: holdCurrencyOf(instrument, hold.side) };
};

/** Hands the holds over one by one, as an array would: in their stored form they exist only while they are written. */
const storedHolds = (holds: readonly Hold[]): readonly StoredHold[] =>
  ({
    length: holds.length,
    *[Symbol.iterator]() {
      for (const each of holds) yield storedHold(each);
    },
  }) as unknown as readonly StoredHold[];

function store(state: RiskState): StoredRiskState {
  const holds = new Map<AccountRisk, Hold[]>();
  for (const account of state.accounts.values()) holds.set(account, []);
  for (const each of state.holds) holds.get(each.exposure.account)!.push(each);
  const accounts = new Map<string, StoredAccountRisk>();
  for (const [account, own] of holds) accounts.set(account.accountId, { ...account, holds: storedHolds(own) });
  return { ...state, accounts };
}

function restore(stored: StoredRiskState): RiskState {
  const { accounts, desks, ...shared } = stored;
  const state: RiskState = { ...initialRiskState(stored.partition), ...shared };
  for (const [deskId, desk] of desks) state.desks.set(deskId, deskFrom(state, desk));
  for (const account of accounts.values()) restoreAccount(state, account);
  for (const entry of state.tradingStates.values()) restrict(state.restrictions, entry);
  return state;
}

function restoreAccount(state: RiskState, stored: StoredAccountRisk): void {
  const { accountId, deskId } = stored;
  const desk = state.desks.get(deskId);
  if (desk === undefined) malformed('AccountRisk.deskId', `there is no desk ${deskId}`);
  const account = accountFrom(state, stored, desk);
  state.accounts.set(accountId, account);
  for (const [symbol, exposure] of stored.exposures) {
    const instrument = state.instruments.get(symbol);
    if (instrument === undefined) malformed('AccountRisk.exposures', `there is no instrument ${symbol}`);
    exposureFrom(exposure, account, instrument);
  }
  let newest = -1;
  for (const each of stored.holds) {
    const number = numberOfOrderId(each.orderId);
    if (number <= newest) malformed('Hold.orderId', `"${each.orderId}" is no order id, or out of order`);
    newest = number;
    restoreHold(state, each, exposureOfHold(state, account, each));
  }
}

function exposureOfHold(state: RiskState, account: AccountRisk, stored: StoredHold): Exposure {
  const { orderId, accountId, symbol, side, currency } = stored;
  if (partitionOfOrderId(orderId) !== state.partition) malformed('Hold.orderId', `${orderId} is not of here`);
  if (state.holds.has(orderId)) malformed('Hold.orderId', `${orderId} appears twice`);
  if (accountId !== account.accountId) malformed('Hold.accountId', `${orderId} is of ${accountId}`);
  const exposure = account.exposures.get(symbol);
  if (exposure === undefined) malformed('Hold.symbol', `${accountId} has no exposure in ${symbol}`);
  if (currency !== holdCurrencyOf(exposure.instrument, side)) malformed('Hold.currency', `${orderId} in ${currency}`);
  return exposure;
}

export const riskStateCodec: Codec<RiskState> = storedStateCodec(RISK_STATE, store, restore);
