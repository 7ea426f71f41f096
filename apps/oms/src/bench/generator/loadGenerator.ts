/**
 * The open-loop generator: on every tick it sends everything that has come due, spread over the connections, and books
 * each answer against the request's *planned* send time. It never waits for the server. (The baselines' best rate is
 * found in a closed loop, with a fixed number of requests under way.)
 */
import { Acknowledged, FIRST_NUMBER, LAST_NUMBER } from '../acknowledged.ts';
import type { Round } from '../benchOptions.ts';
import type { SymbolTerms } from '../marketTerms.ts';
import type { Answer } from './answer.ts';
import { BatchProtocol } from './batchProtocol.ts';
import { Connection } from './connection.ts';
import { endOfObject } from './findBytes.ts';
import type { GeneratorOptions, RoundResult } from './generatorMessages.ts';
import { LatencyRecorder } from './latency.ts';
import { KIND, OrderMix } from './orderMix.ts';
import { OrderTexts } from './orderTexts.ts';
import type { ProtocolOptions } from './protocol.ts';
import { RestProtocol } from './restProtocol.ts';
import { RoundTally } from './roundTally.ts';
import { WebSocketProtocol } from './webSocketProtocol.ts';

const TICK_MS = 1;
/** Answers may take this long after the last request was sent. */
const DRAIN_MS = 10_000;
const DRAIN_LOOK_MS = 5;
/** Most requests in one turn of a connection, so that catching up does not fall on one of them. */
const TURN_MAX = 128;

const PROTOCOLS = { ws: WebSocketProtocol, rest: RestProtocol, 'rest-batch': BatchProtocol } as const;

export class LoadGenerator {
  /** Of all rounds. */
  readonly acknowledged = new Acknowledged();
  lostConnections = 0;
  readonly #options: GeneratorOptions;
  readonly #mix: OrderMix;
  readonly #texts: OrderTexts;
  readonly #latency: LatencyRecorder;
  readonly #lag: LatencyRecorder;
  #connections: readonly Connection[] = [];
  /** The connection that was used last. */
  #turn = 0;
  #nextNumber = FIRST_NUMBER;
  #tally: RoundTally | null = null;
  /** When the piece of bytes that is being read arrived. */
  #arrivedAt = 0;
  #sampleAnswer: string | null = null;

  private constructor(options: GeneratorOptions, latency: LatencyRecorder, lag: LatencyRecorder) {
    this.#options = options;
    this.#mix = new OrderMix(options.mix);
    this.#texts = new OrderTexts(options.idPrefix, options.mix.accounts);
    this.#latency = latency;
    this.#lag = lag;
  }

  static async connect(options: GeneratorOptions): Promise<LoadGenerator> {
    const [latency, lag] = await Promise.all([LatencyRecorder.create(), LatencyRecorder.create()]);
    const generator = new LoadGenerator(options, latency, lag);
    generator.#connections = await Promise.all(Array.from({ length: options.connections }, () => generator.#open()));
    return generator;
  }

  /** Prices the orders to come; again whenever the market has moved. */
  price(symbols: readonly SymbolTerms[]): void {
    this.#texts.price(symbols);
    this.#mix.symbols = symbols.length;
  }

  /** @param onTick told on every tick how the round goes */
  async run(round: Round, onTick: (sent: number, answered: number) => void = () => {}): Promise<RoundResult> {
    const tally = new RoundTally(round, this.#nextNumber, this.#options.batch, this.#latency, this.#lag);
    if (tally.firstNumber + tally.schedule.total > LAST_NUMBER) throw new Error('more requests than there are numbers');
    this.#tally = tally;
    const cpuBefore = process.cpuUsage();
    await this.#sendOnSchedule(tally, onTick);
    await this.#drained(tally);
    const { user, system } = process.cpuUsage(cpuBefore);
    this.#tally = null;
    return tally.result((user + system) / 1e6, this.#sampleAnswer, this.lostConnections);
  }

  close(): void {
    for (const connection of this.#connections) connection.close();
  }

  #open(): Promise<Connection> {
    const { host, port, transport } = this.#options;
    const onAnswer = (answer: Answer): void => this.#answered(answer);
    return Connection.open({
      host,
      port,
      createProtocol: (out, onReady) => {
        const options: ProtocolOptions = { out, texts: this.#texts, host: `${host}:${port}`, onAnswer, onReady };
        return new PROTOCOLS[transport](options);
      },
      onBytes: () => {
        this.#arrivedAt = performance.now();
      },
      onLost: () => {
        this.lostConnections++;
      },
    });
  }

  #sendOnSchedule(tally: RoundTally, onTick: (sent: number, answered: number) => void): Promise<void> {
    return new Promise((resolve) => {
      const tick = (): void => {
        const now = performance.now();
        const due = tally.dueAt(now);
        if (due > tally.sent) this.#sendUpTo(due, now, tally);
        onTick(tally.sent, tally.answered);
        if (tally.isSent(now)) resolve();
        else setTimeout(tick, TICK_MS);
      };
      tick();
    });
  }

  /**
   * The connections take turns, a tick each: a system call costs as much here as ten requests, and over four connections
   * on every tick they would be most of what the generator does (200 of 250 ms a second).
   */
  #sendUpTo(due: number, now: number, tally: RoundTally): void {
    while (tally.sent < due) {
      const connection = this.#nextConnection();
      const turnEnds = Math.min(due, tally.sent + Math.max(TURN_MAX, this.#options.batch));
      while (tally.sent < turnEnds) {
        const number = this.#nextNumber++;
        tally.sending(number, now);
        // Without a connection the request is sent nowhere and stays unanswered.
        if (connection === null) continue;
        this.#mix.pick(number);
        connection.protocol.put(this.#mix, number);
        if (tally.endsBatch()) connection.protocol.finish();
      }
      connection?.flush();
    }
  }

  #nextConnection(): Connection | null {
    for (let tries = 0; tries < this.#connections.length; tries++) {
      this.#turn = (this.#turn + 1) % this.#connections.length;
      const connection = this.#connections[this.#turn]!;
      if (connection.isOpen) return connection;
    }
    return null;
  }

  /** Waits for the answers that are missing, as long as somebody is there to send them. */
  #drained(tally: RoundTally): Promise<void> {
    const deadline = performance.now() + DRAIN_MS;
    return new Promise((resolve) => {
      const look = (): void => {
        const mayCome = tally.answered < tally.sent && this.#connections.some(({ isOpen }) => isOpen);
        if (mayCome && performance.now() < deadline) setTimeout(look, DRAIN_LOOK_MS);
        else resolve();
      };
      look();
    });
  }

  #answered(answer: Answer): void {
    const { number, errorCode } = answer;
    const mix = this.#mix;
    const kind = mix.kindOf(number);
    if (errorCode === null) {
      this.acknowledged.add(number);
      mix.acknowledged(answer);
      if (this.#sampleAnswer === null && kind === KIND.NEW) this.#sampleAnswer = orderTextOf(answer);
    }
    // Answers that come after their round was given up count as unanswered there.
    const tally = this.#tally;
    if (tally !== null && number >= tally.firstNumber) tally.answer(answer, kind, this.#arrivedAt);
  }
}

/** The order of an answer as JSON: from the brace before its id to the one that closes it. */
function orderTextOf({ bytes, orderIdStart }: Answer): string {
  const start = orderIdStart - '{"orderId":"'.length;
  return bytes.toString('utf8', start, endOfObject(bytes, start, bytes.length));
}
