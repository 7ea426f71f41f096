/** Reads the fields of a tape row, each with a complaint that says what was expected where. */
import { formatDecimal, type Instrument, type Price, parseDecimal, type Quantity } from '@oms/domain';
import { malformed, type TapePlace } from './tape.ts';

export class TapeFields {
  readonly #instrument: Instrument;
  #place: TapePlace;
  #previousTime = 0;

  constructor(file: string, instrument: Instrument) {
    this.#place = { file, line: 1 };
    this.#instrument = instrument;
  }

  get place(): TapePlace {
    return this.#place;
  }

  moveTo(line: number): void {
    this.#place = { file: this.#place.file, line };
  }

  /** Epoch milliseconds, never before the row above. */
  time(column: string, value: unknown): number {
    const time = typeof value === 'number' ? value : /^[0-9]{1,15}$/.test(String(value)) ? Number(value) : Number.NaN;
    if (!Number.isSafeInteger(time) || time < 0) throw malformed(this.#place, column, 'epoch milliseconds', value);
    if (time < this.#previousTime) {
      throw malformed(this.#place, column, `a time not before the row above (${this.#previousTime})`, value);
    }
    this.#previousTime = time;
    return time;
  }

  price(column: string, value: unknown): Price {
    return this.#onIncrement(column, value, this.#instrument.priceIncrement, false);
  }

  quantity(column: string, value: unknown): Quantity {
    return this.#onIncrement(column, value, this.#instrument.quantityIncrement, false);
  }

  /** In a change of depth, zero takes the level away. */
  quantityOrZero(column: string, value: unknown): Quantity {
    return this.#onIncrement(column, value, this.#instrument.quantityIncrement, true);
  }

  #onIncrement(column: string, value: unknown, increment: bigint, zeroAllowed: boolean): bigint {
    const atoms = typeof value === 'string' ? parseDecimal(value) : null;
    if (atoms === null) throw malformed(this.#place, column, 'a decimal with at most 8 places', value);
    if (atoms < 0n || (atoms === 0n && !zeroAllowed)) throw malformed(this.#place, column, 'more than zero', value);
    if (atoms % increment !== 0n) {
      const expected = `a multiple of ${formatDecimal(increment)}, the increment of ${this.#instrument.symbol}`;
      throw malformed(this.#place, column, expected, value);
    }
    return atoms;
  }
}
