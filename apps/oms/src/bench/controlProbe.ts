/**
 * Takes risk off while others put it on: cancels, and a kill switch thrown and lifted, at a low rate over connections
 * of their own, each measured from its planned time. Runs in the command line's process, which is idle meanwhile.
 */
import { OmsClient, OmsError } from '@oms/client';
import { benchAccountId } from '@oms/house';
import type { ControlReport } from './benchReport.ts';
import { LatencyRecorder } from './generator/latency.ts';
import { termsOf } from './marketTerms.ts';

const CANCELS_PER_SECOND = 20;
const SWITCHES_PER_SECOND = 2;
const PLACED_AT_ONCE = 500;
/** Its orders are priced for a market at this part of the real one, so that they rest whatever happens. */
const FAR_AWAY = 2;

/** How many accounts behind the traded ones a probe needs. */
export const PROBE_ACCOUNTS = 2;

export class ControlProbe {
  readonly #client: OmsClient;
  readonly #cancelAccount: string;
  readonly #switchAccount: string;
  readonly #idPrefix: string;
  readonly #cancels: LatencyRecorder;
  readonly #switches: LatencyRecorder;
  #placed = 0;

  private constructor(url: string, accounts: number, idPrefix: string, recorders: [LatencyRecorder, LatencyRecorder]) {
    // One attempt: a control that must be repeated has failed.
    this.#client = new OmsClient({ url, attemptsMax: 1 });
    this.#cancelAccount = benchAccountId(accounts + 1);
    // Another one, for a halt cancels all that is open in its account.
    this.#switchAccount = benchAccountId(accounts + 2);
    this.#idPrefix = idPrefix;
    [this.#cancels, this.#switches] = recorders;
  }

  /** @param accounts how many are traded; the probe uses the next two */
  static async create(url: string, accounts: number, idPrefix: string): Promise<ControlProbe> {
    const recorders = await Promise.all([LatencyRecorder.create(), LatencyRecorder.create()]);
    return new ControlProbe(url, accounts, idPrefix, recorders);
  }

  /** Places what it will cancel; before the load. */
  async prepare(seconds: number): Promise<string[]> {
    const client = this.#client;
    const instrument = (await client.instruments()).find(({ status }) => status === 'TRADING')!;
    const book = await client.book(instrument.symbol, 1);
    const bid = String(Number(book.bids[0]![0]) / FAR_AWAY);
    const { quantity, price } = termsOf(instrument, { ...book, bids: [[bid, '1']] })!.buy.at(-1)!;
    const orderIds: string[] = [];
    for (let missing = Math.ceil(seconds * CANCELS_PER_SECOND); missing > 0; missing -= PLACED_AT_ONCE) {
      const orders = Array.from({ length: Math.min(missing, PLACED_AT_ONCE) }, () => ({
        clientOrderId: `${this.#idPrefix}p${this.#placed++}`,
        accountId: this.#cancelAccount,
        symbol: instrument.symbol,
        side: 'BUY' as const,
        type: 'LIMIT' as const,
        quantity,
        price,
      }));
      for (const result of await client.placeBatch(orders)) {
        if (result instanceof OmsError) throw result;
        orderIds.push(result.orderId);
      }
    }
    return orderIds;
  }

  /** Cancels the given orders one by one over the time, and throws the switch; resolves with the last answer. */
  async run(orderIds: readonly string[], seconds: number): Promise<ControlReport> {
    const cancels = this.#cancels;
    const switches = this.#switches;
    cancels.reset();
    switches.reset();
    const errors: Record<string, number> = {};
    const startedAt = performance.now();
    const at = async (plannedMs: number, recorder: LatencyRecorder, act: () => Promise<unknown>): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, startedAt + plannedMs - performance.now())));
      try {
        await act();
      } catch (error) {
        const code = error instanceof OmsError ? error.code : String(error);
        errors[code] = (errors[code] ?? 0) + 1;
      }
      recorder.record(performance.now() - startedAt - plannedMs);
    };
    await Promise.all([
      ...orderIds.map((orderId, i) => at((i * 1000) / CANCELS_PER_SECOND, cancels, () => this.#client.cancel(orderId))),
      this.#throwSwitches(Math.floor(seconds * SWITCHES_PER_SECOND), (i, act) =>
        at((i * 1000) / SWITCHES_PER_SECOND, switches, act),
      ),
    ]);
    return { cancels: cancels.report(), switches: switches.report(), errors };
  }

  /** One after the other, for lifting a switch that is not thrown yet would mean nothing; it ends lifted. */
  async #throwSwitches(count: number, at: (i: number, act: () => Promise<unknown>) => Promise<void>): Promise<void> {
    const even = Math.max(2, count - (count % 2));
    for (let i = 0; i < even; i++) {
      const state = i % 2 === 0 ? 'HALTED' : 'ACTIVE';
      const change = {
        scope: 'ACCOUNT' as const,
        id: this.#switchAccount,
        state,
        reason: 'oms bench --overload',
      } as const;
      await at(i, () => this.#client.setTradingState(change));
    }
  }
}
