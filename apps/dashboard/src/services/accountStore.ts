/**
 * The chosen account's orders, fills, positions and balances. The stream is subscribed first and the lists are read
 * after, so nothing falls between; what is known twice is told apart by its version or sequence.
 */
import type { AccountView, BalanceView, ExecutionReport, OrderView, PositionView } from '@oms/domain';
import { createStore, useStore } from 'zustand';
import { publishNextFrame } from './frames.ts';
import { client, stream } from './house.ts';
import { notify } from './notificationStore.ts';

export interface AccountState {
  readonly accounts: readonly AccountView[];
  readonly accountId: string | null;
  /** By order id. */
  readonly orders: ReadonlyMap<string, OrderView>;
  /** Trades, newest first. */
  readonly trades: readonly ExecutionReport[];
  readonly positions: ReadonlyMap<string, PositionView>;
  readonly balances: ReadonlyMap<string, BalanceView>;
  /** The lists have been read at least once. */
  readonly loaded: boolean;
}

const NOTHING = {
  orders: new Map<string, OrderView>(),
  trades: [] as readonly ExecutionReport[],
  positions: new Map<string, PositionView>(),
  balances: new Map<string, BalanceView>(),
  loaded: false,
};

export const accountStore = createStore<AccountState>(() => ({ accounts: [], accountId: null, ...NOTHING }));

export const useAccount = <T>(select: (state: AccountState) => T): T => useStore(accountStore, select);

const ORDERS_LOADED = 500;
const TRADES_LOADED = 500;
const TRADES_KEPT = 10_000;
const CHOSEN_KEY = 'oms.account';

export async function loadAccounts(): Promise<void> {
  const accounts = await client.accounts();
  accountStore.setState({ accounts });
  const remembered = localStorage.getItem(CHOSEN_KEY);
  const known = accounts.find((account) => account.accountId === remembered) ?? accounts[0];
  if (known !== undefined) chooseAccount(known.accountId);
}

let leave: () => void = () => undefined;

export function chooseAccount(accountId: string): void {
  leave();
  localStorage.setItem(CHOSEN_KEY, accountId);
  accountStore.setState({ accountId, ...NOTHING });
  const following = new FollowedAccount(accountId);
  leave = () => following.stop();
}

/** One account's live state, gathered in plain maps and published once per frame. */
class FollowedAccount {
  readonly #accountId: string;
  #orders = new Map<string, OrderView>();
  #trades = new Map<string, ExecutionReport>();
  #positions = new Map<string, PositionView>();
  #balances = new Map<string, BalanceView>();
  #loaded = false;
  #stopped = false;
  readonly #subscriptions;

  constructor(accountId: string) {
    this.#accountId = accountId;
    const refused = (error: Error) => notify('error', `No live data of ${accountId}`, error.message);
    this.#subscriptions = [
      stream.subscribeAccount('orders', accountId, {
        data: (order) => this.#keep(() => this.#takeOrder(order)),
        snapshot: () => void this.#load(),
        refused,
      }),
      stream.subscribeAccount('executions', accountId, {
        data: (report) => this.#keep(() => this.#takeReport(report)),
        snapshot: () => void this.#load(),
      }),
      stream.subscribeAccount('positions', accountId, {
        data: (position) => this.#keep(() => keepNewer(this.#positions, position.symbol, position)),
        snapshot: (items) => this.#keep(() => this.#replacePositions(items)),
      }),
      stream.subscribeAccount('balances', accountId, {
        data: (balance) => this.#keep(() => keepNewer(this.#balances, balance.currency, balance)),
        snapshot: (items) => this.#keep(() => this.#replaceBalances(items)),
      }),
    ];
    void this.#load();
  }

  stop(): void {
    this.#stopped = true;
    for (const subscription of this.#subscriptions) stream.unsubscribe(subscription);
  }

  async #load(): Promise<void> {
    const accountId = this.#accountId;
    try {
      const [orders, trades, positions, balances] = await Promise.all([
        client.orders({ accountId, limit: ORDERS_LOADED }),
        client.executions({ accountId, limit: TRADES_LOADED }),
        client.positions(accountId),
        client.balances(accountId),
      ]);
      this.#keep(() => {
        for (const order of orders.items) this.#takeOrder(order);
        for (const report of trades.items) this.#takeReport(report);
        for (const position of positions) keepNewer(this.#positions, position.symbol, position);
        for (const balance of balances) keepNewer(this.#balances, balance.currency, balance);
        this.#loaded = true;
      });
    } catch (error) {
      if (this.#stopped) return;
      notify('error', `Could not read ${accountId}`, error instanceof Error ? error.message : String(error));
    }
  }

  #takeOrder(order: OrderView): void {
    const known = this.#orders.get(order.orderId);
    if (known === undefined || known.version <= order.version) this.#orders.set(order.orderId, order);
  }

  #takeReport(report: ExecutionReport): void {
    if (report.execType.startsWith('TRADE')) this.#trades.set(`${report.orderId}/${report.executionId}`, report);
  }

  #replacePositions(items: readonly PositionView[]): void {
    this.#positions = new Map(items.map((position) => [position.symbol, position]));
  }

  #replaceBalances(items: readonly BalanceView[]): void {
    this.#balances = new Map(items.map((balance) => [balance.currency, balance]));
  }

  #keep(change: () => void): void {
    if (this.#stopped) return;
    change();
    publishNextFrame(this.#publish);
  }

  readonly #publish = (): void => {
    if (this.#stopped) return;
    const trades = [...this.#trades.values()].sort((one, other) => other.sequence - one.sequence);
    accountStore.setState({
      orders: new Map(this.#orders),
      trades: trades.slice(0, TRADES_KEPT),
      positions: new Map(this.#positions),
      balances: new Map(this.#balances),
      loaded: this.#loaded,
    });
  };
}

/** What was read and what was streamed cross on their way. */
function keepNewer<T extends { readonly sequence: number }>(known: Map<string, T>, key: string, next: T): void {
  const before = known.get(key);
  if (before === undefined || before.sequence <= next.sequence) known.set(key, next);
}

export const isOpen = (order: OrderView): boolean =>
  order.status === 'NEW' ||
  order.status === 'PENDING_NEW' ||
  order.status === 'PARTIALLY_FILLED' ||
  order.status === 'PENDING_CANCEL' ||
  order.status === 'PENDING_REPLACE';
