/**
 * The whole system in this process, to be fuzzed over its real port: a manual venue, so that nothing happens by
 * itself, and three accounts. Knows whether anything happened, and whether a fault of ours was reported.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type RunningOms, startOms } from '../../apps/oms/src/compose/startOms.ts';

/** Orders that are there from the start, for requests to name. */
const ORDERS = 20;

export class FuzzServer {
  readonly oms: RunningOms;
  readonly port: number;
  readonly faults: string[];
  readonly #dataDirectory: string;

  private constructor(oms: RunningOms, faults: string[], dataDirectory: string) {
    this.oms = oms;
    this.port = Number(new URL(oms.address).port);
    this.faults = faults;
    this.#dataDirectory = dataDirectory;
  }

  static async start(): Promise<FuzzServer> {
    const dataDirectory = mkdtempSync(join(tmpdir(), 'oms-fuzz-'));
    const faults: string[] = [];
    const oms = await startOms({
      port: 0,
      host: '127.0.0.1',
      dataDirectory,
      marketData: 'simulated:7',
      venue: 'manual',
      profile: 'bench',
      benchAccounts: 3,
      role: 'all',
      onNotice: ({ code, message }) => faults.push(`${code}: ${message}`),
    });
    const server = new FuzzServer(oms, faults, dataDirectory);
    for (let i = 0; i < ORDERS; i++) await server.#place(`standing-${i}`);
    return server;
  }

  /** Position of the journal once nothing is under way. */
  position(): Promise<number> {
    const { house } = this.oms;
    return house.query(() => 0).then(() => house.durablePosition);
  }

  /** Of all states, in canonical bytes. */
  stateHash(): string {
    return createHash('sha256').update(this.oms.house.runtime.stateBytes()).digest('hex');
  }

  /** What went wrong inside since the last question. */
  takeFault(): string | null {
    const { quarantinedTotal } = this.oms.house.runtime.status;
    if (quarantinedTotal > 0) return `${quarantinedTotal} messages were quarantined`;
    return this.faults.splice(0).at(0) ?? null;
  }

  async stop(): Promise<void> {
    await this.oms.stop();
    rmSync(this.#dataDirectory, { recursive: true, force: true });
  }

  async #place(clientOrderId: string): Promise<void> {
    const answer = await fetch(`${this.oms.address}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        clientOrderId,
        accountId: 'BENCH-0001',
        symbol: 'BTC-USD',
        side: 'BUY',
        type: 'LIMIT',
        quantity: '1',
        price: '30000',
      }),
    });
    if (answer.status !== 201)
      throw new Error(`a standing order was answered ${answer.status}: ${await answer.text()}`);
  }
}
