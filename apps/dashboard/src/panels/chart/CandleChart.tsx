/** The drawing itself, by TradingView's lightweight-charts: history from REST, the last candle moved by live trades. */
import type { OrderView } from '@oms/domain';
import {
  type CandlestickData,
  CandlestickSeries,
  createChart,
  createSeriesMarkers,
  HistogramSeries,
  type IChartApi,
  type IPriceLine,
  type ISeriesApi,
  LineStyle,
  type SeriesMarker,
  type UTCTimestamp,
} from 'lightweight-charts';
import { useEffect, useRef, useState } from 'react';
import { atoms, decimalsOf, formatDecimal, roundDown } from '../../numbers/decimals.ts';
import { accountStore, isOpen } from '../../services/accountStore.ts';
import { client } from '../../services/house.ts';
import { marketStore, useMarket } from '../../services/marketStore.ts';
import { notify } from '../../services/notificationStore.ts';
import { replaceOrder } from '../../services/orderActions.ts';
import { useTheme } from '../../services/theme.ts';
import type { CandleView, ChartInterval } from '../PriceChart.tsx';

const SECONDS: Readonly<Record<ChartInterval, number>> = {
  '1s': 1,
  '1m': 60,
  '5m': 300,
  '15m': 900,
  '1h': 3_600,
  '4h': 14_400,
  '1d': 86_400,
};
const CANDLES = 500;
const GRAB_PIXELS = 6;

interface CandleChartProps {
  readonly symbol: string;
  readonly interval: ChartInterval;
}

export function CandleChart({ symbol, interval }: CandleChartProps) {
  const frame = useRef<HTMLDivElement>(null);
  const theme = useTheme();
  const increment = useMarket((state) => state.instruments.get(symbol)?.priceIncrement ?? '0.01');
  const [message, setMessage] = useState('');
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of theme draws anew in the new colours
  useEffect(() => {
    const drawing = new Drawing(frame.current!, symbol, interval, increment);
    drawing.load().catch((error: Error) => setMessage(`No candles: ${error.message}`));
    return () => drawing.remove();
  }, [symbol, interval, increment, theme]);
  return (
    <>
      <div ref={frame} style={{ position: 'absolute', inset: 0 }} />
      {message !== '' && <p role="alert">{message}</p>}
    </>
  );
}

const colour = (name: string): string => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Drawn, not counted with: floats are good enough for pixels. */
const candleOf = (candle: CandleView): CandlestickData<UTCTimestamp> => ({
  time: (Date.parse(candle.openTime) / 1000) as UTCTimestamp,
  open: Number(candle.open),
  high: Number(candle.high),
  low: Number(candle.low),
  close: Number(candle.close),
});

class Drawing {
  readonly #symbol: string;
  readonly #interval: ChartInterval;
  readonly #increment: string;
  readonly #frame: HTMLElement;
  readonly #chart: IChartApi;
  readonly #candles: ISeriesApi<'Candlestick', UTCTimestamp>;
  readonly #volume: ISeriesApi<'Histogram', UTCTimestamp>;
  readonly #marks;
  readonly #lines = new Map<string, { readonly line: IPriceLine; readonly order: OrderView }>();
  readonly #unsubscribe: (() => void)[] = [];
  #last: (CandlestickData<UTCTimestamp> & { volume: number }) | null = null;
  #lastTrade = 0;
  #dragged: { readonly orderId: string; price: number } | null = null;

  constructor(frame: HTMLElement, symbol: string, interval: ChartInterval, increment: string) {
    this.#frame = frame;
    this.#symbol = symbol;
    this.#interval = interval;
    this.#increment = increment;
    const decimals = decimalsOf(increment);
    this.#chart = createChart(frame, {
      autoSize: true,
      layout: { background: { color: 'transparent' }, textColor: colour('--text-dim'), attributionLogo: true },
      grid: { vertLines: { color: colour('--line-faint') }, horzLines: { color: colour('--line-faint') } },
      timeScale: { timeVisible: true, secondsVisible: SECONDS[interval] < 60, borderColor: colour('--line') },
      rightPriceScale: { borderColor: colour('--line') },
    });
    this.#candles = this.#chart.addSeries(CandlestickSeries, {
      upColor: colour('--buy'),
      downColor: colour('--sell'),
      wickUpColor: colour('--buy'),
      wickDownColor: colour('--sell'),
      borderVisible: false,
      priceFormat: { type: 'price', precision: decimals, minMove: Number(increment) },
    }) as ISeriesApi<'Candlestick', UTCTimestamp>;
    this.#volume = this.#chart.addSeries(HistogramSeries, {
      priceScaleId: '',
      priceFormat: { type: 'volume' },
      color: colour('--volume'),
    }) as ISeriesApi<'Histogram', UTCTimestamp>;
    this.#volume.priceScale().applyOptions({ scaleMargins: { top: 0.82, bottom: 0 } });
    this.#marks = createSeriesMarkers<UTCTimestamp>(this.#candles, []);
    this.#letDrag();
  }

  async load(): Promise<void> {
    const candles = await client.candles(this.#symbol, this.#interval, CANDLES);
    this.#candles.setData(candles.map(candleOf));
    this.#volume.setData(candles.map((candle) => ({ time: candleOf(candle).time, value: Number(candle.volume) })));
    const newest = candles.at(-1);
    if (newest !== undefined) this.#last = { ...candleOf(newest), volume: Number(newest.volume) };
    this.#lastTrade = marketStore.getState().trades[this.#symbol]?.[0]?.sequence ?? 0;
    this.#follow();
  }

  remove(): void {
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    this.#chart.remove();
  }

  #follow(): void {
    const own = () => {
      this.#drawOrders();
      this.#drawFills();
    };
    this.#unsubscribe.push(
      marketStore.subscribe(() => this.#takeTrades()),
      accountStore.subscribe(own),
    );
    own();
  }

  #takeTrades(): void {
    const trades = marketStore.getState().trades[this.#symbol] ?? [];
    const fresh = trades.filter(({ sequence }) => sequence > this.#lastTrade).toReversed();
    for (const trade of fresh) {
      this.#lastTrade = trade.sequence;
      const length = SECONDS[this.#interval];
      const time = (Math.floor(Date.parse(trade.time) / 1000 / length) * length) as UTCTimestamp;
      if (this.#last !== null && time < this.#last.time) continue;
      const price = Number(trade.price);
      const quantity = Number(trade.quantity);
      if (this.#last === null || time > this.#last.time) {
        this.#last = { time, open: price, high: price, low: price, close: price, volume: quantity };
      } else {
        const { high, low, volume } = this.#last;
        const range = { high: Math.max(high, price), low: Math.min(low, price) };
        this.#last = { ...this.#last, ...range, close: price, volume: volume + quantity };
      }
    }
    if (fresh.length === 0 || this.#last === null) return;
    this.#candles.update(this.#last);
    this.#volume.update({ time: this.#last.time, value: this.#last.volume });
  }

  /** One line for every open order with a price. */
  #drawOrders(): void {
    const open = [...accountStore.getState().orders.values()].filter(
      (order) => order.symbol === this.#symbol && isOpen(order) && (order.price ?? order.stopPrice) !== null,
    );
    const wanted = new Set(open.map(({ orderId }) => orderId));
    for (const [orderId, { line }] of this.#lines) {
      if (wanted.has(orderId)) continue;
      this.#candles.removePriceLine(line);
      this.#lines.delete(orderId);
    }
    for (const order of open) {
      const options = {
        price: Number(order.price ?? order.stopPrice),
        color: colour(order.side === 'BUY' ? '--buy' : '--sell'),
        lineStyle: order.price === null ? LineStyle.Dotted : LineStyle.Dashed,
        title: `${order.side} ${order.quantity ?? ''}`,
      };
      const known = this.#lines.get(order.orderId);
      if (known === undefined) {
        this.#lines.set(order.orderId, { line: this.#candles.createPriceLine(options), order });
      } else if (this.#dragged?.orderId !== order.orderId) {
        known.line.applyOptions(options);
        this.#lines.set(order.orderId, { line: known.line, order });
      }
    }
  }

  #drawFills(): void {
    const { trades } = accountStore.getState();
    const length = SECONDS[this.#interval];
    const marks = trades
      .filter((report) => report.symbol === this.#symbol && report.execType === 'TRADE')
      .map((report): SeriesMarker<UTCTimestamp> => {
        const time = (Math.floor(Date.parse(report.time) / 1000 / length) * length) as UTCTimestamp;
        const isBuy = report.side === 'BUY';
        return {
          time,
          position: isBuy ? 'belowBar' : 'aboveBar',
          shape: isBuy ? 'arrowUp' : 'arrowDown',
          color: colour(isBuy ? '--buy' : '--sell'),
          text: report.lastQuantity ?? '',
        };
      });
    this.#marks.setMarkers(marks.toReversed());
  }

  /** An order's line follows the pointer and, let go, asks for that price. */
  #letDrag(): void {
    const at = (event: PointerEvent) => event.clientY - this.#frame.getBoundingClientRect().top;
    const down = (event: PointerEvent) => {
      const order = this.#orderNear(at(event));
      if (order === null) return;
      this.#dragged = { orderId: order.orderId, price: Number(order.price) };
      this.#chart.applyOptions({ handleScroll: false, handleScale: false });
      event.stopPropagation();
    };
    const move = (event: PointerEvent) => {
      this.#frame.style.cursor = this.#dragged !== null || this.#orderNear(at(event)) !== null ? 'ns-resize' : '';
      const price = this.#dragged === null ? null : this.#candles.coordinateToPrice(at(event));
      if (this.#dragged === null || price === null) return;
      this.#dragged.price = price;
      this.#lines.get(this.#dragged.orderId)?.line.applyOptions({ price });
    };
    const up = () => {
      const dragged = this.#dragged;
      this.#dragged = null;
      this.#chart.applyOptions({ handleScroll: true, handleScale: true });
      if (dragged !== null) this.#ask(dragged.orderId, dragged.price);
    };
    this.#frame.addEventListener('pointerdown', down, { capture: true });
    this.#frame.addEventListener('pointermove', move, { capture: true });
    window.addEventListener('pointerup', up);
    this.#unsubscribe.push(() => window.removeEventListener('pointerup', up));
  }

  #orderNear(y: number): OrderView | null {
    for (const { order } of this.#lines.values()) {
      if (order.price === null) continue;
      const lineAt = this.#candles.priceToCoordinate(Number(order.price));
      if (lineAt !== null && Math.abs(lineAt - y) <= GRAB_PIXELS) return order;
    }
    return null;
  }

  #ask(orderId: string, dropped: number): void {
    const known = this.#lines.get(orderId);
    if (known === undefined) return;
    // A pixel is no exact price: it becomes one by rounding to the instrument's increment.
    const exact = atoms(dropped.toFixed(decimalsOf(this.#increment)));
    const price = formatDecimal(roundDown(exact, atoms(this.#increment)));
    if (price === known.order.price) {
      this.#drawOrders();
      return;
    }
    replaceOrder(known.order, { price }).then(
      () => this.#drawOrders(),
      (error: Error) => notify('error', 'Change failed', error.message),
    );
  }
}
