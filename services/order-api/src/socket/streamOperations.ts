/** The WebSocket operations subscribe and unsubscribe, and the end of everything a connection subscribed to. */
import {
  type Access,
  CHANNEL_ACCESS,
  PRIVATE_CHANNELS,
  type PrivateChannel,
  SOCKET_OPERATIONS,
  type SubscribeRequest,
  socketShapes,
} from '@oms/api-contract';
import type { LiveState } from '@oms/ports';
import { type AccountReach, reaches } from '../access/caller.ts';
import { FORBIDDEN } from '../access/signIn.ts';
import { invalid, type Refusal, refuse } from '../refusal.ts';
import type { AccountStreams } from '../streams/accountStreams.ts';
import type { MarketStreams } from '../streams/marketStreams.ts';
import type { OpenSessions } from './openSessions.ts';
import type { RequestId, SocketSession } from './socketSession.ts';

export interface StreamOperationsOptions {
  readonly live: LiveState;
  readonly accountStreams: AccountStreams;
  readonly marketStreams: MarketStreams;
  readonly sessions: OpenSessions;
  readonly subscriptionsMax: number;
  readonly subjectSubscriptionsMax: number;
}

const isPrivate = (channel: string): channel is PrivateChannel =>
  (PRIVATE_CHANNELS as readonly string[]).includes(channel);

/** A public channel is named `kind:SYMBOL`. */
const accessOf = (channel: string): Access => CHANNEL_ACCESS[channel.split(':', 1)[0] as keyof typeof CHANNEL_ACCESS];

const keyOf = (channel: string, accountId: string): string => `${channel} ${accountId}`;

export class StreamOperations {
  readonly #options: StreamOperationsOptions;

  constructor(options: StreamOperationsOptions) {
    this.#options = options;
  }

  async subscribe(session: SocketSession, id: RequestId, params: unknown, reach: AccountReach): Promise<void> {
    const shape = socketShapes.subscribe;
    if (!shape.matches(params)) return session.refuse(id, invalid(shape.errorsOf(params)));
    const refusal = this.#refusalOf(session, params, reach);
    if (refusal !== null) return session.refuse(id, refusal);
    const channels = [...new Set(params.channels)];
    const publicPositions = channels
      .filter((channel) => !isPrivate(channel))
      .map((channel) => ({ channel, sequence: this.#joinPublic(session, channel) }));
    const answer = (privatePositions: readonly { readonly channel: string; readonly sequence: number }[]): void => {
      const sequences = new Map(
        [...publicPositions, ...privatePositions].map((position) => [position.channel, position]),
      );
      session.answer(id, JSON.stringify({ channels: channels.map((channel) => sequences.get(channel)) }));
    };
    const wanted = channels.filter(isPrivate);
    if (wanted.length === 0) answer([]);
    else await this.#joinPrivate(session, wanted, params, answer);
  }

  unsubscribe(session: SocketSession, id: RequestId, params: unknown): void {
    const shape = socketShapes.unsubscribe;
    if (!shape.matches(params)) {
      session.refuse(id, invalid(shape.errorsOf(params)));
      return;
    }
    const { channels, accountId } = params;
    if (channels.some(isPrivate) && accountId === undefined) {
      session.refuse(id, ACCOUNT_MISSING);
      return;
    }
    for (const channel of channels) {
      if (isPrivate(channel)) this.#leavePrivate(session, keyOf(channel, accountId!));
      else this.#leavePublic(session, channel);
    }
    session.answer(id, JSON.stringify({ channels }));
  }

  /** The connection has ended. */
  leaveAll(session: SocketSession): void {
    for (const key of [...session.privateChannels.keys()]) this.#leavePrivate(session, key);
    for (const channel of [...session.publicChannels]) this.#leavePublic(session, channel);
  }

  /** What the session may no longer see, since its token was renewed. */
  leaveForbidden(session: SocketSession): void {
    const reach = session.reachOf(SOCKET_OPERATIONS.subscribe.access);
    for (const [key, { accountId }] of [...session.privateChannels]) {
      if (reach === null || !reaches(reach, accountId)) this.#leavePrivate(session, key);
    }
  }

  #refusalOf(session: SocketSession, { channels, accountId }: SubscribeRequest, reach: AccountReach): Refusal | null {
    const { live, sessions, marketStreams, subscriptionsMax, subjectSubscriptionsMax } = this.#options;
    const unknown = channels.find((channel) => !isPrivate(channel) && !marketStreams.has(channel));
    if (unknown !== undefined) return refuse('UNKNOWN_CHANNEL', `There is no channel ${JSON.stringify(unknown)}.`);
    if (
      session.subscriptions + channels.length > subscriptionsMax ||
      sessions.subscriptionsBeside(session) + channels.length > subjectSubscriptionsMax
    ) {
      return refuse('TOO_MANY_SUBSCRIPTIONS');
    }
    if (!channels.every((channel) => session.reachOf(accessOf(channel)) !== null)) return FORBIDDEN;
    if (!channels.some(isPrivate)) return null;
    if (accountId === undefined) return ACCOUNT_MISSING;
    if (!reaches(reach, accountId)) return FORBIDDEN;
    return live.hasAccount(accountId) ? null : refuse('UNKNOWN_ACCOUNT');
  }

  #joinPublic(session: SocketSession, channel: string): number {
    session.publicChannels.add(channel);
    return this.#options.marketStreams.join(session, channel);
  }

  async #joinPrivate(
    session: SocketSession,
    channels: readonly PrivateChannel[],
    { accountId, fromSequence }: SubscribeRequest,
    answer: (positions: readonly { readonly channel: string; readonly sequence: number }[]) => void,
  ): Promise<void> {
    const { accountStreams } = this.#options;
    // Subscribing again starts again, from the sequence asked for now.
    for (const channel of channels) this.#leavePrivate(session, keyOf(channel, accountId!));
    const request = { accountId: accountId!, channels, fromSequence: fromSequence ?? null };
    for (const subscription of await accountStreams.join(session, request, answer)) {
      const key = keyOf(subscription.channel, subscription.accountId);
      // Another subscribe may have overtaken this one while it waited.
      this.#leavePrivate(session, key);
      if (session.isOpen) session.privateChannels.set(key, subscription);
      else accountStreams.leave(subscription);
    }
  }

  #leavePrivate(session: SocketSession, key: string): void {
    const subscription = session.privateChannels.get(key);
    if (subscription === undefined) return;
    session.privateChannels.delete(key);
    this.#options.accountStreams.leave(subscription);
  }

  #leavePublic(session: SocketSession, channel: string): void {
    session.publicChannels.delete(channel);
    this.#options.marketStreams.leave(session, channel);
  }
}

const ACCOUNT_MISSING = invalid([{ path: 'accountId', message: 'is required for private channels' }]);
