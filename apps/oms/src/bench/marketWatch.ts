/** Keeps the order mix near the market while the benchmark runs. */
import { type InstrumentView, OmsClient } from '@oms/client';
import { CommandError } from '../commandError.ts';
import type { OrderMix } from './orderMix.ts';

const REFRESH_MS = 500;

/** Prices the mix once, then again every half second. @returns how to stop. */
export async function watchMarket(url: string, mix: OrderMix): Promise<() => void> {
  const client = new OmsClient({ url });
  const instruments = (await client.instruments()).filter(({ status }) => status === 'TRADING');
  await quoteAll(client, instruments, mix);
  if (mix.symbols === 0) {
    throw new CommandError('NO_MARKET', 'The server shows no market to trade on.', 'See its --market-data option.');
  }
  const timer = setInterval(() => {
    // Prices a little old only change what share of the orders trades.
    quoteAll(client, instruments, mix).catch(() => undefined);
  }, REFRESH_MS);
  return () => clearInterval(timer);
}

async function quoteAll(client: OmsClient, instruments: readonly InstrumentView[], mix: OrderMix): Promise<void> {
  const books = await Promise.all(instruments.map(({ symbol }) => client.book(symbol, 1)));
  for (const [i, book] of books.entries()) mix.quote(instruments[i]!, book);
}
