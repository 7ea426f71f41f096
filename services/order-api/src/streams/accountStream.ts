/** The four private channels of one account: their newest pushes, and who is reading them live. */
import { PRIVATE_CHANNELS, type PrivateChannel } from '@oms/api-contract';
import { ChannelHistory } from './channelHistory.ts';
import type { StreamReader } from './streamReader.ts';

/** One reader's place in one channel. It gets every push from `next` on exactly once. */
export interface Subscription {
  readonly reader: StreamReader;
  readonly accountId: string;
  readonly channel: PrivateChannel;
  /** Sequence of the next push it needs. */
  next: number;
  canceled: boolean;
}

export class AccountStream {
  readonly accountId: string;
  readonly histories: Readonly<Record<PrivateChannel, ChannelHistory>>;
  /** Readers that are level and get pushes as they come. */
  readonly live: Readonly<Record<PrivateChannel, Set<Subscription>>>;
  /** Subscriptions of every kind, also those still catching up. */
  subscribers = 0;
  /** When the last one left. */
  idleSince = 0;

  constructor(accountId: string, capacity: number) {
    this.accountId = accountId;
    const each = <T>(make: (channel: PrivateChannel) => T): Record<PrivateChannel, T> =>
      Object.fromEntries(PRIVATE_CHANNELS.map((channel) => [channel, make(channel)])) as Record<PrivateChannel, T>;
    this.histories = each((channel) => new ChannelHistory(channel, capacity));
    this.live = each(() => new Set());
  }

  /** Keeps the push and hands it to everybody who is level; `lost` is told who turned out not to be. */
  publish(channel: PrivateChannel, sequence: number, data: object, lost: (subscription: Subscription) => void): void {
    const history = this.histories[channel];
    history.add(sequence, data);
    for (const subscription of this.live[channel]) {
      if (sequence < subscription.next) continue;
      if (sequence > subscription.next) {
        this.live[channel].delete(subscription);
        lost(subscription);
        continue;
      }
      subscription.next++;
      subscription.reader.push(history.frame(sequence));
    }
  }
}
