/** The way between a client and the house: messages are lost, doubled, late, and overtake each other. */
import type { Chronicle } from '../world/chronicle.ts';
import type { SeededRandom } from '../world/seededRandom.ts';
import type { SimulatedTime } from '../world/simulatedTime.ts';

export interface LinkFaults {
  readonly loseChance: number;
  readonly duplicateChance: number;
  readonly delayChance: number;
  readonly delayMs: number;
}

export const GOOD_LINK: LinkFaults = { loseChance: 0, duplicateChance: 0, delayChance: 0, delayMs: 0 };

const LATENCY_MS: readonly [number, number] = [0.1, 20];

export class Link {
  faults: LinkFaults = GOOD_LINK;
  readonly #time: SimulatedTime;
  readonly #random: SeededRandom;
  readonly #chronicle: Chronicle;

  constructor(time: SimulatedTime, random: SeededRandom, chronicle: Chronicle) {
    this.#time = time;
    this.#random = random;
    this.#chronicle = chronicle;
  }

  /** @param arrive called for every copy that gets there */
  send(arrive: () => void): void {
    const { loseChance, duplicateChance } = this.faults;
    if (this.#random.chance(loseChance)) this.#chronicle.dose('messages lost');
    else this.#sendCopy(arrive);
    if (!this.#random.chance(duplicateChance)) return;
    this.#chronicle.dose('messages duplicated');
    this.#sendCopy(arrive);
  }

  #sendCopy(arrive: () => void): void {
    const { delayChance, delayMs } = this.faults;
    let latencyMs = this.#random.longTail(...LATENCY_MS);
    if (this.#random.chance(delayChance)) {
      this.#chronicle.dose('messages delayed');
      latencyMs += this.#random.between(1, delayMs);
    }
    this.#time.after(latencyMs, arrive);
  }
}
