/** The REST API as a program sees it: one call, its status, headers and JSON. */
import type { Balance, ExecutionReport, Order, Position } from './wire.ts';

export interface Answer<Body = unknown> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

export interface PlaceBody {
  readonly clientOrderId: string;
  readonly accountId: string;
  readonly symbol?: string;
  readonly side?: 'BUY' | 'SELL';
  readonly type?: string;
  readonly [member: string]: unknown;
}

export class Api {
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  // biome-ignore lint/suspicious/noExplicitAny: answers are looked at member by member
  async call<Body = any>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer<Body>> {
    const response = await fetch(`${this.address}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: (text === '' ? null : JSON.parse(text)) as Body,
    };
  }

  /** A LIMIT BUY of BTC-USD unless told otherwise. */
  // biome-ignore lint/suspicious/noExplicitAny: an order or a problem
  place(order: PlaceBody): Promise<Answer<any>> {
    return this.call('POST', '/v1/orders', { symbol: 'BTC-USD', side: 'BUY', type: 'LIMIT', ...order });
  }

  /** Places and expects it to be taken. */
  async placed(order: PlaceBody): Promise<Order> {
    const { status, body } = await this.place(order);
    if (status !== 201)
      throw new Error(`placing ${order.clientOrderId} was answered ${status}: ${JSON.stringify(body)}`);
    return body;
  }

  async order(orderId: string): Promise<Order> {
    return (await this.call('GET', `/v1/orders/${orderId}`)).body;
  }

  /** The order's reports, once the read model knows as much as the order itself. */
  events(orderId: string): Promise<ExecutionReport[]> {
    return eventually(async () => {
      const { status, filledQuantity } = await this.order(orderId);
      const reports: ExecutionReport[] = (await this.call('GET', `/v1/orders/${orderId}/events`)).body.items;
      const last = reports.at(-1);
      if (last?.status !== status || last.filledQuantity !== filledQuantity)
        throw new Error(`reports of ${orderId} trail`);
      return reports;
    });
  }

  async position(accountId: string, symbol = 'BTC-USD'): Promise<Position | undefined> {
    const { body } = await this.call('GET', `/v1/positions?accountId=${accountId}`);
    return body.items.find((item: Position) => item.symbol === symbol);
  }

  async balance(accountId: string, currency = 'USD'): Promise<Balance> {
    const { body } = await this.call('GET', `/v1/balances?accountId=${accountId}`);
    return body.items.find((item: Balance) => item.currency === currency);
  }

  /** Best bid and ask as they are displayed now. */
  async top(symbol = 'BTC-USD'): Promise<{ readonly bid: number; readonly ask: number }> {
    const { body } = await this.call('GET', `/v1/market-data/${symbol}/book?depth=1`);
    return { bid: Number(body.bids[0][0]), ask: Number(body.asks[0][0]) };
  }

  /** What the manual venue does with an order. */
  // biome-ignore lint/suspicious/noExplicitAny: an order or a problem
  venue(orderId: string, action: string, instruction: object = {}): Promise<Answer<any>> {
    return this.call('POST', `/v1/simulation/venue/orders/${orderId}/${action}`, instruction);
  }

  /** Every item of a list, page by page. */
  async all<Item>(path: string, limit = 100): Promise<Item[]> {
    const items: Item[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Answer<{ items: Item[]; nextCursor: string | null }> = await this.call(
        'GET',
        `${path}&limit=${limit}${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      items.push(...page.body.items);
      cursor = page.body.nextCursor;
    }
    return items;
  }
}

const ATTEMPT_PAUSE_MS = 10;
const ATTEMPTS_BOUND_MS = 20_000;

/** Tries until it no longer throws; the last failure is told when it never does. */
export async function eventually<T>(attempt: () => T | Promise<T>): Promise<T> {
  const giveUpAt = Date.now() + ATTEMPTS_BOUND_MS;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, ATTEMPT_PAUSE_MS));
    }
  }
}
