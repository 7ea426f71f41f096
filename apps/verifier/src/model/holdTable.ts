/** The holds of a risk partition by order. An order has one; a falsified journal may hold for it in two accounts. */
import type { Instrument } from '@oms/domain';
import type { NameTable } from '../memory/nameTable.ts';
import { PackedTable, type TableMemory } from '../memory/packedTable.ts';
import type { HoldFacts } from './holdFacts.ts';
import { holdPacking } from './packHold.ts';

/** No order id: where the hold lies that an account has for an order beside another's. */
const strayKey = (accountId: string, orderId: string): string => `${orderId} of ${accountId}`;

export class HoldTable {
  readonly #holds: PackedTable<HoldFacts>;
  #hasStrays = false;

  constructor(names: NameTable, instruments: ReadonlyMap<string, Instrument>, memory?: TableMemory<HoldFacts>) {
    this.#holds = new PackedTable(holdPacking(names, instruments), memory);
    this.#hasStrays = memory !== undefined && memory.unpackable.size > 0;
  }

  get memory(): TableMemory<HoldFacts> {
    return this.#holds.memory;
  }

  /** To be looked at and changed until the group ends. */
  get(accountId: string, orderId: string): HoldFacts | undefined {
    const hold = this.#holds.get(orderId);
    if (hold?.accountId === accountId) return hold;
    return this.#hasStrays ? this.#holds.get(strayKey(accountId, orderId)) : undefined;
  }

  /** To be looked at only. */
  peek(accountId: string, orderId: string): HoldFacts | undefined {
    const hold = this.#holds.peek(orderId);
    if (hold?.accountId === accountId) return hold;
    return this.#hasStrays ? this.#holds.peek(strayKey(accountId, orderId)) : undefined;
  }

  add(hold: HoldFacts): void {
    const { accountId, orderId } = hold;
    const isStray = this.#holds.has(orderId);
    if (isStray) this.#hasStrays = true;
    this.#holds.add(isStray ? strayKey(accountId, orderId) : orderId, hold);
  }

  /** Takes away what {@link get} gave. */
  delete(hold: HoldFacts): void {
    const { accountId, orderId } = hold;
    this.#holds.delete(this.#holds.peek(orderId) === hold ? orderId : strayKey(accountId, orderId));
  }

  settle(): void {
    this.#holds.settle();
  }

  /** All of them, to be looked at. */
  values(): Generator<HoldFacts, void, void> {
    return this.#holds.values();
  }
}
