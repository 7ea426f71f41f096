/** Accounts and symbols by number, in the order they came: what lists and orders hold of them. */
import { InvariantError } from '@oms/domain';
import type { PreparedStatements } from './preparedStatements.ts';

export class Names {
  readonly #statements: PreparedStatements;
  readonly #table: 'accounts' | 'symbols';
  readonly #max: number;
  /** The index is the number. */
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  #written: number;

  /** @param max names there may be */
  constructor(statements: PreparedStatements, table: 'accounts' | 'symbols', max: number) {
    this.#statements = statements;
    this.#table = table;
    this.#max = max;
    for (const row of statements.of(`SELECT name FROM ${table} ORDER BY number`).all()) this.#take(String(row.name));
    this.#written = this.#names.length;
  }

  get count(): number {
    return this.#names.length;
  }

  /** The number of the name, given to it now if it is new. */
  numberOf(name: string): number {
    return this.#numbers.get(name) ?? this.#take(name);
  }

  find(name: string): number | null {
    return this.#numbers.get(name) ?? null;
  }

  nameOf(number: number): string {
    const name = this.#names[number];
    if (name === undefined) throw new InvariantError(`${this.#table} has no number ${number}`);
    return name;
  }

  /** Stores the new ones. */
  write(): void {
    const insert = this.#statements.of(`INSERT INTO ${this.#table} (number, name) VALUES (?, ?)`);
    for (; this.#written < this.#names.length; this.#written++) {
      insert.run(this.#written, this.#names[this.#written]!);
    }
  }

  #take(name: string): number {
    const number = this.#names.length;
    if (number >= this.#max) throw new InvariantError(`more than ${this.#max} ${this.#table}`);
    this.#names.push(name);
    this.#numbers.set(name, number);
    return number;
  }
}
