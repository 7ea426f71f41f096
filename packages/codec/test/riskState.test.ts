/** The risk state whose parts are linked: what must hold beyond the properties of its stored layout. */
import {
  RISK_STATE,
  riskStateCodec,
  type StoredAccountRisk,
  type StoredHold,
  type StoredRiskState,
  stateCodec,
} from '@oms/codec';
import {
  DEFAULT_LIMITS,
  decimal,
  evolveRisk,
  type HoldPlaced,
  type Instrument,
  initialRiskState,
  NO_LIMITS,
  type RiskEvent,
  type RiskState,
} from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { attempt, bytesOf, hexOf, readerOf } from './bytes.ts';

const NOW = Date.UTC(2026, 0, 5, 12);

const spot: Instrument = {
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: decimal('0.5'),
  quantityIncrement: decimal('0.001'),
  minQuantity: decimal('0.001'),
  maxQuantity: decimal('100'),
  minNotional: decimal('0.05'),
  makerFeeRate: decimal('0.001'),
  takerFeeRate: decimal('0.002'),
  initialMarginRate: 0n,
  status: 'TRADING',
};
const perpetual: Instrument = { ...spot, symbol: 'BTC-PERP', kind: 'PERPETUAL', initialMarginRate: decimal('0.1') };

const placed = (orderId: string, accountId: string, order: Partial<HoldPlaced> = {}): HoldPlaced => ({
  type: 'HoldPlaced',
  accountId,
  orderId,
  symbol: 'BTC-USD',
  side: 'BUY',
  quantity: decimal('2'),
  quoteQuantity: null,
  price: decimal('100'),
  stopPrice: null,
  holdPrice: decimal('100'),
  protectionPrice: null,
  reduceOnly: false,
  ...order,
});

const filled = (orderId: string, accountId: string): RiskEvent => ({
  type: 'FillSettled',
  accountId,
  orderId,
  executionId: `x-${orderId}`,
  symbol: 'BTC-USD',
  side: 'BUY',
  quantity: decimal('1'),
  price: decimal('99.5'),
  fee: decimal('0.1'),
  feeCurrency: 'USD',
});

/** Two accounts of one desk with open orders on both sides, a replace under way, a position, and a halt. */
const BEFORE: readonly RiskEvent[] = [
  { type: 'InstrumentListed', instrument: spot },
  { type: 'InstrumentListed', instrument: perpetual },
  { type: 'LimitsChanged', scope: 'DEFAULT', id: '', limits: DEFAULT_LIMITS, actor: null },
  ...['A', 'B'].flatMap((accountId): RiskEvent[] => [
    { type: 'AccountOpened', accountId, name: accountId, kind: 'DESK', deskId: 'D' },
    { type: 'FundsDeposited', accountId, currency: 'USD', amount: decimal('10000') },
    { type: 'FundsDeposited', accountId, currency: 'BTC', amount: decimal('10') },
  ]),
  placed('o-0-1', 'A'),
  placed('o-0-2', 'B', { side: 'SELL' }),
  placed('o-0-3', 'A', { symbol: 'BTC-PERP', side: 'SELL', reduceOnly: true }),
  filled('o-0-1', 'A'),
  {
    type: 'HoldRaised',
    accountId: 'B',
    orderId: 'o-0-2',
    requestId: 'r',
    quantity: decimal('3'),
    price: decimal('101'),
    stopPrice: null,
    holdPrice: decimal('101'),
  },
  { type: 'TradingStateChanged', scope: 'ACCOUNT', id: 'B', state: 'HALTED', reason: 'test', actor: 'risk' },
  { type: 'TradingStateChanged', scope: 'FIRM', id: null, state: 'ACTIVE', reason: 'test', actor: 'risk' },
];

/** What touches every link: the balances, the desk, the instrument, the limits, the holds. */
const AFTER: readonly RiskEvent[] = [
  filled('o-0-1', 'A'),
  { type: 'HoldReleased', accountId: 'A', orderId: 'o-0-1' },
  { type: 'HoldRetermed', accountId: 'B', orderId: 'o-0-2', requestId: 'r', accepted: true },
  { type: 'InstrumentListed', instrument: { ...spot, takerFeeRate: decimal('0.003') } },
  { type: 'LimitsChanged', scope: 'DESK', id: 'D', limits: { ...NO_LIMITS, openOrdersMax: 1 }, actor: null },
  placed('o-0-4', 'B', { symbol: 'BTC-PERP' }),
  { type: 'HoldReleased', accountId: 'A', orderId: 'o-0-3' },
];

function folded(state: RiskState, events: readonly RiskEvent[]): RiskState {
  for (const event of events) evolveRisk(state, event, NOW);
  return state;
}

const encode = (state: RiskState): Uint8Array => bytesOf((writer) => riskStateCodec.encode(state, writer));
const decode = (bytes: Uint8Array): RiskState => riskStateCodec.decode(readerOf(bytes));

describe('the risk state', () => {
  it('comes back with every link it had', () => {
    const state = folded(initialRiskState(0), BEFORE);
    const restored = decode(encode(state));
    expect(restored).toEqual(state);
    expect(restored.accounts.get('A')!.desk).toBe(restored.desks.get('D'));
    expect(restored.restrictions.accounts.get('B')).toBe(restored.tradingStates.get('ACCOUNT:B'));
    for (const { exposure } of restored.holds) {
      expect(restored.accounts.get(exposure.account.accountId)!.exposures.get(exposure.instrument.symbol)).toBe(
        exposure,
      );
    }
  });

  it('goes on from a snapshot as if there had been none', () => {
    const state = folded(initialRiskState(0), BEFORE);
    const restored = folded(decode(encode(state)), AFTER);
    folded(state, AFTER);
    expect(hexOf(encode(restored))).toBe(hexOf(encode(state)));
    expect(restored).toEqual(state);
  });
});

const STORED: StoredRiskState = stateCodec(RISK_STATE).decode(readerOf(encode(folded(initialRiskState(0), BEFORE))));
const ACCOUNT = STORED.accounts.get('A')!;
const HOLD = ACCOUNT.holds[0]!;

const withAccount = (change: Partial<StoredAccountRisk>): Uint8Array => {
  const accounts = new Map(STORED.accounts).set('A', { ...ACCOUNT, ...change });
  return bytesOf((writer) => stateCodec(RISK_STATE).encode({ ...STORED, accounts }, writer));
};
const withHold = (change: Partial<StoredHold>): Uint8Array =>
  withAccount({ holds: [...ACCOUNT.holds, { ...HOLD, orderId: 'o-0-9', ...change }] });

describe('a stored risk state', () => {
  it.each([
    ['whose desk is missing', withAccount({ deskId: 'E' })],
    [
      'with an exposure in what is not listed',
      withAccount({ exposures: new Map([['ETH-USD', ACCOUNT.exposures.get('BTC-USD')!]]) }),
    ],
    ['with a hold for no order id', withHold({ orderId: 'x-1' })],
    ['with a hold of another partition', withHold({ orderId: 'o-1-9' })],
    ['with holds out of order', withAccount({ holds: [...ACCOUNT.holds].reverse() })],
    ['with two holds for one order', withHold({ orderId: 'o-0-1' })],
    ['with a hold of another account', withHold({ accountId: 'B' })],
    ['with a hold in what the account has no exposure in', withHold({ symbol: 'ETH-USD' })],
    ['with a hold in another currency', withHold({ currency: 'BTC' })],
  ])('%s is malformed', (_, bytes) => {
    expect(attempt(riskStateCodec.decode, withHold({}))).toHaveProperty('value');
    expect(attempt(riskStateCodec.decode, bytes)).toEqual({ refused: 'CODEC_MALFORMED' });
  });
});
