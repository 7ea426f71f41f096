/**
 * A small house of the real actors whose journal can be written to files, and rewritten: decoded and encoded again with
 * the production codecs after a test has falsified it.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type AnyActor, Runtime } from '@oms/actors';
import { openSnapshotFiles } from '@oms/adapter-embedded';
import {
  beginRecord,
  endRecord,
  orderEventCodec,
  readEvents,
  readRecords,
  riskEventCodec,
  runtimeEventCodec,
  venueEventCodec,
} from '@oms/codec';
import {
  type Answer,
  decimal,
  type Instrument,
  NO_LIMITS,
  type OrderProcessorMessage,
  type OrderTerms,
  partitionOf,
  partitionOfOrderId,
  type RiskEngineMessage,
  type RiskLimits,
  type VenueAction,
  type VenueInstruction,
} from '@oms/domain';
import { orderProcessor } from '@oms/order-processor';
import { ByteWriter, type Codec, type JournalGroup, type Snapshot } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { FixedMarket, ManualTime, MemoryJournal, MemorySnapshots, TEST_INSTRUMENT, terms } from '@oms/testkit';
import { createVenueSimulator } from '@oms/venue-simulator';

export const PERPETUAL: Instrument = {
  ...TEST_INSTRUMENT,
  symbol: 'BTC-PERP',
  kind: 'PERPETUAL',
  initialMarginRate: decimal('0.1'),
};

export class House {
  readonly journal: MemoryJournal;
  readonly snapshots = new MemorySnapshots();
  readonly time = new ManualTime();
  readonly market = new FixedMarket();
  readonly answers: Answer[] = [];
  readonly runtime: Runtime<Answer>;
  readonly #partitions: number;
  #clientOrders = 0;

  constructor(journal = new MemoryJournal(), partitions = 1) {
    this.journal = journal;
    this.#partitions = partitions;
    this.runtime = new Runtime<Answer>({
      actors: [
        { create: (): AnyActor => orderProcessor(), partitions },
        { create: (): AnyActor => riskEngine(), partitions },
        { create: (): AnyActor => createVenueSimulator({ mode: 'manual', seed: 'test' }), partitions: 1 },
      ],
      route: (send, from) => {
        if (send.to === 'venue-simulator') return 0;
        const isReport = send.to === 'order-processor' && send.message.type === 'VenueReported';
        return isReport ? (partitionOfOrderId(send.message.report.orderId) ?? 0) : from;
      },
      journal,
      snapshots: this.snapshots,
      clock: this.time,
      scheduler: this.time,
      market: this.market,
      instruments: new Map([TEST_INSTRUMENT, PERPETUAL].map((instrument) => [instrument.symbol, instrument])),
      hooks: {
        answer: (answer) => answer,
        quarantined: (position) => {
          throw new Error(`a message was put aside at ${position}`);
        },
        deliver: (_, answer) => this.answers.push(answer),
        failed: (error) => {
          throw error;
        },
      },
    });
    this.runtime.recover();
    this.runtime.start();
  }

  /** Instruments, two accounts with funds, prices. */
  async open(): Promise<this> {
    this.quote();
    for (const instrument of [TEST_INSTRUMENT, PERPETUAL]) this.#risk({ type: 'ListInstrument', instrument });
    for (const accountId of ['A', 'B']) {
      const deposits = [
        { currency: 'USD', amount: decimal('10000') },
        { currency: 'BTC', amount: decimal('10') },
      ];
      this.#risk({
        type: 'OpenAccount',
        accountId,
        name: accountId,
        kind: 'HOUSE',
        deskId: 'desk',
        deposits,
        replyTo: 1,
      });
    }
    await this.runtime.step();
    return this;
  }

  quote(price = '100'): void {
    for (const symbol of ['BTC-USD', 'BTC-PERP']) {
      this.market.set(symbol, { last: decimal(price), mark: decimal(price), time: this.time.now() });
    }
  }

  async list(instrument: Instrument): Promise<void> {
    this.#risk({ type: 'ListInstrument', instrument });
    await this.runtime.step();
  }

  async limits(scope: 'FIRM' | 'DESK' | 'ACCOUNT' | 'DEFAULT', id: string, limits: Partial<RiskLimits>): Promise<void> {
    this.#risk({ type: 'ChangeLimits', scope, id, limits: { ...NO_LIMITS, ...limits }, actor: 'risk', replyTo: 1 });
    await this.runtime.step();
  }

  async tradingState(state: 'ACTIVE' | 'HALTED', actor: string): Promise<void> {
    this.#risk({ type: 'ChangeTradingState', scope: 'FIRM', id: null, state, reason: 'test', actor, replyTo: 1 });
    await this.runtime.step();
  }

  /** @returns the order's id */
  async place(changes: Partial<OrderTerms> = {}, accountId = 'A'): Promise<string> {
    const clientOrderId = `c${++this.#clientOrders}`;
    const partition = partitionOf(accountId, this.#partitions);
    await this.#order({ type: 'PlaceOrder', accountId, clientOrderId, terms: terms(changes), replyTo: 1 }, partition);
    return this.answers.at(-1)!.orderId!;
  }

  async cancel(orderId: string): Promise<void> {
    const clientOrderId = `c${++this.#clientOrders}`;
    const message = { type: 'CancelOrder', orderId, clientOrderId, origin: 'CLIENT', replyTo: 1 } as const;
    await this.#order(message, partitionOfOrderId(orderId)!);
  }

  async replace(orderId: string, quantity: string | null, price: string | null = null): Promise<void> {
    const clientOrderId = `c${++this.#clientOrders}`;
    const message: OrderProcessorMessage = {
      type: 'ReplaceOrder',
      orderId,
      clientOrderId,
      quantity: quantity === null ? null : decimal(quantity),
      price: price === null ? null : decimal(price),
      stopPrice: null,
      replyTo: 1,
    };
    await this.#order(message, partitionOfOrderId(orderId)!);
  }

  async venue(
    action: VenueAction,
    orderId: string,
    said: { quantity?: string; price?: string; executionId?: string } = {},
  ): Promise<void> {
    const instruction: VenueInstruction = {
      type: 'VenueInstruction',
      orderId,
      action,
      executionId: said.executionId ?? null,
      quantity: said.quantity === undefined ? null : decimal(said.quantity),
      price: said.price === undefined ? null : decimal(said.price),
      reason: null,
      replyTo: 1,
    };
    this.runtime.submit('venue-simulator', 0, instruction);
    await this.runtime.step();
    const answer = this.answers.at(-1)!;
    if (answer.outcome !== 'ACCEPTED') throw new Error(`the venue did not ${action}: ${answer.reason?.message}`);
  }

  async #order(message: OrderProcessorMessage, partition: number): Promise<void> {
    this.runtime.submit('order-processor', partition, message);
    await this.runtime.step();
  }

  /** An account's partition hears of it; of all else every one. */
  #risk(message: RiskEngineMessage): void {
    const owner = message.type === 'OpenAccount' ? partitionOf(message.accountId, this.#partitions) : null;
    for (let partition = 0; partition < this.#partitions; partition++) {
      if (owner === null || owner === partition) this.runtime.submit('risk-engine', partition, message);
    }
  }
}

// ---- the journal as records that can be changed ------------------------------------------------------------------

/** Any event, to be falsified at will. */
// biome-ignore lint/suspicious/noExplicitAny: falsifying means leaving the types
export type AnyEvent = { type: string } & Record<string, any>;

export interface EditableRecord {
  readonly service: number;
  /** The service its frame names. */
  writtenBy: number;
  partition: number;
  causeKind: number;
  causeSequence: number;
  events: AnyEvent[];
  group: { now: number; epoch: number };
  /** Position it was recorded at. */
  readonly position: number;
}

// biome-ignore lint/suspicious/noExplicitAny: one list for the codecs of all services
const CODECS: readonly Codec<any>[] = [runtimeEventCodec, orderEventCodec, riskEventCodec, venueEventCodec];

export function editable(groups: readonly JournalGroup[]): EditableRecord[] {
  const edited: EditableRecord[] = [];
  for (const { payload, now, epoch } of groups) {
    const group = { now, epoch };
    for (const record of readRecords(payload)) {
      const { service, partition, causeKind, causeSequence } = record;
      const events: AnyEvent[] = [];
      readEvents(record, CODECS[service]!, (event) => events.push(event as AnyEvent));
      const position = edited.length + 1;
      edited.push({ service, writtenBy: service, partition, causeKind, causeSequence, events, group, position });
    }
  }
  return edited;
}

/** Numbers the records anew, with their causes, and frames each former group as one. */
export function regrouped(records: readonly EditableRecord[]): JournalGroup[] {
  const moved = new Map(records.map((record, index) => [record.position, index + 1]));
  const groups: JournalGroup[] = [];
  for (let start = 0; start < records.length; ) {
    const { group } = records[start]!;
    let end = start;
    while (end < records.length && records[end]!.group === group) end++;
    const writer = new ByteWriter();
    for (const record of records.slice(start, end)) {
      const cause =
        record.causeKind === 1 ? (moved.get(record.causeSequence) ?? record.causeSequence) : record.causeSequence;
      const at = beginRecord(writer, record.writtenBy, record.partition, record.causeKind, cause);
      for (const event of record.events) CODECS[record.service]!.encode(event, writer);
      endRecord(writer, at, record.events.length);
    }
    const payload = writer.written().slice();
    groups.push({ firstPosition: start + 1, recordCount: end - start, ...group, payload });
    start = end;
  }
  return groups;
}

// ---- files -------------------------------------------------------------------------------------------------------

const SEGMENT_HEADER_BYTES = 72;
export const FRAME_HEADER_BYTES = 88;

/** State and position: what a snapshot is but for the hash, which is that of a journal. */
export type StateAt = Omit<Snapshot, 'hash'>;

export interface WrittenGroup {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
  readonly lastPosition: number;
  readonly hash: string;
}

/** Writes the groups as one segment by docs/reference/journal-format.md. @returns where each is */
export function writeSegment(directory: string, groups: readonly JournalGroup[], spareBytes = 4096): WrittenGroup[] {
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, `${'1'.padStart(20, '0')}.journal`);
  const header = Buffer.alloc(SEGMENT_HEADER_BYTES);
  header.write('ff4f4d534a524e4c', 'hex');
  header.writeUInt32LE(2, 8);
  header.writeBigUInt64LE(1n, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 68)), 68);
  const parts: Buffer[] = [header];
  const written: WrittenGroup[] = [];
  let offset = SEGMENT_HEADER_BYTES;
  let previous: Buffer | null = null;
  for (const group of groups) {
    const frame: Buffer = frameOf(group, previous);
    previous = frame;
    parts.push(frame);
    const lastPosition = group.firstPosition + group.recordCount - 1;
    written.push({ file, offset, bytes: frame.length, lastPosition, hash: hashOf(frame).toString('hex') });
    offset += frame.length;
  }
  writeFileSync(file, Buffer.concat([...parts, Buffer.alloc(spareBytes)]));
  return written;
}

/** Of a group, by its frame. */
export const hashOf = (frame: Buffer): Buffer => createHash('sha256').update(frame.subarray(16)).digest();

function frameOf(group: JournalGroup, previous: Buffer | null): Buffer {
  const { payload, recordCount, firstPosition, now, epoch } = group;
  const frame = Buffer.alloc(Math.ceil((FRAME_HEADER_BYTES + payload.length) / 8) * 8);
  frame.write('ff4f4d47', 'hex');
  frame.writeUInt32LE(2, 4);
  frame.writeUInt32LE(payload.length, 16);
  frame.writeUInt32LE(recordCount, 20);
  frame.writeBigUInt64LE(BigInt(firstPosition), 24);
  frame.writeBigUInt64LE(BigInt(now), 32);
  frame.writeBigUInt64LE(BigInt(epoch), 40);
  frame.writeBigUInt64LE(BigInt(firstPosition - 1), 48);
  if (previous !== null) {
    frame.set(hashOf(previous), 56);
    frame.writeUInt32LE(previous.readUInt32LE(12), 8);
  }
  frame.set(payload, FRAME_HEADER_BYTES);
  sealFrame(frame);
  return frame;
}

/** Sets the checksum of a frame to what its other bytes ask for. */
export function sealFrame(frame: Buffer): void {
  frame.writeUInt32LE(crc32(frame.subarray(16), crc32(frame.subarray(0, 12))), 12);
}

/** The state as a snapshot of the journal that was written. */
export function snapshotOf(written: readonly WrittenGroup[], state: StateAt): Snapshot {
  const { hash } = written.find(({ lastPosition }) => lastPosition === state.position)!;
  return { ...state, hash };
}

export const saveSnapshot = (directory: string, snapshot: Snapshot): Promise<void> =>
  openSnapshotFiles(directory).save(snapshot, (writer) => writer.append(snapshot.bytes));
