/** Keeps the orders of the benchmark near the market while it runs. */
import { type InstrumentView, OmsClient } from '@oms/client';
import { CommandError } from '../commandError.ts';
import { type SymbolTerms, termsOf } from './marketTerms.ts';

const REFRESH_MS = 500;

export interface MarketWatch {
  /** As of the last look. */
  readonly terms: () => readonly SymbolTerms[];
  readonly stop: () => void;
}

/**
 * Prices the first `symbolsMax` instruments that have a market (null: all) once, then again every half second.
 * @param onTerms told every time, always of the same instruments in the same order
 */
export async function watchMarket(
  url: string,
  symbolsMax: number | null,
  onTerms: (terms: readonly SymbolTerms[]) => void,
): Promise<MarketWatch> {
  const client = new OmsClient({ url });
  const listed = (await client.instruments()).filter(({ status }) => status === 'TRADING');
  const first = await quoteAll(client, listed);
  const traded = listed.filter((_, i) => first[i] !== null).slice(0, symbolsMax ?? listed.length);
  if (traded.length === 0) {
    throw new CommandError('NO_MARKET', 'The server shows no market to trade on.', 'See its --market-data option.');
  }
  let terms = first.filter((one) => one !== null).slice(0, traded.length);
  onTerms(terms);
  const timer = setInterval(() => {
    quoteAll(client, traded).then(
      (quoted) => {
        // A side that is empty for a moment leaves the terms as they were.
        terms = quoted.map((one, i) => one ?? terms[i]!);
        onTerms(terms);
      },
      // Prices a little old only change what share of the orders trades.
      () => undefined,
    );
  }, REFRESH_MS);
  return { terms: () => terms, stop: () => clearInterval(timer) };
}

const quoteAll = (client: OmsClient, instruments: readonly InstrumentView[]): Promise<(SymbolTerms | null)[]> =>
  Promise.all(instruments.map(async (instrument) => termsOf(instrument, await client.book(instrument.symbol, 1))));
