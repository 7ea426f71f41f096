/**
 * The private streams: takes committed changes from the house and hands them to whoever listens. An account nobody
 * listens to costs nothing; one somebody listened to is kept for a while, so that a lost connection can resume.
 */
import type { PrivateChannel } from '@oms/api-contract';
import type { BalanceView, ExecutionReport, OrderView, PositionView } from '@oms/domain';
import type { AccountStreamSink, Clock, CommandGateway, LiveState, ReadModel, Scheduler, Timer } from '@oms/ports';
import type { ApiBounds } from '../options.ts';
import { AccountStream, type Subscription } from './accountStream.ts';
import { CatchUp } from './catchUp.ts';
import { positionsOf } from './snapshots.ts';
import type { StreamReader } from './streamReader.ts';

const IDLE_CHECK_MS = 30_000;

export interface AccountStreamsOptions {
  readonly house: CommandGateway;
  readonly live: LiveState;
  readonly readModel: ReadModel;
  readonly clock: Clock;
  readonly scheduler: Scheduler;
  readonly bounds: ApiBounds;
  onFault(fault: unknown, requestId: string | null): void;
}

export interface JoinRequest {
  readonly accountId: string;
  readonly channels: readonly PrivateChannel[];
  /** First sequence wanted; null: from now on. */
  readonly fromSequence: number | null;
}

export class AccountStreams implements AccountStreamSink {
  readonly #options: AccountStreamsOptions;
  readonly #streams = new Map<string, AccountStream>();
  readonly #catchUp: CatchUp;
  readonly #timer: Timer;

  constructor(options: AccountStreamsOptions) {
    this.#options = options;
    this.#catchUp = new CatchUp(options);
    this.#timer = options.scheduler.every(IDLE_CHECK_MS, () => this.#dropIdle());
  }

  listens(accountId: string): boolean {
    return this.#streams.size > 0 && this.#streams.has(accountId);
  }

  reported(accountId: string, sequence: number, report: ExecutionReport, order: OrderView): void {
    const stream = this.#streams.get(accountId);
    if (stream === undefined) return;
    stream.publish('orders', sequence, order, this.#lost);
    stream.publish('executions', sequence, report, this.#lost);
  }

  position(accountId: string, sequence: number, position: PositionView): void {
    this.#streams.get(accountId)?.publish('positions', sequence, position, this.#lost);
  }

  balance(accountId: string, sequence: number, balance: BalanceView): void {
    this.#streams.get(accountId)?.publish('balances', sequence, balance, this.#lost);
  }

  /**
   * Starts streaming channels of an account to a reader.
   * @param answer told the newest sequence of each channel before the first push goes out
   * @returns the subscriptions, to be given to {@link leave}
   */
  async join(
    reader: StreamReader,
    { accountId, channels, fromSequence }: JoinRequest,
    answer: (positions: readonly { readonly channel: string; readonly sequence: number }[]) => void,
  ): Promise<readonly Subscription[]> {
    // Listening starts before the position is read: what is decided after the read is streamed for certain.
    const stream = this.#streamOf(accountId);
    stream.subscribers += channels.length;
    const sequences = await this.#sequencesOf(stream, channels.length);
    const positions = channels.map((channel) => ({ channel, sequence: positionsOf(sequences)[channel] }));
    answer(positions);
    return positions.map(({ channel, sequence }) => {
      const subscription: Subscription = {
        reader,
        accountId,
        channel,
        next: fromSequence ?? sequence + 1,
        canceled: false,
      };
      this.#guard(this.#catchUp.start(stream, subscription, sequence));
      return subscription;
    });
  }

  leave(subscription: Subscription): void {
    if (subscription.canceled) return;
    subscription.canceled = true;
    const stream = this.#streams.get(subscription.accountId);
    if (stream === undefined) return;
    stream.live[subscription.channel].delete(subscription);
    stream.subscribers--;
    stream.idleSince = this.#options.clock.now();
  }

  close(): void {
    this.#timer.cancel();
  }

  readonly #lost = (subscription: Subscription): void => {
    const stream = this.#streams.get(subscription.accountId)!;
    this.#guard(this.#catchUp.withSnapshot(stream, subscription));
  };

  async #sequencesOf(stream: AccountStream, joining: number): Promise<ReturnType<LiveState['sequences']>> {
    const { house, live, clock } = this.#options;
    try {
      return await house.query(() => live.sequences(stream.accountId));
    } catch (error) {
      stream.subscribers -= joining;
      stream.idleSince = clock.now();
      throw error;
    }
  }

  #guard(work: Promise<void>): void {
    work.catch((fault: unknown) => this.#options.onFault(fault, null));
  }

  #streamOf(accountId: string): AccountStream {
    let stream = this.#streams.get(accountId);
    if (stream === undefined) {
      stream = new AccountStream(accountId, this.#options.bounds.replayLength);
      this.#streams.set(accountId, stream);
    }
    return stream;
  }

  #dropIdle(): void {
    const before = this.#options.clock.now() - this.#options.bounds.replayKeptMs;
    for (const [accountId, stream] of this.#streams) {
      if (stream.subscribers === 0 && stream.idleSince <= before) this.#streams.delete(accountId);
    }
  }
}
