/** What the tests of the generator's parts have in common: a market, and orders priced by it. */
import type { BookView, InstrumentView } from '@oms/client';
import { type MixOptions, OrderMix } from '../../src/bench/generator/orderMix.ts';
import { OrderTexts } from '../../src/bench/generator/orderTexts.ts';
import { termsOf } from '../../src/bench/marketTerms.ts';

export const instrument: InstrumentView = {
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: '0.01',
  quantityIncrement: '0.000001',
  minQuantity: '0.00001',
  maxQuantity: '1000',
  minNotional: '5',
  makerFeeRate: '0',
  takerFeeRate: '0',
  initialMarginRate: '0',
  status: 'TRADING',
};
export const book: BookView = {
  symbol: 'BTC-USD',
  sequence: 1,
  time: '',
  bids: [['50000', '1']],
  asks: [['50010', '1']],
};

export const ID_PREFIX = 'b-';
export const MIX: MixOptions = { seed: 1, accounts: 3, replaceShare: 0, cancelShare: 0, tradeShare: 0.33, skew: 0 };

export function mixOf(options: Partial<MixOptions> = {}): OrderMix {
  const mix = new OrderMix({ ...MIX, ...options });
  mix.symbols = 2;
  return mix;
}

export const terms = [instrument, { ...instrument, symbol: 'ETH-USD' }].map((one) => termsOf(one, book)!);

export function textsOf(accounts = MIX.accounts): OrderTexts {
  const texts = new OrderTexts(ID_PREFIX, accounts);
  texts.price(terms);
  return texts;
}

export const orderJson = (orderId: string, status: string): string =>
  `{"orderId":"${orderId}","clientOrderId":"b-1","tags":[],"status":"${status}","fees":[],"reason":null}`;
