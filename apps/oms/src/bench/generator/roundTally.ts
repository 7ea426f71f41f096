/** The count of one round while it runs: what is due, what was sent, what came back, and how long that took. */
import type { Round } from '../benchOptions.ts';
import type { Answer } from './answer.ts';
import type { RoundResult } from './generatorMessages.ts';
import type { LatencyRecorder } from './latency.ts';
import { KIND, type Kind } from './orderMix.ts';
import { Schedule } from './schedule.ts';

export class RoundTally {
  readonly firstNumber: number;
  readonly schedule: Schedule;
  sent = 0;
  answered = 0;
  readonly #round: Round;
  readonly #batch: number;
  readonly #latency: LatencyRecorder;
  readonly #lag: LatencyRecorder;
  readonly #startedAt = performance.now();
  readonly #acknowledged = [0, 0, 0];
  readonly #errors: Record<string, number> = {};
  #traded = 0;
  #tooLate = 0;
  #lastAnswerAt = 0;

  constructor(round: Round, firstNumber: number, batch: number, latency: LatencyRecorder, lag: LatencyRecorder) {
    this.firstNumber = firstNumber;
    this.schedule = new Schedule(round);
    this.#round = round;
    this.#batch = batch;
    this.#latency = latency;
    this.#lag = lag;
    latency.reset();
    lag.reset();
  }

  /** How many requests should have been sent by now. A batch is due as a whole when its first order is. */
  dueAt(now: number): number {
    const { window } = this.#round;
    if (window !== undefined) return this.isSent(now) ? this.sent : this.#wholeBatches(this.answered + window);
    return Math.min(this.schedule.total, this.#wholeBatches(this.schedule.dueAt(now - this.#startedAt)));
  }

  isSent(now: number): boolean {
    if (this.#round.window !== undefined) return now - this.#startedAt >= this.#round.seconds * 1000;
    return this.sent >= this.schedule.total;
  }

  /** Whether the request that was sent last is the last of its batch. */
  endsBatch(): boolean {
    return this.sent % this.#batch === 0 || this.sent === this.schedule.total;
  }

  sending(number: number, now: number): void {
    this.sent++;
    this.#lag.record(now - this.#plannedAt(number));
  }

  /** @param arrivedAt as performance.now() tells */
  answer(answer: Answer, kind: Kind, arrivedAt: number): void {
    this.answered++;
    this.#lastAnswerAt = arrivedAt;
    this.#latency.record(arrivedAt - this.#plannedAt(answer.number));
    const { errorCode } = answer;
    if (errorCode === null) {
      this.#acknowledged[kind]!++;
      if (answer.traded && kind === KIND.NEW) this.#traded++;
    } else if (errorCode === 'ORDER_NOT_OPEN' && kind !== KIND.NEW) {
      // The order traded while the request was on its way: the right answer, not a failure.
      this.#tooLate++;
    } else this.#errors[errorCode] = (this.#errors[errorCode] ?? 0) + 1;
  }

  result(cpuSeconds: number, sampleAnswer: string | null, lostConnections: number): RoundResult {
    const { rate, seconds } = this.#round;
    const [newOrders, replaces, cancels] = this.#acknowledged as [number, number, number];
    const acknowledged = newOrders + replaces + cancels;
    const answeredAfterSeconds = (this.#lastAnswerAt - this.#startedAt) / 1000;
    // Until the last answer, when it came late: a server that falls behind achieves less than was offered.
    const elapsedSeconds = Math.max(seconds, answeredAfterSeconds);
    return {
      rate,
      seconds,
      sent: this.sent,
      newOrders,
      replaces,
      cancels,
      traded: this.#traded,
      tooLate: this.#tooLate,
      unanswered: this.sent - this.answered,
      errors: this.#errors,
      achievedRate: (acknowledged + this.#tooLate) / elapsedSeconds,
      latency: this.#latency.report(),
      curve: this.#latency.curve(),
      lag: this.#lag.report(),
      cpuSeconds,
      elapsedSeconds,
      sampleAnswer,
      lostConnections,
    };
  }

  #wholeBatches(count: number): number {
    return Math.ceil(count / this.#batch) * this.#batch;
  }

  #plannedAt(number: number): number {
    const index = number - this.firstNumber;
    // In a closed loop nothing is planned; its latencies mean nothing and are not shown.
    if (this.#round.window !== undefined) return this.#startedAt;
    const planned = this.#batch === 1 ? index : index - (index % this.#batch);
    return this.#startedAt + this.schedule.plannedAt(planned);
  }
}
