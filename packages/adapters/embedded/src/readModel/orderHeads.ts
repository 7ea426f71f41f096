/**
 * The few numbers that folding on needs of an order, 24 bytes each, in blocks of orders side by side: an order that
 * trades long after it was placed needs one block, not its history.
 */
import { CORE_STATES } from '@oms/domain';
import type { StoredOrder, TouchedOrder } from '@oms/projections';
import type { PreparedStatements } from './preparedStatements.ts';
import { StoredBodyError } from './storedBody.ts';

/** Two blocks fill a page. */
const BLOCK_ORDERS = 80;
const HEAD_BYTES = 24;
const INSERT = 'INSERT OR REPLACE INTO orderHeads (block, body) VALUES (?, ?)';
export const HEAD_STATEMENTS = { block: 'SELECT body FROM orderHeads WHERE block = ?' } as const;

interface Block {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  isChanged: boolean;
}

export class OrderHeads {
  readonly #statements: PreparedStatements;
  /** Those of the chunk. */
  readonly #blocks = new Map<number, Block>();

  constructor(statements: PreparedStatements) {
    this.#statements = statements;
  }

  /** @param ordinal of an order that is stored */
  read(ordinal: number): StoredOrder {
    const { view } = this.#blockAt(blockOf(ordinal));
    const at = offsetOf(ordinal);
    const core = CORE_STATES[view.getUint8(at + 7)];
    if (core === undefined) throw new StoredBodyError(`order ${ordinal} has a state that is none`);
    return {
      ordinal,
      account: view.getUint32(at, true),
      symbol: view.getUint16(at + 4, true),
      isPlain: view.getUint8(at + 6) === 1,
      core,
      quantity: view.getBigInt64(at + 8, true),
      filledQuantity: view.getBigInt64(at + 16, true),
    };
  }

  /** Of an order that is not plain the quantities may be cut: they are read from its history. */
  change(order: TouchedOrder): void {
    const block = this.#blockAt(blockOf(order.ordinal));
    const { view } = block;
    const at = offsetOf(order.ordinal);
    view.setUint32(at, order.account, true);
    view.setUint16(at + 4, order.symbol, true);
    view.setUint8(at + 6, order.isPlain && order.pendingRequests.length === 0 ? 1 : 0);
    view.setUint8(at + 7, CORE_STATES.indexOf(order.core));
    view.setBigInt64(at + 8, order.quantity, true);
    view.setBigInt64(at + 16, order.filledQuantity, true);
    block.isChanged = true;
  }

  write(): void {
    const insert = this.#statements.of(INSERT);
    for (const [number, { bytes, isChanged }] of this.#blocks) if (isChanged) insert.run(number, bytes);
    this.#blocks.clear();
  }

  #blockAt(number: number): Block {
    let block = this.#blocks.get(number);
    if (block === undefined) {
      const row = this.#statements.of(HEAD_STATEMENTS.block).get(number);
      const bytes = (row?.body as Uint8Array | undefined) ?? new Uint8Array(BLOCK_ORDERS * HEAD_BYTES);
      if (bytes.length !== BLOCK_ORDERS * HEAD_BYTES) throw new StoredBodyError(`block ${number} is cut`);
      block = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), isChanged: false };
      this.#blocks.set(number, block);
    }
    return block;
  }
}

const blockOf = (ordinal: number): number => Math.floor(ordinal / BLOCK_ORDERS);
const offsetOf = (ordinal: number): number => (ordinal % BLOCK_ORDERS) * HEAD_BYTES;
