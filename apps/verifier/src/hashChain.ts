/**
 * The chain of hashes: every group names the hash of the one before it, so that nothing below a known hash can be
 * altered, removed, inserted or moved, however well checksums and positions were patched. What is known comes from
 * outside the journal: the anchors an operator kept, and the snapshots.
 */
import { hash } from 'node:crypto';
import type { Findings } from './findings.ts';
import { type Frame, placeOf, type SegmentStart } from './journal/segments.ts';

/** A position of the journal with the hash of everything up to it. */
export interface Head {
  readonly position: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

/** A head that the journal must contain. */
export interface Anchor extends Head {
  /** Who knows it, for breaches. */
  readonly knownBy: string;
}

const BEGINNING = Buffer.alloc(32);
/** Digits that tell hashes apart in a message. */
const SHOWN = 16;

export class HashChain {
  readonly #findings: Findings;
  /** Those not met yet, by position. */
  readonly #anchors: ReadonlyMap<number, readonly Anchor[]>;
  readonly #met = new Set<Anchor>();
  #hash: Buffer = BEGINNING;
  /** Before the newest group. */
  #hashBefore: Buffer = BEGINNING;
  #newest: Frame | null = null;

  constructor(findings: Findings, anchors: readonly Anchor[]) {
    this.#findings = findings;
    this.#anchors = Map.groupBy(anchors, ({ position }) => position);
    this.#meetAnchors(0);
  }

  /** Of the newest group. */
  get head(): Head {
    const position = this.#newest === null ? 0 : lastPositionOf(this.#newest);
    return { position, hash: this.#hash.toString('hex') };
  }

  /** A position that something outside the journal knows to have been durable. */
  get knownDurable(): number {
    return Math.max(0, ...this.#anchors.keys());
  }

  /** @returns what is wrong with a segment's claim of what comes before it, or null */
  faultOf({ previousHash }: SegmentStart): string | null {
    if (previousHash.equals(this.#hash)) return null;
    return (
      `the segment was begun after hash ${shown(previousHash)}, here comes ${shown(this.#hash)} before it: ` +
      'the end of the segment before was altered, or one of the two is of another journal'
    );
  }

  /** @param follows whether the frame comes, by positions, directly after the newest group */
  follow(frame: Frame, follows: boolean): boolean {
    const fault = follows && !frame.previousHash.equals(this.#hash) ? this.#breakAt(frame) : null;
    if (fault !== null) this.#findings.breach('I9', this.#newest?.firstPosition ?? frame.firstPosition, fault);
    if (frame.recordCount > 0) {
      this.#hashBefore = follows ? this.#hash : frame.previousHash;
      this.#hash = hash('sha256', frame.hashed, 'buffer');
      this.#newest = frame;
      this.#meetAnchors(lastPositionOf(frame));
    }
    return fault === null;
  }

  #breakAt(frame: Frame): string {
    const newest = this.#newest;
    if (newest === null) {
      return `${placeOf(frame)}: the first group was written after hash ${shown(frame.previousHash)}: what came before it was removed`;
    }
    const group = `${placeOf(newest)}: the group with positions ${newest.firstPosition} to ${lastPositionOf(newest)}`;
    const after = `the one after it, ${placeOf(frame)},`;
    if (frame.previousHash.equals(this.#hashBefore)) {
      return `${group} was inserted: by its hash ${after} comes directly behind the group before this one`;
    }
    return (
      `${group} has hash ${shown(this.#hash)}, ${after} was written after ${shown(frame.previousHash)}: ` +
      'it was altered or put there, or groups between the two were removed'
    );
  }

  #meetAnchors(position: number): void {
    for (const anchor of this.#anchors.get(position) ?? []) {
      this.#met.add(anchor);
      const found = this.#hash.toString('hex');
      this.#findings.expect(
        anchor.hash === found,
        'I9',
        position,
        () => `${anchor.knownBy} has hash ${anchor.hash}, the journal ${found}: what is at or below it was rewritten`,
      );
    }
  }

  /** @param lastPosition of the journal; what is missing behind `told` needs no further word */
  end(lastPosition: number, told: number): void {
    for (const anchor of [...this.#anchors.values()].flat()) {
      const { position, knownBy } = anchor;
      if (this.#met.has(anchor) || position >= told) continue;
      const found =
        position > lastPosition ? `the journal ends with ${lastPosition}` : 'the journal has no group that ends there';
      this.#findings.breach('I9', 0, `${knownBy} knows position ${position}, ${found}`);
    }
  }
}

const lastPositionOf = ({ firstPosition, recordCount }: Frame): number => firstPosition + recordCount - 1;

const shown = (bytes: Buffer): string => `${bytes.toString('hex').slice(0, SHOWN)}…`;
