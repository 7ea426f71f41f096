/**
 * Watches from outside: knows what clients sent and were told, reads what is on the disk with the verifier's own
 * decoder and model, and compares. It never asks the house what it thinks of itself, but for the state whose hash must
 * be that of the journal's replay.
 */
import { createHash } from 'node:crypto';
import { cellKeysOf } from '@oms/actors';
import type { EmbeddedHouse } from '@oms/house';
import type { FaultyFileSystem } from '@oms/testkit';
import { JournalAudit, type SegmentBytes } from '@oms/verifier';
import type { ClientRequest, WireAnswer } from '../clients/wire.ts';
import { JOURNAL_DIRECTORY } from '../house/houseProcess.ts';
import type { Chronicle } from '../world/chronicle.ts';
import { RequestLedger } from './requestLedger.ts';

const SEGMENT_NAME = /\/(\d{20})\.journal$/;

export interface Told {
  readonly accountId: string;
  readonly request: ClientRequest;
  readonly answer: WireAnswer;
  /** Simulated time at which the house got the request. */
  readonly arrivedAt: number;
  readonly now: number;
  /** Up to where the house says that everything is durable. */
  readonly durablePosition: number;
}

/** What a start says of itself. */
export interface Start {
  readonly house: EmbeddedHouse;
  readonly lastPosition: number;
  readonly epoch: number;
}

export class Auditor {
  readonly #chronicle: Chronicle;
  readonly #ledger: RequestLedger;
  readonly #journal: JournalAudit;
  /** Highest position that somebody outside was told of in any way. */
  #toldPosition = 0;
  #epoch = 0;
  readonly #reports = new Map<string, number>();
  #fills = 0;

  constructor(chronicle: Chronicle) {
    this.#chronicle = chronicle;
    this.#ledger = new RequestLedger((what) => chronicle.breach(what));
    this.#journal = new JournalAudit({
      onRecord: (record) => {
        this.#ledger.record(record);
        for (const event of record.events) if (event.type === 'OrderFilled') this.#fills++;
      },
    });
  }

  get orders(): number {
    return this.#ledger.placed;
  }

  get fills(): number {
    return this.#fills;
  }

  get lastPosition(): number {
    return this.#journal.lastPosition;
  }

  sent(accountId: string, request: ClientRequest): void {
    this.#ledger.sent(accountId, request);
  }

  /** An answer has left the house. */
  told({ accountId, request, answer, arrivedAt, now, durablePosition }: Told): void {
    this.#toldPosition = Math.max(this.#toldPosition, durablePosition);
    this.#ledger.told(accountId, request, answer, arrivedAt, now);
  }

  /** A report was pushed: one after the other, without gaps. */
  reported(accountId: string, sequence: number): void {
    const before = this.#reports.get(accountId) ?? 0;
    if (sequence !== before + 1) {
      this.#chronicle.breach(`I9: ${accountId} was told report ${sequence} after report ${before}`);
    }
    this.#reports.set(accountId, sequence);
  }

  /** The house has started on what the disk holds. */
  started({ house, lastPosition, epoch }: Start, platter: FaultyFileSystem): void {
    if (lastPosition < this.#toldPosition) {
      this.#chronicle.breach(`I1: position ${this.#toldPosition} was told, the journal now ends at ${lastPosition}`);
    }
    // A process that wrote nothing leaves its epoch to the next.
    if (epoch < this.#epoch) this.#chronicle.breach(`I11: epoch ${epoch} follows epoch ${this.#epoch}`);
    this.#epoch = epoch;
    for (const { accountId } of house.accounts()) {
      const told = this.#reports.get(accountId) ?? 0;
      const { reports } = house.sequences(accountId);
      if (reports < told) this.#chronicle.breach(`I11: ${accountId} was told report ${told}, it has ${reports} now`);
      this.#reports.set(accountId, reports);
    }
    this.read(platter, lastPosition);
    this.compareState(house);
  }

  /** Checks what the disk has up to the position. */
  read(platter: FaultyFileSystem, durablePosition: number): void {
    const segments = segmentsOn(platter);
    const unread = segments.filter(
      (_, i) => (segments[i + 1]?.firstPosition ?? Number.POSITIVE_INFINITY) > this.#journal.lastPosition,
    );
    const whole: SegmentBytes[] = unread.map(({ file, firstPosition }) => ({
      file,
      firstPosition,
      bytes: platter.contentOf(file),
    }));
    for (const breach of this.#journal.follow(whole, durablePosition)) this.#chronicle.breach(breach);
    this.#ledger.prove();
  }

  /** I10: the house's state is what the journal's replay gives. Only while nothing is decided but not read. */
  compareState(house: EmbeddedHouse): void {
    const bytes = house.runtime.stateBytes();
    const live = createHash('sha256').update(bytes).digest('hex');
    const replayed = this.#journal.stateHash(cellKeysOf(bytes));
    if (live !== replayed) {
      this.#chronicle.breach(`I10: the state at position ${this.lastPosition} is ${live}, replay gives ${replayed}`);
    }
    this.#chronicle.note(`state ${live} at ${this.lastPosition}`);
  }

  /** Everything was written and read. */
  end(): void {
    for (const breach of this.#journal.end()) this.#chronicle.breach(breach);
  }
}

function segmentsOn(platter: FaultyFileSystem): { readonly file: string; readonly firstPosition: number }[] {
  return platter.paths().flatMap((file) => {
    const digits = file.startsWith(JOURNAL_DIRECTORY) ? SEGMENT_NAME.exec(file)?.[1] : undefined;
    return digits === undefined ? [] : [{ file, firstPosition: Number(digits) }];
  });
}
