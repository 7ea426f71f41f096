/**
 * A venue on the bench: a market that a test draws as text, messages in, reports out as lines a trader can read.
 * Every event passes through its bytes before it is folded, so the codec is always in the loop.
 */
import {
  type Answer,
  type DecisionContext,
  type DisplayedBook,
  decimal,
  formatDecimal,
  type Instrument,
  type ReferencePrices,
  type VenueEvent,
  type VenueFaults,
  type VenueInstruction,
  type VenueMessage,
  type VenueOrderTerms,
  type VenueReport,
} from '@oms/domain';
import { ByteReader, ByteWriter } from '@oms/ports';
import { createVenueSimulator, NO_FAULTS, type VenueState } from '../src/index.ts';
import type { VenueOrder } from '../src/venueState.ts';

export const BTC: Instrument = {
  symbol: 'BTC-USD',
  base: 'BTC',
  quote: 'USD',
  kind: 'SPOT',
  priceIncrement: decimal('0.01'),
  quantityIncrement: decimal('0.001'),
  minQuantity: decimal('0.001'),
  maxQuantity: decimal('1000'),
  minNotional: 0n,
  makerFeeRate: decimal('0.0005'),
  takerFeeRate: decimal('0.001'),
  initialMarginRate: 0n,
  status: 'TRADING',
};

/** Reads a drawn book, best asks at the bottom as on a screen: lines "ask 101 2" above lines "bid 100 2". */
export function drawnBook(drawing: string, sequence: number): DisplayedBook {
  const lines = drawing
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((words) => words.length === 3);
  const side = (name: string) =>
    lines
      .filter(([word]) => word === name)
      .map(([, price, quantity]) => [decimal(price!), decimal(quantity!)] as const);
  return { sequence, bids: side('bid'), asks: side('ask').reverse() };
}

/** "BUY 1 @ 100.5", "BUY 1 @ 100 IOC", "SELL 2 market", "BUY $250 market", "BUY 1 @ 99 post-only". */
export function drawnOrder(orderId: string, drawing: string): VenueOrderTerms {
  const [side, size, ...rest] = drawing.split(' ');
  const at = rest.indexOf('@');
  const words = ['IOC', 'FOK', 'GTD', 'DAY'] as const;
  const type = rest.includes('market') ? 'MARKET' : 'LIMIT';
  return {
    orderId,
    accountId: 'A',
    symbol: 'BTC-USD',
    side: side as 'BUY' | 'SELL',
    type,
    timeInForce: words.find((word) => rest.includes(word)) ?? (type === 'MARKET' ? 'IOC' : 'GTC'),
    quantity: size!.startsWith('$') ? null : decimal(size!),
    quoteQuantity: size!.startsWith('$') ? decimal(size!.slice(1)) : null,
    price: at < 0 ? null : decimal(rest[at + 1]!),
    postOnly: rest.includes('post-only'),
  };
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz';

/** Tests call orders a, b, c …: their ids are o-0-1, o-0-2, o-0-3 … Any other name is an id itself. */
const orderIdOf = (name: string): string =>
  name.length === 1 && LETTERS.includes(name) ? `o-0-${LETTERS.indexOf(name) + 1}` : name;

const nameOf = (orderId: string): string => LETTERS[Number(/^o-0-(\d+)$/.exec(orderId)?.[1]) - 1] ?? orderId;

export function reportLine(report: VenueReport): string {
  const { kind } = report;
  const orderId = nameOf(report.orderId);
  switch (report.kind) {
    case 'TRADED': {
      const { quantity, price, fee, liquidity } = report;
      return `${orderId} TRADED ${formatDecimal(quantity)} @ ${formatDecimal(price)} ${liquidity} fee ${formatDecimal(fee)}`;
    }
    case 'REJECTED':
      return `${orderId} REJECTED ${report.code}`;
    case 'CANCELED':
      return `${orderId} CANCELED ${report.requestId ?? 'unsolicited'}${report.code === null ? '' : ` ${report.code}`}`;
    case 'CANCEL_REJECTED':
    case 'REPLACE_REJECTED':
      return `${orderId} ${kind} ${report.requestId} ${report.code}`;
    case 'EXPIRED':
    case 'REPLACED':
      return `${orderId} ${kind} ${report.requestId}`;
    case 'TRADE_CANCELED':
      return `${orderId} TRADE_CANCELED ${report.referenceExecutionId}`;
    case 'TRADE_CORRECTED':
      return `${orderId} TRADE_CORRECTED ${report.referenceExecutionId} ${formatDecimal(report.quantity)} @ ${formatDecimal(report.price)}`;
    case 'ACCEPTED':
      return `${orderId} ACCEPTED`;
    case 'ORDER_STATUS':
      return `${orderId} ORDER_STATUS ${report.state}`;
  }
}

export class TestVenue {
  readonly definition;
  state: VenueState;
  now = 1_000_000;
  readonly events: { readonly event: VenueEvent; readonly now: number }[] = [];
  readonly reports: VenueReport[] = [];
  answer: Answer | null = null;
  #book: DisplayedBook | undefined;
  prices: ReferencePrices | undefined;
  #orders = 0;

  constructor(options: { seed?: string; mode?: 'simulated' | 'manual' } = {}) {
    this.definition = createVenueSimulator({ seed: options.seed ?? 'seed', mode: options.mode ?? 'simulated' });
    this.state = this.definition.initialState(0);
  }

  /** The names of the open orders, in the order of their ids. */
  get open(): string[] {
    return [...this.state.orders].map((order) => nameOf(order.terms.orderId));
  }

  order(name: string): VenueOrder {
    return this.state.orders.get(orderIdOf(name))!;
  }

  get context(): DecisionContext {
    return {
      now: this.now,
      market: { book: () => this.#book, prices: () => this.prices },
      instruments: new Map([[BTC.symbol, BTC]]),
    };
  }

  /** Shows a new book, without telling the venue that it moved. */
  show(drawing: string): this {
    this.#book = drawnBook(drawing, (this.#book?.sequence ?? 0) + 1);
    return this;
  }

  /** @returns the reports the message caused. */
  send(message: VenueMessage): string[] {
    const decision = this.definition.receive(message, this.state, this.context);
    for (const event of decision.events) this.#fold(event);
    this.answer = decision.replies[0]?.answer ?? null;
    const reports = decision.sends.map((send) => {
      if (send.message.type !== 'VenueReported') throw new Error(`unexpected ${send.message.type}`);
      return send.message.report;
    });
    this.reports.push(...reports);
    return reports.map(reportLine);
  }

  /** Orders are named a, b, c … unless told otherwise. */
  place(drawing: string, name = LETTERS[this.#orders++]!): string[] {
    return this.send({ type: 'VenuePlace', terms: drawnOrder(orderIdOf(name), drawing) });
  }

  cancel(name: string, origin: 'CLIENT' | 'EXPIRY' = 'CLIENT', requestId = `c-${name}`): string[] {
    return this.send({ type: 'VenueCancel', orderId: orderIdOf(name), requestId, origin });
  }

  replace(name: string, quantity: string, price: string | null = null, requestId = `r-${name}`): string[] {
    const orderId = orderIdOf(name);
    const newPrice = price === null ? null : decimal(price);
    return this.send({ type: 'VenueReplace', orderId, requestId, quantity: decimal(quantity), price: newPrice });
  }

  /** Somebody else trades: "SELL 1 @ 100" hits the bids. */
  trade(drawing: string): string[] {
    const { side, quantity, price } = drawnOrder('', drawing);
    const trade = { symbol: 'BTC-USD', price: price!, quantity: quantity!, aggressorSide: side };
    return this.send({ type: 'MarketTraded', ...trade });
  }

  moveBook(drawing: string): string[] {
    return this.show(drawing).send({ type: 'BookMoved', symbol: 'BTC-USD' });
  }

  instruct(
    name: string,
    action: VenueInstruction['action'],
    details: { executionId?: string; quantity?: string; price?: string; reason?: string } = {},
  ): string[] {
    return this.send({
      type: 'VenueInstruction',
      orderId: orderIdOf(name),
      action,
      executionId: details.executionId ?? null,
      quantity: details.quantity === undefined ? null : decimal(details.quantity),
      price: details.price === undefined ? null : decimal(details.price),
      reason: details.reason ?? null,
      replyTo: 1,
    });
  }

  setFaults(faults: Partial<VenueFaults>): void {
    this.send({ type: 'SetVenueFaults', faults: { ...NO_FAULTS, ...faults }, actor: 'ops', replyTo: 1 });
  }

  /** Time passes and the next batch begins. */
  wait(ms: number): string[] {
    this.now += ms;
    return this.definition.index!.due(this.state, this.context).flatMap((message) => this.send(message));
  }

  /** Replaces the state by what its bytes give back: nothing a test sees may change. */
  restart(): void {
    const writer = new ByteWriter();
    this.definition.stateCodec.encode(this.state, writer);
    this.state = this.definition.stateCodec.decode(new ByteReader(writer.written().slice()));
  }

  stateBytes(state = this.state): Uint8Array {
    const writer = new ByteWriter();
    this.definition.stateCodec.encode(state, writer);
    return writer.written().slice();
  }

  #fold(event: VenueEvent): void {
    const writer = new ByteWriter();
    this.definition.eventCodec.encode(event, writer);
    const decoded = this.definition.eventCodec.decode(new ByteReader(writer.written().slice()));
    this.events.push({ event: decoded, now: this.now });
    this.definition.evolve(this.state, decoded, this.now);
  }
}
