/** Reads the option `--market-data simulated[:SEED] | replay:FILE[,symbol=BTC-USD][,speed=1]`. */
import { ONE, parseDecimal, type Rate } from '@oms/domain';
import { InfrastructureError } from '@oms/ports';

export type MarketDataSource =
  | { readonly kind: 'simulated'; readonly seed: string }
  | { readonly kind: 'replay'; readonly file: string; readonly symbol: string; readonly speed: Rate };

export const DEFAULT_SEED = '1';
const DEFAULT_SYMBOL = 'BTC-USD';
/** From a thousandth to a million times real time. */
const SPEED_MIN = ONE / 1_000n;
const SPEED_MAX = ONE * 1_000_000n;

/** @throws InfrastructureError CONFIGURATION_INVALID saying what was expected. */
export function parseMarketDataSource(text: string): MarketDataSource {
  if (text === 'simulated') return { kind: 'simulated', seed: DEFAULT_SEED };
  if (text.startsWith('simulated:')) {
    const seed = text.slice('simulated:'.length);
    if (seed === '' || seed.length > 64) throw invalid(text, 'a seed of 1 to 64 characters after "simulated:"');
    return { kind: 'simulated', seed };
  }
  if (text.startsWith('replay:')) return parseReplay(text);
  throw invalid(text, '"simulated", "simulated:SEED" or "replay:FILE[,symbol=BTC-USD][,speed=1]"');
}

function parseReplay(text: string): MarketDataSource {
  const [file = '', ...settings] = text.slice('replay:'.length).split(',');
  if (file === '') throw invalid(text, 'a file after "replay:"');
  let symbol = DEFAULT_SYMBOL;
  let speed: Rate = ONE;
  for (const setting of settings) {
    const [name, value = ''] = setting.split('=', 2);
    if (name === 'symbol' && value !== '') {
      symbol = value;
    } else if (name === 'speed') {
      const parsed = parseDecimal(value);
      if (parsed === null || parsed < SPEED_MIN || parsed > SPEED_MAX) {
        throw invalid(text, 'a speed from 0.001 to 1000000, such as speed=10');
      }
      speed = parsed;
    } else {
      throw invalid(text, `symbol=… or speed=… instead of "${setting}"`);
    }
  }
  return { kind: 'replay', file, symbol, speed };
}

const invalid = (text: string, expected: string): InfrastructureError =>
  new InfrastructureError('CONFIGURATION_INVALID', `--market-data ${JSON.stringify(text)}: expected ${expected}`);
