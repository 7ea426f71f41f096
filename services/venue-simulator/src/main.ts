/**
 * Composition of the simulated venue: listens to the market and puts what its resting orders must know of it into
 * the venue's mailbox. The actor itself (createVenueSimulator) is hosted by the runtime.
 */
import type { VenueMessage } from '@oms/domain';
import type { MarketDataFeed, MarketEvent } from '@oms/ports';

export interface VenueMarketOptions {
  readonly feed: MarketDataFeed;
  /** Whether any order rests in this instrument; spares messages that nobody would act on. */
  readonly hasRestingOrders: (symbol: string) => boolean;
  /** Puts a message into the mailbox of every partition of the venue. */
  readonly submit: (message: VenueMessage) => void;
}

export interface RunningVenueMarket {
  stop(): void;
}

export function connectVenueToMarket({ feed, hasRestingOrders, submit }: VenueMarketOptions): RunningVenueMarket {
  const stop = feed.subscribe((event) => {
    const message = messageOf(event);
    if (message !== null && hasRestingOrders(message.symbol)) submit(message);
  });
  return { stop };
}

function messageOf(event: MarketEvent): Extract<VenueMessage, { type: 'MarketTraded' | 'BookMoved' }> | null {
  switch (event.kind) {
    case 'trade': {
      const { symbol, price, quantity, aggressorSide } = event.trade;
      return { type: 'MarketTraded', symbol, price, quantity, aggressorSide };
    }
    case 'book':
      return { type: 'BookMoved', symbol: event.book.symbol };
    case 'ticker':
      return null;
  }
}
