/** The default instruments are listable, and cover what the API promises. */
import { validateInstrument } from '@oms/domain';
import { expect, it } from 'vitest';
import { defaultInstruments } from '../src/index.ts';

it.each(defaultInstruments())('$symbol can be listed', (instrument) => {
  expect(validateInstrument(instrument)).toBeNull();
});

it('the default instruments are the four spot pairs and two perpetuals', () => {
  const symbols = defaultInstruments().map(({ symbol, kind }) => `${symbol} ${kind}`);
  expect(symbols).toEqual([
    'BTC-USD SPOT',
    'ETH-USD SPOT',
    'SOL-USD SPOT',
    'XRP-USD SPOT',
    'BTC-PERP PERPETUAL',
    'ETH-PERP PERPETUAL',
  ]);
});
