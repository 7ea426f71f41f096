/** The house of actors in this process on a disk in memory that fails when told to; time stands still. */
import { openFileJournal } from '@oms/adapter-embedded';
import { bootstrap, EmbeddedHouse, PROFILES } from '@oms/house';
import { defaultInstruments } from '@oms/market-data';
import { orderProcessor } from '@oms/order-processor';
import type { CommandAnswer, HouseMessage, Journal } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { type FaultyFileSystem, ManualTime } from '@oms/testkit';
import { createVenueSimulator } from '@oms/venue-simulator';
import { DrawnMarket } from '../../apps/house/test/testHouse.ts';

/** Small, so that every run rotates. */
const SEGMENT_BYTES = 32 * 1024;

export class HouseOnDisk {
  readonly house: EmbeddedHouse;
  readonly journal: Journal;
  readonly failures: unknown[] = [];
  readonly #time = new ManualTime();
  readonly #instruments = defaultInstruments();

  /** @throws InfrastructureError as the journal's opening does */
  constructor(disk: FaultyFileSystem) {
    this.journal = openFileJournal({ directory: '/journal', fileSystem: disk, segmentBytes: SEGMENT_BYTES }).journal;
    const market = new DrawnMarket();
    market.draw('BTC-USD', ['39990 x 100'], ['40010 x 100'], this.#time.now());
    this.house = new EmbeddedHouse({
      createOrderProcessor: () => orderProcessor(),
      createRiskEngine: () => riskEngine(),
      createVenue: () => createVenueSimulator({ mode: 'simulated', seed: 'disk' }),
      partitions: 1,
      journal: this.journal,
      snapshots: null,
      clock: this.#time,
      scheduler: this.#time,
      market,
      instruments: new Map(this.#instruments.map((instrument) => [instrument.symbol, instrument])),
      failed: (error) => this.failures.push(error),
    });
    this.house.runtime.recover();
    this.house.runtime.start();
  }

  /** Opens the accounts of the profile `demo`. */
  async bootstrap(): Promise<void> {
    const opened = bootstrap(this.house, this.house.riskStates(), this.#instruments, {
      ...PROFILES.demo,
      rateLimited: false,
    });
    await this.step();
    await this.step();
    await opened;
  }

  async step(): Promise<void> {
    this.#time.runSoon();
    await this.house.runtime.step();
  }

  /** @returns the answer; null when there is none, because the house stopped */
  async ask(build: (replyTo: number) => HouseMessage): Promise<CommandAnswer | null> {
    let answer: CommandAnswer | null = null;
    this.house.submit(0, 'ordinary', build, (given) => {
      answer = given;
    });
    await this.step();
    return answer;
  }
}
