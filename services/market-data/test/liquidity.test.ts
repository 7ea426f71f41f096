/** Made-up liquidity: where levels stand, that they stay, and that what was taken is gone for a while. */
import { decimal } from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { defaultInstruments } from '../src/index.ts';
import { LEVELS_PER_SIDE, Liquidity } from '../src/liquidity.ts';

const BTC = defaultInstruments().find(({ symbol }) => symbol === 'BTC-USD')!;
const newLiquidity = () => new Liquidity(BTC, decimal('40000'), decimal('60000'), 7);
const NOW = 1_000_000;

describe('levels', () => {
  it('start at or beyond the given tick and stay where they are when the market moves', () => {
    const levels = newLiquidity().levels('asks', 4_000_000, NOW);
    expect(levels).toHaveLength(LEVELS_PER_SIDE);
    expect(levels[0]!.tick).toBeGreaterThanOrEqual(4_000_000);
    const ticks = newLiquidity()
      .levels('asks', levels[3]!.tick, NOW)
      .map(({ tick }) => tick);
    expect(ticks.slice(0, 20)).toEqual(levels.slice(3, 23).map(({ tick }) => tick));
  });

  it('show less after somebody took of them, and recover', () => {
    const liquidity = newLiquidity();
    const [best, next] = liquidity.levels('bids', 4_000_000, NOW);
    liquidity.take(best!.tick, NOW, 1);
    expect(liquidity.levels('bids', 4_000_000, NOW)[0]).toEqual({ tick: best!.tick, lots: best!.lots - 1 });
    liquidity.take(best!.tick, NOW, best!.lots - 1);
    expect(liquidity.levels('bids', 4_000_000, NOW)[0]!.tick).toBe(next!.tick);
    expect(liquidity.levels('bids', 4_000_000, NOW + 10_000)[0]!.tick).toBe(best!.tick);
  });
});
