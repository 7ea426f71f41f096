/** The open connections, by who holds them: for the caps per subject and address, which more connections cannot dodge. */
import type { SocketSession } from './socketSession.ts';

export class OpenSessions {
  readonly #all = new Set<SocketSession>();
  readonly #bySubject = new Map<string, Set<SocketSession>>();
  readonly #byAddress = new Map<string, Set<SocketSession>>();

  get size(): number {
    return this.#all.size;
  }

  [Symbol.iterator](): Iterator<SocketSession> {
    return this.#all.values();
  }

  add(session: SocketSession): void {
    this.#all.add(session);
    join(this.#byAddress, session.addressKey, session);
  }

  /** It is signed in now. */
  signedIn(session: SocketSession): void {
    const subject = session.caller?.subject ?? null;
    if (subject !== null) join(this.#bySubject, subject, session);
  }

  delete(session: SocketSession): void {
    this.#all.delete(session);
    leave(this.#byAddress, session.addressKey, session);
    const subject = session.caller?.subject ?? null;
    if (subject !== null) leave(this.#bySubject, subject, session);
  }

  countOfAddress(addressKey: string): number {
    return this.#byAddress.get(addressKey)?.size ?? 0;
  }

  countOfSubject(subject: string): number {
    return this.#bySubject.get(subject)?.size ?? 0;
  }

  /** Subscriptions of everybody who is signed in as the same subject; of the session alone without sign-in. */
  subscriptionsBeside(session: SocketSession): number {
    const subject = session.caller?.subject ?? null;
    let sum = 0;
    for (const each of (subject === null ? undefined : this.#bySubject.get(subject)) ?? [session]) {
      sum += each.subscriptions;
    }
    return sum;
  }
}

function join(sessions: Map<string, Set<SocketSession>>, key: string, session: SocketSession): void {
  const set = sessions.get(key);
  if (set === undefined) sessions.set(key, new Set([session]));
  else set.add(session);
}

function leave(sessions: Map<string, Set<SocketSession>>, key: string, session: SocketSession): void {
  const set = sessions.get(key);
  if (set?.delete(session) === true && set.size === 0) sessions.delete(key);
}
