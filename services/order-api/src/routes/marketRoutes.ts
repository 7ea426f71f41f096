/** Handlers of the routes about instruments and market data. */
import { BOOK_DEPTH_DEFAULT } from '@oms/api-contract';
import { type Handlers, okay, wholeList } from '../http/routeHandler.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { viewOfBook, viewOfCandle, viewOfInstrument, viewOfMarketTrade, viewOfTicker } from '../views.ts';
import { PAGE_LENGTH_DEFAULT } from './orderReadRoutes.ts';
import type { RouteContext } from './routeContext.ts';

type MarketOperation = 'listInstruments' | 'getBook' | 'listMarketTrades' | 'getTicker' | 'listCandles';

export function marketRoutes({ market, instruments }: RouteContext): Pick<Handlers, MarketOperation> {
  const unknown = (symbol: string): Refusal | null => (instruments.has(symbol) ? null : refuse('UNKNOWN_SYMBOL'));
  return {
    listInstruments: () => wholeList([...instruments.values()].map(viewOfInstrument)),

    getBook: ({ params, query }) => {
      const refusal = unknown(params.symbol);
      if (refusal !== null) return refusal;
      const book = market.book(params.symbol);
      return book === undefined
        ? refuse('MARKET_DATA_NOT_READY')
        : okay(viewOfBook(book, query.depth ?? BOOK_DEPTH_DEFAULT));
    },

    listMarketTrades: ({ params, query }) =>
      unknown(params.symbol) ??
      wholeList(market.trades(params.symbol, query.limit ?? PAGE_LENGTH_DEFAULT).map(viewOfMarketTrade)),

    getTicker: ({ params }) => {
      const refusal = unknown(params.symbol);
      if (refusal !== null) return refusal;
      const ticker = market.ticker(params.symbol);
      return ticker === undefined ? refuse('MARKET_DATA_NOT_READY') : okay(viewOfTicker(ticker));
    },

    listCandles: ({ params, query }) =>
      unknown(params.symbol) ??
      wholeList(
        market.candles(params.symbol, query.interval ?? '1m', query.limit ?? PAGE_LENGTH_DEFAULT).map(viewOfCandle),
      ),
  };
}
