/** The instruments the house lists when nobody says otherwise: four spot pairs and two perpetuals, all in USD. */
import { decimal, type Instrument } from '@oms/domain';

interface Row {
  readonly symbol: string;
  readonly priceIncrement: string;
  readonly quantityIncrement: string;
  readonly quantities: readonly [minQuantity: string, maxQuantity: string];
  readonly minNotional: string;
}

// biome-ignore format: the table is meant to be read in columns
const SPOT: readonly Row[] = [
  { symbol: 'BTC-USD', priceIncrement: '0.01',   quantityIncrement: '0.000001', quantities: ['0.00001', '1000'],  minNotional: '5' },
  { symbol: 'ETH-USD', priceIncrement: '0.01',   quantityIncrement: '0.00001',  quantities: ['0.0001', '10000'],  minNotional: '5' },
  { symbol: 'SOL-USD', priceIncrement: '0.001',  quantityIncrement: '0.001',    quantities: ['0.01', '200000'],   minNotional: '5' },
  { symbol: 'XRP-USD', priceIncrement: '0.0001', quantityIncrement: '0.1',      quantities: ['1', '10000000'],    minNotional: '5' },
];

// biome-ignore format: the table is meant to be read in columns
const PERPETUAL: readonly Row[] = [
  { symbol: 'BTC-PERP', priceIncrement: '0.1',   quantityIncrement: '0.001',    quantities: ['0.001', '1000'],    minNotional: '10' },
  { symbol: 'ETH-PERP', priceIncrement: '0.01',  quantityIncrement: '0.001',    quantities: ['0.001', '10000'],   minNotional: '10' },
];

/** Every instrument passes `validateInstrument`; a fresh array each time. */
export const defaultInstruments = (): Instrument[] => [
  ...SPOT.map((row) => instrumentOf(row, 'SPOT', ['0.0005', '0.001'], '0')),
  ...PERPETUAL.map((row) => instrumentOf(row, 'PERPETUAL', ['0.0002', '0.0005'], '0.1')),
];

function instrumentOf(
  row: Row,
  kind: Instrument['kind'],
  [makerFeeRate, takerFeeRate]: readonly [string, string],
  initialMarginRate: string,
): Instrument {
  return {
    symbol: row.symbol,
    base: row.symbol.slice(0, row.symbol.indexOf('-')),
    quote: 'USD',
    kind,
    priceIncrement: decimal(row.priceIncrement),
    quantityIncrement: decimal(row.quantityIncrement),
    minQuantity: decimal(row.quantities[0]),
    maxQuantity: decimal(row.quantities[1]),
    minNotional: decimal(row.minNotional),
    makerFeeRate: decimal(makerFeeRate),
    takerFeeRate: decimal(takerFeeRate),
    initialMarginRate: decimal(initialMarginRate),
    status: 'TRADING',
  };
}
