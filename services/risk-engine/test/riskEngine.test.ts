/** The risk engine as the runtime sees it: decisions become bytes and back, and a snapshot carries on as the live state. */
import {
  decimal,
  type Instrument,
  type RiskEngineMessage,
  type RiskEvent,
  type RiskState,
  type SettleFill,
} from '@oms/domain';
import { ByteReader, ByteWriter } from '@oms/ports';
import { describe, expect, it } from 'vitest';
import { riskEngine } from '../src/index.ts';

const NOW = Date.UTC(2026, 0, 5, 12);

const PERP: Instrument = {
  symbol: 'BTC-PERP',
  base: 'BTC',
  quote: 'USD',
  kind: 'PERPETUAL',
  priceIncrement: decimal('0.5'),
  quantityIncrement: decimal('0.001'),
  minQuantity: decimal('0.001'),
  maxQuantity: decimal('100'),
  minNotional: decimal('1'),
  makerFeeRate: decimal('0.001'),
  takerFeeRate: decimal('0.002'),
  initialMarginRate: decimal('0.1'),
  status: 'TRADING',
};

const assess = (orderId: string, side: 'BUY' | 'SELL', reduceOnly: boolean): RiskEngineMessage => ({
  type: 'AssessOrder',
  orderId,
  accountId: 'A',
  terms: {
    symbol: 'BTC-PERP',
    side,
    type: 'LIMIT',
    timeInForce: 'GTC',
    quantity: decimal('2'),
    quoteQuantity: null,
    price: decimal('100'),
    stopPrice: null,
    triggerSource: 'LAST',
    expireTime: null,
    postOnly: false,
    reduceOnly,
    tags: [],
  },
  replyTo: null,
});

const fill: SettleFill = {
  type: 'SettleFill',
  accountId: 'A',
  orderId: 'o-0-1',
  executionId: 'x-1',
  symbol: 'BTC-PERP',
  side: 'BUY',
  quantity: decimal('2'),
  price: decimal('100'),
  fee: decimal('0.4'),
  feeCurrency: 'USD',
  closes: true,
};
const { closes: _, ...trade } = fill;
const operator = { actor: 'ann', replyTo: 1 } as const;

const MESSAGES: readonly RiskEngineMessage[] = [
  { type: 'ListInstrument', instrument: PERP },
  {
    type: 'OpenAccount',
    accountId: 'A',
    name: 'Alpha',
    kind: 'DESK',
    deskId: 'D',
    deposits: [{ currency: 'USD', amount: decimal('1000') }],
    replyTo: 1,
  },
  assess('o-0-1', 'BUY', false),
  fill,
  assess('o-0-2', 'SELL', true),
  {
    type: 'AssessReplace',
    orderId: 'o-0-2',
    accountId: 'A',
    requestId: 'r1',
    quantity: decimal('1'),
    price: decimal('99'),
    stopPrice: null,
    replyTo: null,
  },
  { type: 'ReplaceAnswered', accountId: 'A', orderId: 'o-0-2', requestId: 'r1', accepted: true },
  { type: 'ShrinkHold', accountId: 'A', orderId: 'o-0-2', quantity: decimal('0.5') },
  { ...trade, type: 'ReverseFill', reopened: null },
  { type: 'ReleaseHold', accountId: 'A', orderId: 'o-0-2' },
  { type: 'ChangeTradingState', scope: 'FIRM', id: null, state: 'HALTED', reason: 'drill', ...operator },
];

const engine = riskEngine();
const price = decimal('100');
const context = {
  now: NOW,
  market: {
    book: () => undefined,
    prices: () => ({ last: price, bestBid: price, bestAsk: price, mark: price, time: NOW }),
  },
  instruments: new Map<string, Instrument>(),
};

function throughBytes<T>(
  value: T,
  codec: { encode(value: T, writer: ByteWriter): void; decode(reader: ByteReader): T },
): T {
  const writer = new ByteWriter();
  codec.encode(value, writer);
  return codec.decode(new ByteReader(writer.written()));
}

/** Plays the messages; every event is folded as it comes back from its bytes. */
function play(messages: readonly RiskEngineMessage[], state: RiskState): { state: RiskState; types: string[] } {
  const types: string[] = [];
  for (const message of messages) {
    for (const event of engine.receive(message, state, context).events) {
      const read: RiskEvent = throughBytes(event, engine.eventCodec);
      expect(read).toEqual(event);
      engine.evolve(state, read, NOW);
      types.push(event.type);
    }
  }
  return { state, types };
}

describe('the risk engine', () => {
  it('decides, journals and folds a life of orders', () => {
    expect(engine.service).toBe('risk-engine');
    expect(play(MESSAGES, engine.initialState(0)).types).toEqual([
      'InstrumentListed',
      'AccountOpened',
      'FundsDeposited',
      'HoldPlaced',
      'FillSettled',
      'HoldReleased',
      'HoldPlaced',
      'HoldRaised',
      'HoldRetermed',
      'HoldShrunk',
      'FillReversed',
      'HoldReleased',
      'TradingStateChanged',
    ]);
  });

  it('carries on from a snapshot taken anywhere as if nothing had happened', () => {
    const live = play(MESSAGES, engine.initialState(0)).state;
    for (let taken = 0; taken <= MESSAGES.length; taken++) {
      const before = play(MESSAGES.slice(0, taken), engine.initialState(0)).state;
      const restored = throughBytes(before, engine.stateCodec);
      expect(restored).toEqual(before);
      expect(play(MESSAGES.slice(taken), restored).state).toEqual(live);
    }
  });
});
