/**
 * An order as it is stored: the events the journal has of it, byte for byte, each with its time and the numbers of
 * its report. Order and reports are folded from them when somebody asks; that is seldom, and writing them out for
 * every order took more time than all else the projection does.
 */
import { malformed, orderEventCodec } from '@oms/codec';
import {
  type ExecutionReport,
  evolveOrder,
  execTypeOf,
  executionReportOf,
  InvariantError,
  type Order,
  type SingleOrderEvent,
} from '@oms/domain';
import { ByteReader, ByteWriter } from '@oms/ports';
import { clientOrderIdOf } from './clientOrderIds.ts';
import { readSigned, readVarint, writeSigned, writeVarint } from './varint.ts';

/** What the times and ordinals in a stretch of history are told from. */
export interface HistoryBase {
  /** Epoch milliseconds. */
  time: number;
  executionOrdinal: number;
}

/** A stretch of one order's history. */
export interface HistoryPart {
  readonly base: Readonly<HistoryBase>;
  readonly bytes: Uint8Array;
}

/** Where the entries of one order are in the arena; both NO_ENTRY when it has none. */
export interface HistoryChain {
  firstEntry: number;
  lastEntry: number;
}
export const NO_ENTRY = -1;

const ARENA_BYTES = 4 * 1024 * 1024;
/** Before an entry: where the order's next entry is, and its bytes. */
const LINK_BYTES = 8;
/** Below it a loop copies faster than a call. */
const SHORT_COPY = 96;

/** Takes the entries of many orders as they come, and gives them back order by order. */
export class HistoryArena {
  readonly #writer = new ByteWriter(ARENA_BYTES);
  readonly base: HistoryBase = { time: 0, executionOrdinal: 0 };

  /** Forgets everything; what comes is told from this base. */
  clear(time: number, executionOrdinal: number): void {
    this.#writer.reset();
    this.base.time = time;
    this.base.executionOrdinal = executionOrdinal;
  }

  /**
   * @param reader of the record, behind the event that starts at `start`
   * @param sequence of the report the event gives, 0 for none
   */
  append(
    chain: HistoryChain,
    reader: ByteReader,
    start: number,
    time: number,
    sequence: number,
    executionOrdinal: number,
  ): void {
    const writer = this.#writer;
    const at = writer.length;
    writer.reserve(LINK_BYTES);
    writer.length = at + LINK_BYTES;
    const eventBytes = reader.offset - start;
    writeVarint(writer, eventBytes);
    writeSigned(writer, time - this.base.time);
    writeVarint(writer, sequence);
    if (sequence > 0) writeVarint(writer, executionOrdinal - this.base.executionOrdinal);
    copyBytes(reader.bytes, start, eventBytes, writer);
    writer.view.setUint32(at + 4, writer.length - at - LINK_BYTES, true);
    if (chain.firstEntry === NO_ENTRY) chain.firstEntry = at;
    else writer.view.setUint32(chain.lastEntry, at, true);
    chain.lastEntry = at;
  }

  /** Writes the entries of one order, oldest first. */
  copy(chain: HistoryChain, to: ByteWriter): void {
    const { bytes, view } = this.#writer;
    for (let at = chain.firstEntry; at !== NO_ENTRY; ) {
      copyBytes(bytes, at + LINK_BYTES, view.getUint32(at + 4, true), to);
      at = at === chain.lastEntry ? NO_ENTRY : view.getUint32(at, true);
    }
  }

  /** The entries of one order, in bytes of their own. */
  part(chain: HistoryChain): HistoryPart {
    const writer = new ByteWriter(1024);
    this.copy(chain, writer);
    return { base: { ...this.base }, bytes: writer.written() };
  }
}

function copyBytes(from: Uint8Array, start: number, length: number, to: ByteWriter): void {
  to.reserve(length);
  const { bytes, length: at } = to;
  if (length < SHORT_COPY) for (let i = 0; i < length; i++) bytes[at + i] = from[start + i]!;
  else bytes.set(from.subarray(start, start + length), at);
  to.length = at + length;
}

/** An event of the order, its time, and the numbers of the report it gave; both 0 when it gave none. */
interface HistoryEntry {
  readonly event: SingleOrderEvent;
  readonly time: number;
  readonly sequence: number;
  readonly executionOrdinal: number;
}

/** A report and its place among all reports. */
export interface NumberedReport {
  readonly executionOrdinal: number;
  readonly report: ExecutionReport;
}

/** @throws InfrastructureError CODEC_*, InvariantError when the bytes are no order's history */
export function orderOfHistory(parts: readonly HistoryPart[]): Order {
  let order: Order | undefined;
  for (const { event, time } of entriesOf(parts)) order = evolveOrder(order, event, time);
  if (order === undefined) throw new InvariantError('an order without a history');
  return order;
}

/** Every report of the order, oldest first. @throws as orderOfHistory */
export function reportsOfHistory(parts: readonly HistoryPart[]): NumberedReport[] {
  let order: Order | undefined;
  const reports: NumberedReport[] = [];
  for (const { event, time, sequence, executionOrdinal } of entriesOf(parts)) {
    const execType = execTypeOf(event, order);
    order = evolveOrder(order, event, time);
    if (sequence === 0 || execType === null) continue;
    reports.push({ executionOrdinal, report: executionReportOf(event, execType, order, sequence, time) });
  }
  return reports;
}

/** Whether the account's client gave the order, or a request about it, this id. @throws as orderOfHistory */
export function isKnownAs(parts: readonly HistoryPart[], accountId: string, clientOrderId: string): boolean {
  for (const { event } of entriesOf(parts)) {
    if (event.type === 'OrderPlaced' && event.accountId !== accountId) return false;
    if (clientOrderIdOf(event) === clientOrderId) return true;
  }
  return false;
}

function* entriesOf(parts: readonly HistoryPart[]): Generator<HistoryEntry, void, void> {
  for (const { base, bytes } of parts) {
    const reader = new ByteReader(bytes);
    while (reader.offset < bytes.length) yield readEntry(reader, base, bytes.length);
  }
}

function readEntry(reader: ByteReader, base: HistoryBase, partBytes: number): HistoryEntry {
  const eventBytes = readVarint(reader);
  const time = base.time + readSigned(reader);
  const sequence = readVarint(reader);
  const executionOrdinal = sequence === 0 ? 0 : base.executionOrdinal + readVarint(reader);
  const end = reader.offset + eventBytes;
  if (end > partBytes) malformed('order history', `an event ends at ${end} of ${partBytes}`);
  reader.end = end;
  const event = orderEventCodec.decode(reader);
  if (reader.offset !== end) malformed('order history', `${end - reader.offset} bytes follow an event`);
  reader.end = partBytes;
  return { event: event as SingleOrderEvent, time, sequence, executionOrdinal };
}
