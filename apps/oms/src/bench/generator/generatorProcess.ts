/**
 * The load generator as a process of its own, so that nothing else delays what is due and its processor time can be
 * told from ours.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../../commandError.ts';
import { Acknowledged } from '../acknowledged.ts';
import type { Round } from '../benchOptions.ts';
import type { SymbolTerms } from '../marketTerms.ts';
import type { AcknowledgedBits, GeneratorOptions, Instruction, Message, RoundResult } from './generatorMessages.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));

type OnProgress = (sent: number, answered: number) => void;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly onProgress: OnProgress;
}

export class GeneratorProcess {
  readonly #child: ChildProcess;
  #waiting: Waiting | null = null;

  private constructor() {
    this.#child = fork(MAIN, { serialization: 'advanced', execArgv: [] });
    this.#child.on('message', (message: Message) => this.#received(message));
    this.#child.once('exit', () => this.#fail('its process ended'));
    // Could not be started, or has ended while something was said to it.
    this.#child.on('error', (error) => this.#fail(error.message));
  }

  /** @throws CommandError GENERATOR_FAILED when it cannot connect. */
  static async start(options: GeneratorOptions): Promise<GeneratorProcess> {
    const generator = new GeneratorProcess();
    try {
      await generator.#ask({ type: 'connect', options });
      return generator;
    } catch (error) {
      generator.stop();
      throw error;
    }
  }

  price(symbols: readonly SymbolTerms[]): void {
    if (this.#child.connected) this.#child.send({ type: 'price', symbols } satisfies Instruction);
  }

  run(round: Round, onProgress: OnProgress = () => {}): Promise<RoundResult> {
    return this.#ask({ type: 'run', round }, onProgress);
  }

  /** Closes the connections. @returns what was acknowledged in all rounds */
  async finish(): Promise<Acknowledged> {
    const { bits, count } = await this.#ask<AcknowledgedBits>({ type: 'finish' });
    return new Acknowledged(bits, count);
  }

  stop(): void {
    if (this.#child.connected) this.#child.disconnect();
  }

  /** One question at a time. */
  #ask<Value>(instruction: Instruction, onProgress: OnProgress = () => {}): Promise<Value> {
    return new Promise<Value>((resolve, reject) => {
      this.#waiting = { resolve: resolve as (value: never) => void, reject, onProgress };
      if (this.#child.connected) this.#child.send(instruction);
      else this.#fail('its process is not there');
    });
  }

  #received(message: Message): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    if (message.type === 'progress') {
      waiting.onProgress(message.sent, message.answered);
      return;
    }
    if (message.type === 'failed') this.#fail(message.message);
    else {
      this.#waiting = null;
      waiting.resolve(message.value as never);
    }
  }

  #fail(message: string): void {
    this.#waiting?.reject(new CommandError('GENERATOR_FAILED', `The load generator failed: ${message}.`));
    this.#waiting = null;
  }
}
