/**
 * Candles with volume, own open orders as lines that can be dragged to change their price, own fills as marks. The
 * library and the drawing are loaded after the first paint.
 */
import type { CandleView } from '@oms/client';
import { lazy, Suspense, useState } from 'react';
import { useSymbol } from '../services/settingsStore.ts';
import styles from './PriceChart.module.css';

const INTERVALS = ['1s', '1m', '5m', '15m', '1h', '4h', '1d'] as const satisfies readonly string[];
export type ChartInterval = (typeof INTERVALS)[number];
export type { CandleView };

const CandleChart = lazy(() => import('./chart/CandleChart.tsx').then((module) => ({ default: module.CandleChart })));

export function PriceChart() {
  const symbol = useSymbol();
  const [interval, setInterval] = useState<ChartInterval>('1m');
  return (
    <section className={styles.frame} aria-label={`Chart of ${symbol}`}>
      <div className={styles.head}>
        <strong>{symbol}</strong>
        {INTERVALS.map((each) => (
          <button key={each} type="button" aria-pressed={interval === each} onClick={() => setInterval(each)}>
            {each}
          </button>
        ))}
      </div>
      <div className={styles.canvas}>
        <Suspense fallback={<p className={styles.empty}>Loading the chart …</p>}>
          <CandleChart key={`${symbol}/${interval}`} symbol={symbol} interval={interval} />
        </Suspense>
      </div>
    </section>
  );
}
