/** Numbers for names that occur over and over, as accounts, symbols and currencies do: packed things keep those. */
export class NameTable {
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();

  /** @param names those that have numbers already, in their order */
  constructor(names: readonly string[] = []) {
    for (const name of names) this.numberOf(name);
  }

  get names(): readonly string[] {
    return this.#names;
  }

  numberOf(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#names.push(name) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }

  nameOf(number: number): string {
    return this.#names[number]!;
  }
}
