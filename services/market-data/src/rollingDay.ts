/**
 * Open, high, low and volume of the trades of the last 24 hours, kept per minute: at most 1,441 small records,
 * however much was traded. The window therefore moves in steps of a minute.
 */
import type { Price, Quantity } from '@oms/domain';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

interface Minute {
  readonly minute: number;
  readonly open: Price;
  high: Price;
  low: Price;
  volume: Quantity;
}

export class RollingDay {
  /** Oldest first, without the minutes in which nothing was traded. */
  readonly #minutes: Minute[] = [];
  open: Price | null = null;
  high: Price | null = null;
  low: Price | null = null;
  volume: Quantity = 0n;

  add(time: number, price: Price, quantity: Quantity): void {
    this.forget(time);
    const minute = Math.floor(time / MINUTE_MS);
    const newest = this.#minutes.at(-1);
    if (newest === undefined || newest.minute < minute) {
      this.#minutes.push({ minute, open: price, high: price, low: price, volume: quantity });
    } else {
      if (price > newest.high) newest.high = price;
      if (price < newest.low) newest.low = price;
      newest.volume += quantity;
    }
    this.open ??= price;
    if (this.high === null || price > this.high) this.high = price;
    if (this.low === null || price < this.low) this.low = price;
    this.volume += quantity;
  }

  /** Drops what is more than a day older than `time`. Cheap unless a minute really falls out. */
  forget(time: number): void {
    const firstKept = Math.floor(time / MINUTE_MS) - DAY_MINUTES;
    let dropped = 0;
    while (dropped < this.#minutes.length && this.#minutes[dropped]!.minute <= firstKept) dropped++;
    if (dropped === 0) return;
    this.#minutes.splice(0, dropped);
    this.#sumUp();
  }

  #sumUp(): void {
    const oldest = this.#minutes[0];
    this.open = oldest?.open ?? null;
    this.high = oldest?.high ?? null;
    this.low = oldest?.low ?? null;
    this.volume = 0n;
    for (const minute of this.#minutes) {
      if (minute.high > this.high!) this.high = minute.high;
      if (minute.low < this.low!) this.low = minute.low;
      this.volume += minute.volume;
    }
  }
}
