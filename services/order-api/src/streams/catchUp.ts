/**
 * Brings one subscription level with its channel: replays what it missed, from memory or from the read model, or
 * tells it that a snapshot is needed and sends one; then lets it read live. Every step leaves `next` at the one push
 * that may come next, so there is neither a gap nor a double, whatever arrives meanwhile.
 */
import type { CommandGateway, LiveState, ReadModel, Scheduler } from '@oms/ports';
import type { AccountStream, Subscription } from './accountStream.ts';
import { positionsOf, snapshotOf } from './snapshots.ts';
import { frameOf } from './streamReader.ts';

/** A replay pauses while its reader has this much to take. */
const UNSENT_PAUSE_BYTES = 1024 * 1024;
const PAUSE_MS = 20;
/** A reader that takes nothing for this many pauses (20 s) is too slow. */
const PAUSES_MAX = 1_000;
const REPORTS_PER_READ = 1_000;
/** Older executions than this many are read over REST. */
const REPORTS_REPLAYED_MAX = 100_000;
const READ_MODEL_WAIT_MS = 1_000;

export interface CatchUpOptions {
  readonly house: CommandGateway;
  readonly live: LiveState;
  readonly readModel: ReadModel;
  readonly scheduler: Scheduler;
}

export class CatchUp {
  readonly #options: CatchUpOptions;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** `newest` is the channel's durable position as the subscription was made. */
  async start(stream: AccountStream, subscription: Subscription, newest: number): Promise<void> {
    const { channel, next } = subscription;
    const missed = newest + 1 - next;
    if (missed === 0 || (missed > 0 && stream.histories[channel].reaches(next))) {
      return this.#replay(stream, subscription);
    }
    if (missed > 0 && channel === 'executions' && missed <= REPORTS_REPLAYED_MAX) {
      if (await this.#replayReports(subscription, newest)) return this.#replay(stream, subscription);
    }
    return this.withSnapshot(stream, subscription);
  }

  async withSnapshot(stream: AccountStream, subscription: Subscription): Promise<void> {
    const { reader, channel, accountId } = subscription;
    if (!isReading(subscription)) return;
    reader.push(frameOf({ channel, accountId, error: { code: 'SNAPSHOT_REQUIRED' } }));
    const { house, live } = this.#options;
    const { sequence, snapshot } = await house.query(() => ({
      sequence: positionsOf(live.sequences(accountId))[channel],
      snapshot: snapshotOf(channel, accountId, live),
    }));
    if (!isReading(subscription)) return;
    reader.push(frameOf({ channel, accountId, sequence, snapshot }));
    subscription.next = sequence + 1;
    return this.#replay(stream, subscription);
  }

  /** From memory, up to the newest push; then live. */
  async #replay(stream: AccountStream, subscription: Subscription): Promise<void> {
    const { channel } = subscription;
    const history = stream.histories[channel];
    while (isReading(subscription)) {
      if (history.newest < subscription.next) {
        stream.live[channel].add(subscription);
        return;
      }
      // While it paused, more may have come than is kept.
      if (!history.reaches(subscription.next)) return this.withSnapshot(stream, subscription);
      if (!(await this.#hasRoom(subscription))) return;
      if (!history.reaches(subscription.next)) continue;
      const { next } = subscription;
      subscription.next++;
      subscription.reader.push(history.frame(next));
    }
  }

  /** Executions older than memory, from the read model. @returns whether it came to `newest`. */
  async #replayReports(subscription: Subscription, newest: number): Promise<boolean> {
    const { readModel, house } = this.#options;
    const { accountId, channel, reader } = subscription;
    await readModel.reach(house.durablePosition, READ_MODEL_WAIT_MS);
    while (subscription.next <= newest) {
      const reports = await readModel.reportsOfAccount(accountId, subscription.next - 1, REPORTS_PER_READ);
      for (const report of reports) {
        if (!isReading(subscription)) return true;
        if (report.sequence !== subscription.next) return false;
        subscription.next++;
        reader.push(frameOf({ channel, sequence: report.sequence, data: report }));
      }
      if (reports.length === 0 || !(await this.#hasRoom(subscription))) return false;
    }
    return true;
  }

  /** Waits until the reader has taken most of what it was sent. @returns false when it is gone or too slow. */
  async #hasRoom(subscription: Subscription): Promise<boolean> {
    for (let pauses = 0; subscription.reader.unsentBytes > UNSENT_PAUSE_BYTES; pauses++) {
      if (!isReading(subscription)) return false;
      if (pauses === PAUSES_MAX) {
        subscription.reader.closeSlow();
        return false;
      }
      await new Promise<void>((resolve) => this.#options.scheduler.after(PAUSE_MS, resolve));
    }
    return isReading(subscription);
  }
}

const isReading = (subscription: Subscription): boolean => !subscription.canceled && subscription.reader.isOpen;
