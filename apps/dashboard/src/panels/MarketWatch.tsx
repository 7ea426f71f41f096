/** All instruments with their prices: search, favourites first, a click makes one the symbol of the other panels. */
import { useMemo, useState } from 'react';
import { Sparkline } from '../components/Sparkline.tsx';
import { atoms, decimalsOf, formatDecimal, percentChange, show } from '../numbers/decimals.ts';
import { useStale } from '../services/connectionStore.ts';
import { useMarket } from '../services/marketStore.ts';
import { changeSettings, useSettings, useSymbol } from '../services/settingsStore.ts';
import styles from './MarketWatch.module.css';

export function MarketWatch() {
  const [search, setSearch] = useState('');
  const instruments = useMarket((state) => state.instruments);
  const favourites = useSettings((settings) => settings.favourites);
  const rows = useMemo(() => {
    const wanted = search.trim().toUpperCase();
    const all = [...instruments.keys()].filter((symbol) => symbol.includes(wanted));
    return all.sort((one, other) => Number(favourites.includes(other)) - Number(favourites.includes(one)));
  }, [instruments, search, favourites]);
  return (
    <div className={styles.frame}>
      <input
        type="search"
        className={styles.search}
        placeholder="Search instruments"
        aria-label="Search instruments"
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <table className={styles.table} aria-label="Instruments">
        <thead>
          <tr>
            <th scope="col">Symbol</th>
            <th scope="col">Last</th>
            <th scope="col">24 h</th>
            <th scope="col">Spread</th>
            <th scope="col">
              <span className="hidden">Last hour</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((symbol) => (
            <Row key={symbol} symbol={symbol} favourite={favourites.includes(symbol)} />
          ))}
        </tbody>
      </table>
      {rows.length === 0 && <p className={styles.empty}>No instrument matches “{search}”.</p>}
    </div>
  );
}

function Row({ symbol, favourite }: { readonly symbol: string; readonly favourite: boolean }) {
  const ticker = useMarket((state) => state.tickers[symbol]);
  const path = useMarket((state) => state.paths[symbol]);
  const instrument = useMarket((state) => state.instruments.get(symbol));
  const stale = useStale();
  const chosen = useSymbol() === symbol;
  const favourites = useSettings((settings) => settings.favourites);
  const decimals = instrument === undefined ? 2 : decimalsOf(instrument.priceIncrement);
  const change = ticker === undefined ? null : percentChange(ticker.open24h, ticker.last);
  const spread =
    ticker?.bestBid == null || ticker.bestAsk === null
      ? null
      : formatDecimal(atoms(ticker.bestAsk) - atoms(ticker.bestBid));
  return (
    <tr className={chosen ? styles.chosen : ''} data-stale={stale}>
      <th scope="row">
        <button
          type="button"
          className={styles.star}
          aria-pressed={favourite}
          aria-label={`${symbol} is a favourite`}
          onClick={() =>
            changeSettings({
              favourites: favourite ? favourites.filter((each) => each !== symbol) : [...favourites, symbol],
            })
          }
        >
          {favourite ? '★' : '☆'}
        </button>
        <button type="button" className={styles.symbol} onClick={() => changeSettings({ symbol })}>
          {symbol}
        </button>
      </th>
      <td>{show(ticker?.last, decimals, decimals)}</td>
      <td className={change === null ? '' : change.startsWith('−') ? 'sell' : 'buy'}>{change ?? '–'}</td>
      <td>{show(spread, decimals, decimals)}</td>
      <td>
        <Sparkline values={path ?? []} />
      </td>
    </tr>
  );
}
