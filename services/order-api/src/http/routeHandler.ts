/** What a handler of a REST route is given and gives back. */
import type { Routes } from '@oms/api-contract';
import type { Static } from 'typebox';
import type { AccountReach } from '../access/caller.ts';
import type { Refusal } from '../refusal.ts';

export interface ApiRequest<Route extends { readonly params: unknown; readonly query: unknown }> {
  readonly params: Route['params'] extends infer Schema ? StaticOf<Schema> : never;
  readonly query: Route['query'] extends infer Schema ? StaticOf<Schema> : never;
  /** Not yet checked. */
  readonly body: unknown;
  /** Who acts; null without sign-in. */
  readonly actor: string | null;
  /** Where the request came from, as far as proxies are trusted to say. */
  readonly address: string;
  /** The accounts it may touch. */
  readonly reach: AccountReach;
  readonly requestId: string;
  /** Draws on the caller's rate limit for more than the one request; refused when it is spent. */
  charge(cost: number): Refusal | null;
}
type StaticOf<Schema> = Schema extends import('typebox').TSchema ? Static<Schema> : never;

export interface ApiAnswer {
  readonly status: number;
  /** JSON. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Handler<Route extends { readonly params: unknown; readonly query: unknown }> = (
  request: ApiRequest<Route>,
) => Promise<ApiAnswer | Refusal> | ApiAnswer | Refusal;

/** A handler for every row of the table of routes. */
export type Handlers = { readonly [Id in keyof Routes]: Handler<Routes[Id]> };

export const okay = (body: unknown, headers?: Readonly<Record<string, string>>): ApiAnswer => ({
  status: 200,
  text: JSON.stringify(body),
  ...(headers === undefined ? {} : { headers }),
});

/** A whole list of live state: nothing follows, and it is as fresh as can be. */
export const wholeList = (items: readonly unknown[]): ApiAnswer =>
  okay({ items, nextCursor: null }, { 'x-staleness-ms': '0' });
