/**
 * What one subscription has seen and what it still needs. Private channels are gap-free: repeats are dropped, a gap
 * stops delivery until the missed pushes were replayed, and a snapshot starts the count anew.
 */
import type { Push } from './streamConnection.ts';

export type AccountChannel = 'orders' | 'executions' | 'positions' | 'balances';
export type MarketChannel = `book:${string}` | `trades:${string}` | `ticker:${string}` | 'system';

export interface SubscriptionHandler<T> {
  readonly data: (data: T, sequence: number) => void;
  /** The whole state instead of the changes up to `sequence`, because what was missed is no longer replayed. */
  readonly snapshot?: (items: readonly T[], sequence: number) => void;
  /** Pushes `from` … `to` were missed and have been asked for again. */
  readonly gap?: (from: number, to: number) => void;
  /** The server refused the subscription; it is not tried again. */
  readonly refused?: (error: Error) => void;
}

export interface SubscribeParameters {
  readonly channels: readonly string[];
  readonly accountId?: string;
  readonly fromSequence?: number;
}

/** What to do after a push: nothing, or ask for what was missed. */
export type PushVerdict = 'DONE' | 'RESUME';

export class Subscription {
  readonly channel: string;
  readonly accountId: string | null;
  readonly #handler: SubscriptionHandler<unknown>;
  /** Sequence of the last push delivered; null until one was, or until it does not matter. */
  #last: number | null;
  #resuming = false;

  constructor(
    channel: string,
    accountId: string | null,
    fromSequence: number | null,
    handler: SubscriptionHandler<unknown>,
  ) {
    this.channel = channel;
    this.accountId = accountId;
    this.#last = fromSequence;
    this.#handler = handler;
  }

  /** Sequence of the last push delivered, to resume from in a later program run. */
  get sequence(): number | null {
    return this.#last;
  }

  matches(push: Push): boolean {
    if (push.channel !== this.channel) return false;
    if (this.accountId === null) return true;
    return accountOf(push) === this.accountId;
  }

  /** What to ask the server for: everything after the last push delivered. */
  parameters(): SubscribeParameters {
    return {
      channels: [this.channel],
      ...(this.accountId === null ? {} : { accountId: this.accountId }),
      ...(this.accountId === null || this.#last === null ? {} : { fromSequence: this.#last + 1 }),
    };
  }

  subscribed(): void {
    this.#resuming = false;
  }

  refused(error: Error): void {
    this.#handler.refused?.(error);
  }

  accept(push: Push): PushVerdict {
    // SNAPSHOT_REQUIRED needs no answer: the snapshot follows by itself.
    if (push.error !== undefined || push.sequence === undefined) return 'DONE';
    if (push.snapshot !== undefined) {
      this.#last = push.sequence;
      this.#resuming = false;
      this.#handler.snapshot?.(push.snapshot, push.sequence);
      return 'DONE';
    }
    if (this.accountId !== null && this.#last !== null) {
      if (push.sequence <= this.#last) return 'DONE';
      if (push.sequence > this.#last + 1) return this.#missed(push.sequence);
    }
    this.#last = push.sequence;
    this.#handler.data(push.data, push.sequence);
    return 'DONE';
  }

  #missed(sequence: number): PushVerdict {
    // Everything after the gap comes again with the replay.
    if (this.#resuming) return 'DONE';
    this.#resuming = true;
    this.#handler.gap?.((this.#last ?? 0) + 1, sequence - 1);
    return 'RESUME';
  }
}

function accountOf(push: Push): string | null {
  if (push.accountId !== undefined) return push.accountId;
  const { data } = push;
  return typeof data === 'object' && data !== null && 'accountId' in data ? String(data.accountId) : null;
}
