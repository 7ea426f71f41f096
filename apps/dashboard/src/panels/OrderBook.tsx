/**
 * The live ladder of one instrument: depth bars, cumulative size, our own resting orders marked, levels grouped by a
 * tick of choice; a click on a price fills the ticket. Recent trades are beside it.
 */
import { useEffect, useMemo, useState } from 'react';
import { atoms, decimalsOf, formatDecimal, roundDown, show } from '../numbers/decimals.ts';
import { useTimes } from '../numbers/times.ts';
import { isOpen, useAccount } from '../services/accountStore.ts';
import { useStale } from '../services/connectionStore.ts';
import { useMarket, watchSymbol } from '../services/marketStore.ts';
import { useSymbol } from '../services/settingsStore.ts';
import { fillTicket } from '../services/ticketStore.ts';
import { groupLevels, type LadderLevel } from './ladder.ts';
import styles from './OrderBook.module.css';

const GROUPS = [1n, 10n, 100n, 1_000n];
const LEVELS = 14;

export function OrderBook() {
  const symbol = useSymbol();
  useEffect(() => watchSymbol(symbol), [symbol]);
  return (
    <div className={styles.frame} data-stale={useStale()}>
      <Ladder key={symbol} symbol={symbol} />
      <RecentTrades symbol={symbol} />
    </div>
  );
}

function Ladder({ symbol }: { readonly symbol: string }) {
  const [group, setGroup] = useState(1n);
  const book = useMarket((state) => state.books[symbol]);
  const instrument = useMarket((state) => state.instruments.get(symbol));
  const own = useOwnPrices(symbol);
  const increment = atoms(instrument?.priceIncrement ?? '0.01') * group;
  const decimals = decimalsOf(formatDecimal(increment));
  // More would not be read; the exact size is in the label.
  const quantityDecimals = Math.min(4, decimalsOf(instrument?.quantityIncrement ?? '0.0001'));
  const { asks, bids } = useMemo(
    () => ({
      asks: groupLevels(book?.asks ?? [], increment, 'SELL', LEVELS),
      bids: groupLevels(book?.bids ?? [], increment, 'BUY', LEVELS),
    }),
    [book, increment],
  );
  const deepest = [asks.at(-1)?.cumulative ?? 0n, bids.at(-1)?.cumulative ?? 0n].reduce((a, b) => (a > b ? a : b));
  const spread = asks[0] !== undefined && bids[0] !== undefined ? asks[0].price - bids[0].price : null;
  const level = (side: 'BUY' | 'SELL') => (each: LadderLevel) => (
    <Level
      key={String(each.price)}
      level={each}
      side={side}
      share={deepest === 0n ? 0 : Number((each.cumulative * 1_000n) / deepest) / 10}
      own={own.some(({ side: ownSide, price }) => ownSide === side && bucketOf(price, increment, side) === each.price)}
      decimals={decimals}
      quantityDecimals={quantityDecimals}
    />
  );
  return (
    <section className={styles.ladder} aria-label={`Order book of ${symbol}`}>
      <div className={styles.head}>
        <label>
          Tick{' '}
          <select value={String(group)} onChange={(event) => setGroup(BigInt(event.target.value))}>
            {GROUPS.map((each) => (
              <option key={String(each)} value={String(each)}>
                {formatDecimal(atoms(instrument?.priceIncrement ?? '0.01') * each)}
              </option>
            ))}
          </select>
        </label>
      </div>
      <div className={styles.columns} aria-hidden="true">
        <span>Price</span>
        <span>Size</span>
        <span>Total</span>
      </div>
      <ol className={styles.asks}>{asks.toReversed().map(level('SELL'))}</ol>
      <div className={styles.spread}>
        Spread <strong>{spread === null ? '–' : show(formatDecimal(spread), decimals, decimals)}</strong>
      </div>
      <ol className={styles.bids}>{bids.map(level('BUY'))}</ol>
      {book === undefined && <p className={styles.empty}>Waiting for the book of {symbol} …</p>}
    </section>
  );
}

const bucketOf = (price: bigint, increment: bigint, side: 'BUY' | 'SELL'): bigint => {
  const down = roundDown(price, increment);
  return side === 'BUY' || down === price ? down : down + increment;
};

function useOwnPrices(symbol: string): readonly { readonly side: 'BUY' | 'SELL'; readonly price: bigint }[] {
  const orders = useAccount((state) => state.orders);
  return useMemo(
    () =>
      [...orders.values()]
        .filter((order) => order.symbol === symbol && order.price !== null && isOpen(order))
        .map((order) => ({ side: order.side, price: atoms(order.price) })),
    [orders, symbol],
  );
}

interface LevelProps {
  readonly level: LadderLevel;
  readonly side: 'BUY' | 'SELL';
  /** Of the deepest level's cumulative size, in percent. */
  readonly share: number;
  readonly own: boolean;
  readonly decimals: number;
  readonly quantityDecimals: number;
}

function Level({ level, side, share, own, decimals, quantityDecimals }: LevelProps) {
  const price = formatDecimal(level.price);
  const taking = side === 'BUY' ? 'SELL' : 'BUY';
  return (
    <li>
      <button
        type="button"
        className={styles.level}
        style={{ '--share': `${share}%` } as React.CSSProperties}
        data-side={side}
        title={`Fill the ticket: ${taking} at ${price}`}
        onClick={() => fillTicket({ price, side: taking })}
      >
        <span className={side === 'BUY' ? 'buy' : 'sell'}>
          <span className="hidden">{side === 'BUY' ? 'Bid' : 'Ask'}</span>
          {own && <span title="An order of yours">▸ </span>}
          {show(price, decimals, decimals)}
        </span>
        <span>{show(formatDecimal(level.quantity), quantityDecimals, quantityDecimals)}</span>
        <span>{show(formatDecimal(level.cumulative), quantityDecimals, quantityDecimals)}</span>
      </button>
    </li>
  );
}

const TRADES_SHOWN = 40;

function RecentTrades({ symbol }: { readonly symbol: string }) {
  const trades = useMarket((state) => state.trades[symbol]) ?? [];
  const instrument = useMarket((state) => state.instruments.get(symbol));
  const times = useTimes();
  const decimals = decimalsOf(instrument?.priceIncrement ?? '0.01');
  return (
    <section
      className={styles.trades}
      aria-label={`Recent trades of ${symbol}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by keyboard
      tabIndex={0}
    >
      <div className={styles.columns} aria-hidden="true">
        <span>Price</span>
        <span>Size</span>
        <span>Time</span>
      </div>
      <ol>
        {trades.slice(0, TRADES_SHOWN).map((trade) => (
          <li key={trade.sequence} className={styles.trade}>
            <span className={trade.aggressorSide === 'BUY' ? 'buy' : 'sell'}>
              <span aria-hidden="true">{trade.aggressorSide === 'BUY' ? '↑' : '↓'} </span>
              <span className="hidden">{trade.aggressorSide}</span>
              {show(trade.price, decimals, decimals)}
            </span>
            <span>{show(trade.quantity, 4, 4)}</span>
            <time dateTime={trade.time}>{times.clock(trade.time)}</time>
          </li>
        ))}
      </ol>
    </section>
  );
}
