/**
 * Sign-in on a connection: a token in the upgrade request or in a first `auth` message, renewed by `auth` before it
 * expires. Until somebody is signed in nothing else is answered; what comes while a token is being checked waits.
 */
import { CLOSE_SIGN_IN, CLOSE_TOO_MANY_CONNECTIONS, socketShapes } from '@oms/api-contract';
import { isoTime } from '@oms/domain';
import type { Scheduler, Timer } from '@oms/ports';
import { type Caller, LATEST_TIME } from '../access/caller.ts';
import { FORBIDDEN, type SignIn } from '../access/signIn.ts';
import type { ApiBounds } from '../options.ts';
import { invalid, isRefusal, type Refusal, refuse } from '../refusal.ts';
import { readFrame } from './frame.ts';
import type { OpenSessions } from './openSessions.ts';
import type { RequestId, SocketSession } from './socketSession.ts';

/** How often it is looked whose token has expired or was revoked. */
const CHECK_MS = 1_000;
/** A sign-in is no larger. */
const SIGN_IN_BYTES_MAX = 20_000;
/** Frames that may wait for a sign-in under way. */
const HELD_FRAMES_MAX = 100;

export interface SocketSignInOptions {
  readonly signIn: SignIn;
  readonly sessions: OpenSessions;
  readonly scheduler: Scheduler;
  readonly bounds: ApiBounds;
  /** What came before the sign-in was done. */
  received(session: SocketSession, frame: Buffer): void;
  /** What the session may reach has changed. */
  reachChanged(session: SocketSession): void;
  signedIn(caller: Caller, session: SocketSession): void;
  /** The token could not be used. */
  refused(session: SocketSession): void;
  onFault(fault: unknown, requestId: string | null): void;
}

export class SocketSignIn {
  readonly #options: SocketSignInOptions;
  readonly #timer: Timer;

  constructor(options: SocketSignInOptions) {
    this.#options = options;
    this.#timer = options.scheduler.every(CHECK_MS, () => this.#check());
  }

  /** A new connection; `caller` when its upgrade request said who it is. */
  opened(session: SocketSession, caller: Caller | null): void {
    const { scheduler, bounds, sessions } = this.#options;
    if (sessions.countOfAddress(session.addressKey) > bounds.addressConnectionsMax) {
      session.close(CLOSE_TOO_MANY_CONNECTIONS, 'too many connections');
    } else if (caller !== null) {
      this.#admit(session, caller);
    } else {
      session.signInTimer = scheduler.after(bounds.signInWaitMs, () => session.close(CLOSE_SIGN_IN, 'sign in first'));
    }
  }

  closed(session: SocketSession): void {
    session.signInTimer?.cancel();
  }

  /** A frame of somebody who is not signed in yet. */
  receivedBefore(session: SocketSession, frame: Buffer): void {
    if (session.heldFrames !== null) {
      session.heldFrames.push(frame);
      if (session.heldFrames.length > HELD_FRAMES_MAX) session.close(CLOSE_SIGN_IN, 'sign in first');
      return;
    }
    const read = frame.length > SIGN_IN_BYTES_MAX ? null : readFrame(frame.toString());
    if (read === null || 'refusal' in read || read.op !== 'auth') {
      session.close(CLOSE_SIGN_IN, 'sign in first');
      return;
    }
    session.heldFrames = [];
    this.authenticate(session, read.id, read.params);
  }

  /** Signs in, or renews; another subject needs another connection. */
  authenticate(session: SocketSession, id: RequestId, params: unknown): void {
    const shape = socketShapes.auth;
    if (!shape.matches(params)) {
      this.#done(session, id, invalid(shape.errorsOf(params)));
      return;
    }
    const caller = this.#options.signIn.fromToken(params.token);
    if (caller instanceof Promise) {
      caller.then(
        (each) => this.#done(session, id, each),
        (fault: unknown) => {
          this.#options.onFault(fault, null);
          this.#done(session, id, refuse('INTERNAL'));
        },
      );
    } else this.#done(session, id, caller);
  }

  close(): void {
    this.#timer.cancel();
  }

  #done(session: SocketSession, id: RequestId, caller: Caller | Refusal): void {
    if (!session.isOpen) return;
    if (isRefusal(caller)) {
      session.refuse(id, caller);
      if (caller.refused === 'UNAUTHENTICATED') this.#options.refused(session);
      if (session.caller === null || caller.refused === 'UNAUTHENTICATED')
        session.close(CLOSE_SIGN_IN, 'sign-in refused');
      return;
    }
    if (session.caller !== null && session.caller.subject !== caller.subject) {
      session.refuse(id, FORBIDDEN);
      return;
    }
    if (!this.#admit(session, caller)) return;
    const expiresAt = caller.expiresAt < LATEST_TIME ? isoTime(caller.expiresAt) : null;
    session.answer(id, JSON.stringify({ actor: caller.subject, expiresAt }));
    const held = session.heldFrames ?? [];
    session.heldFrames = null;
    for (const frame of held) this.#options.received(session, frame);
  }

  /** @returns false when the subject has too many connections already */
  #admit(session: SocketSession, caller: Caller): boolean {
    const { sessions, bounds } = this.#options;
    const { subject } = caller;
    const isNew = session.caller === null;
    if (isNew && subject !== null && sessions.countOfSubject(subject) >= bounds.subjectConnectionsMax) {
      session.close(CLOSE_TOO_MANY_CONNECTIONS, 'too many connections');
      return false;
    }
    session.signInTimer?.cancel();
    session.signInTimer = null;
    session.signedIn(caller);
    this.#options.signedIn(caller, session);
    if (isNew) sessions.signedIn(session);
    else this.#options.reachChanged(session);
    return true;
  }

  #check(): void {
    for (const session of this.#options.sessions) {
      if (session.caller !== null && !this.#options.signIn.isCurrent(session.caller)) {
        session.close(CLOSE_SIGN_IN, 'token expired');
      }
    }
  }
}
