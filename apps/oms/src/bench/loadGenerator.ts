/**
 * The open-loop generator: on every tick it sends all orders that have come due, spread over the connections, and
 * books each answer against the order's *planned* send time. It never waits for the server.
 */
import { build, type Histogram } from 'hdr-histogram-js';
import { WebSocket } from 'ws';
import { Acknowledged } from './acknowledged.ts';
import type { Round } from './benchOptions.ts';
import type { OrderMix } from './orderMix.ts';
import { readAnswer } from './readAnswer.ts';

const TICK_MS = 1;
/** Answers may take this long after the last order was sent. */
const DRAIN_MS = 10_000;
const MICROSECONDS_MAX = 3_600_000_000;

export interface RoundResult {
  readonly rate: number;
  readonly seconds: number;
  readonly sent: number;
  readonly acknowledged: number;
  /** Of the acknowledged, how many had traded by the time of the answer. */
  readonly traded: number;
  /** Neither answered nor refused when the drain ended, or lost with a connection. */
  readonly unanswered: number;
  /** Refusals by code. */
  readonly errors: Readonly<Record<string, number>>;
  /** Answers per second of the measured time. */
  readonly achievedRate: number;
  /** Of all answers, in microseconds from the planned send time. */
  readonly latency: Histogram;
  /** How late orders were sent, in microseconds: the generator's own fault, part of every latency. */
  readonly lag: Histogram;
  /** CPU seconds of this process per second. */
  readonly generatorCpu: number;
}

interface Pending {
  readonly round: Round;
  readonly firstNumber: number;
  readonly startedAt: number;
  readonly latency: Histogram;
  readonly lag: Histogram;
  readonly errors: Record<string, number>;
  sent: number;
  answered: number;
  acknowledged: number;
  traded: number;
  lastAnswerAt: number;
}

const newHistogram = (): Histogram =>
  build({ lowestDiscernibleValue: 1, highestTrackableValue: MICROSECONDS_MAX, numberOfSignificantValueDigits: 3 });

export class LoadGenerator {
  /** Of all rounds. */
  readonly acknowledged = new Acknowledged();
  readonly #sockets: WebSocket[] = [];
  readonly #mix: OrderMix;
  #nextNumber = 0;
  #pending: Pending | null = null;
  #lostConnections = 0;

  private constructor(mix: OrderMix) {
    this.#mix = mix;
  }

  static async connect(url: string, connections: number, mix: OrderMix): Promise<LoadGenerator> {
    const generator = new LoadGenerator(mix);
    await Promise.all(Array.from({ length: connections }, () => generator.#open(url)));
    return generator;
  }

  get lostConnections(): number {
    return this.#lostConnections;
  }

  /** @param onTick told now and then how the round goes */
  async run(round: Round, onTick: (sent: number, answered: number) => void): Promise<RoundResult> {
    const pending: Pending = {
      round,
      firstNumber: this.#nextNumber,
      startedAt: performance.now(),
      latency: newHistogram(),
      lag: newHistogram(),
      errors: {},
      sent: 0,
      answered: 0,
      acknowledged: 0,
      traded: 0,
      lastAnswerAt: 0,
    };
    this.#pending = pending;
    const cpuBefore = process.cpuUsage();
    await this.#sendOnSchedule(pending, onTick);
    const cpu = process.cpuUsage(cpuBefore);
    await drained(pending);
    this.#pending = null;
    return resultOf(pending, (cpu.user + cpu.system) / 1e6 / round.seconds);
  }

  close(): void {
    for (const socket of this.#sockets) {
      socket.removeAllListeners('close');
      socket.close();
    }
  }

  #open(url: string): Promise<void> {
    const socket = new WebSocket(url, { perMessageDeflate: false });
    this.#sockets.push(socket);
    return new Promise((resolve, reject) => {
      socket.on('open', () => {
        socket.on('close', () => {
          this.#lostConnections++;
        });
        resolve();
      });
      socket.on('error', reject);
      socket.on('message', (data: Buffer) => this.#answered(data));
    });
  }

  #sendOnSchedule(pending: Pending, onTick: (sent: number, answered: number) => void): Promise<void> {
    const total = Math.round(pending.round.rate * pending.round.seconds);
    return new Promise((resolve) => {
      const tick = (): void => {
        const elapsedMs = performance.now() - pending.startedAt;
        const due = Math.min(total, Math.floor((elapsedMs / 1000) * pending.round.rate) + 1);
        if (due > pending.sent) this.#sendUpTo(due, pending);
        onTick(pending.sent, pending.answered);
        if (pending.sent >= total) resolve();
        else setTimeout(tick, TICK_MS);
      };
      tick();
    });
  }

  /** One system call per connection and tick, however many orders. */
  #sendUpTo(due: number, pending: Pending): void {
    const open = this.#sockets.filter((socket) => socket.readyState === WebSocket.OPEN);
    for (const socket of open) rawSocketOf(socket)?.cork();
    const now = performance.now();
    for (; pending.sent < due; pending.sent++) {
      const number = this.#nextNumber++;
      pending.lag.recordValue(microseconds(now - plannedAt(pending, number)));
      open[number % open.length]?.send(this.#mix.request(number));
    }
    for (const socket of open) rawSocketOf(socket)?.uncork();
  }

  #answered(data: Buffer): void {
    const pending = this.#pending;
    const answer = readAnswer(data);
    if (answer === null) return;
    if (answer.errorCode === null) this.acknowledged.add(answer.id);
    // Answers that come after their round was given up count as unanswered there.
    if (pending === null || answer.id < pending.firstNumber) return;
    const now = performance.now();
    pending.answered++;
    pending.lastAnswerAt = now;
    pending.latency.recordValue(microseconds(now - plannedAt(pending, answer.id)));
    if (answer.errorCode !== null) {
      pending.errors[answer.errorCode] = (pending.errors[answer.errorCode] ?? 0) + 1;
      return;
    }
    pending.acknowledged++;
    if (answer.traded) pending.traded++;
  }
}

const microseconds = (ms: number): number => Math.max(1, Math.min(MICROSECONDS_MAX, Math.round(ms * 1000)));

const plannedAt = (pending: Pending, number: number): number =>
  pending.startedAt + ((number - pending.firstNumber) * 1000) / pending.round.rate;

/** ws offers no way to gather small frames; the socket under it does. */
const rawSocketOf = (socket: WebSocket) =>
  (socket as unknown as { _socket?: { cork(): void; uncork(): void } | null })._socket;

function drained(pending: Pending): Promise<void> {
  const deadline = performance.now() + DRAIN_MS;
  return new Promise((resolve) => {
    const look = (): void => {
      if (pending.answered >= pending.sent || performance.now() > deadline) resolve();
      else setTimeout(look, 5);
    };
    look();
  });
}

function resultOf(pending: Pending, generatorCpu: number): RoundResult {
  const { round, sent, answered, acknowledged, traded, errors, latency, lag } = pending;
  // Until the last answer, when it came late: a server that falls behind achieves less than was offered.
  const elapsedSeconds = Math.max(round.seconds, (pending.lastAnswerAt - pending.startedAt) / 1000);
  return {
    rate: round.rate,
    seconds: round.seconds,
    sent,
    acknowledged,
    traded,
    unanswered: sent - answered,
    errors,
    achievedRate: acknowledged / elapsedSeconds,
    latency,
    lag,
    generatorCpu,
  };
}
