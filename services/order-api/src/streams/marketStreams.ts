/**
 * The public streams: books and tickers conflated to the newest per tick and per reader, every trade, and the house's
 * status every second. A frame is serialised once for all its readers.
 */
import { BOOK_DEPTH_DEFAULT, MARKET_CHANNELS, type MarketChannel } from '@oms/api-contract';
import { type InstrumentCatalog, isoTime } from '@oms/domain';
import type { Clock, HouseStatus, MarketDataFeed, MarketEvent, Scheduler, Timer } from '@oms/ports';
import { viewOfBook, viewOfMarketTrade, viewOfTicker } from '../views.ts';
import { frameOf, type StreamReader } from './streamReader.ts';

const TICK_MS = 50;
const STATUS_INTERVAL_MS = 1_000;
/** A reader with more than this unsent skips a tick: it gets the newest once it has caught up. */
const SKIP_UNSENT_BYTES = 256 * 1024;
export const SYSTEM_CHANNEL = 'system';

interface PublicChannel {
  readonly name: string;
  readonly kind: MarketChannel | typeof SYSTEM_CHANNEL;
  readonly symbol: string;
  /** By reader, the newest sequence it was sent; -1 before the first. */
  readonly readers: Map<StreamReader, number>;
}

export interface MarketStreamsOptions {
  readonly market: MarketDataFeed;
  readonly instruments: InstrumentCatalog;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  status(): HouseStatus;
}

export class MarketStreams {
  readonly #options: MarketStreamsOptions;
  readonly #channels = new Map<string, PublicChannel>();
  /** Channels with something some reader has not been sent. */
  readonly #behind = new Set<PublicChannel>();
  readonly #timers: readonly Timer[];
  readonly #stopListening: () => void;
  #statusSequence = 0;

  constructor(options: MarketStreamsOptions) {
    this.#options = options;
    this.#stopListening = options.market.subscribe((event) => this.#happened(event));
    this.#timers = [
      options.scheduler.every(TICK_MS, () => this.#tick()),
      options.scheduler.every(STATUS_INTERVAL_MS, () => this.#sendStatus()),
    ];
  }

  /** Whether there is a public channel of this name. */
  has(name: string): boolean {
    return this.#read(name) !== null;
  }

  /** @returns the channel's newest sequence. */
  join(reader: StreamReader, name: string): number {
    let channel = this.#channels.get(name);
    if (channel === undefined) {
      channel = this.#read(name)!;
      this.#channels.set(name, channel);
    }
    channel.readers.set(reader, -1);
    if (channel.kind === 'book' || channel.kind === 'ticker') this.#behind.add(channel);
    return this.#newestSequence(channel);
  }

  leave(reader: StreamReader, name: string): void {
    const channel = this.#channels.get(name);
    if (channel === undefined || !channel.readers.delete(reader) || channel.readers.size > 0) return;
    this.#channels.delete(name);
    this.#behind.delete(channel);
  }

  close(): void {
    this.#stopListening();
    for (const timer of this.#timers) timer.cancel();
  }

  #read(name: string): PublicChannel | null {
    if (name === SYSTEM_CHANNEL) return { name, kind: SYSTEM_CHANNEL, symbol: '', readers: new Map() };
    const colon = name.indexOf(':');
    const kind = MARKET_CHANNELS.find((channel) => channel === name.slice(0, colon));
    const symbol = name.slice(colon + 1);
    return kind === undefined || !this.#options.instruments.has(symbol)
      ? null
      : { name, kind, symbol, readers: new Map() };
  }

  #newestSequence({ kind, symbol }: PublicChannel): number {
    const { market } = this.#options;
    switch (kind) {
      case 'book':
        return market.book(symbol)?.sequence ?? 0;
      case 'ticker':
        return market.ticker(symbol)?.sequence ?? 0;
      case 'trades':
        return market.trades(symbol, 1)[0]?.sequence ?? 0;
      case 'system':
        return this.#statusSequence;
    }
  }

  #happened(event: MarketEvent): void {
    if (this.#channels.size === 0) return;
    if (event.kind === 'trade') {
      const { trade } = event;
      const channel = this.#channels.get(`trades:${trade.symbol}`);
      if (channel !== undefined) this.#sendToAll(channel, trade.sequence, viewOfMarketTrade(trade));
      return;
    }
    const symbol = event.kind === 'book' ? event.book.symbol : event.ticker.symbol;
    const channel = this.#channels.get(`${event.kind}:${symbol}`);
    if (channel !== undefined) this.#behind.add(channel);
  }

  #tick(): void {
    for (const channel of this.#behind) {
      const newest = this.#newestOf(channel);
      if (newest === null || this.#bringLevel(channel, newest)) this.#behind.delete(channel);
    }
  }

  #newestOf({ kind, symbol }: PublicChannel): { readonly sequence: number } | null {
    const { market } = this.#options;
    if (kind === 'book') {
      const book = market.book(symbol);
      return book === undefined ? null : viewOfBook(book, BOOK_DEPTH_DEFAULT);
    }
    const ticker = market.ticker(symbol);
    return ticker === undefined ? null : viewOfTicker(ticker);
  }

  /** @returns whether every reader has the newest now. */
  #bringLevel(channel: PublicChannel, newest: { readonly sequence: number }): boolean {
    let frame: Buffer | null = null;
    let level = true;
    for (const [reader, sent] of channel.readers) {
      if (sent === newest.sequence) continue;
      if (reader.unsentBytes > SKIP_UNSENT_BYTES) {
        level = false;
        continue;
      }
      frame ??= frameOf({ channel: channel.name, sequence: newest.sequence, data: newest });
      channel.readers.set(reader, newest.sequence);
      reader.push(frame);
    }
    return level;
  }

  #sendStatus(): void {
    const channel = this.#channels.get(SYSTEM_CHANNEL);
    if (channel === undefined) return;
    const data = { ...this.#options.status(), time: isoTime(this.#options.clock.now()) };
    this.#sendToAll(channel, ++this.#statusSequence, data);
  }

  #sendToAll(channel: PublicChannel, sequence: number, data: object): void {
    const frame = frameOf({ channel: channel.name, sequence, data });
    for (const reader of channel.readers.keys()) reader.push(frame);
  }
}
