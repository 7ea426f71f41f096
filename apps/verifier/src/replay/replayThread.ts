/** A replay in a thread of its own, for journals that take a while: it costs a second core and halves the time. */
import { Worker } from 'node:worker_threads';
import { InvariantError } from '@oms/domain';
import { handedOver, type ModelFacts } from '../model/modelFacts.ts';
import type { ReplayProgress, ReplaySource, ReplayVerdict, SnapshotReplay } from './replay.ts';
import type { ToReplay } from './replayMessages.ts';

interface Waiting {
  readonly resolve: (answer: never) => void;
  readonly reject: (error: Error) => void;
}

export class ReplayThread {
  readonly #worker: Worker;
  /** Questions without an answer, oldest first. */
  readonly #waiting: Waiting[] = [];
  #failure: Error | null = null;

  constructor(source: ReplaySource) {
    this.#worker = new Worker(new URL('./replayWorker.ts', import.meta.url), { workerData: source });
    this.#worker.on('message', (answer) => this.#waiting.shift()?.resolve(answer as never));
    this.#worker.on('error', (error: Error) => this.#fail(error));
    this.#worker.on('exit', () => this.#fail(new InvariantError('the replay ended before its time')));
  }

  fold(groups: number): Promise<ReplayProgress> {
    return this.#ask({ kind: 'fold', groups });
  }

  /** The model cannot be used afterwards: its memory goes over to the thread. */
  async compare(model: ModelFacts): Promise<void> {
    const { data, memory } = handedOver(model);
    await this.#ask({ kind: 'compare', model: data }, memory);
  }

  verdict(cells: readonly number[]): Promise<ReplayVerdict> {
    return this.#ask({ kind: 'verdict', cells });
  }

  fromSnapshot(): Promise<SnapshotReplay> {
    return this.#ask({ kind: 'fromSnapshot' });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #ask<Answer>(question: ToReplay, memory: readonly ArrayBuffer[] = []): Promise<Answer> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    return new Promise<Answer>((resolve: (answer: Answer) => void, reject) => {
      this.#waiting.push({ resolve, reject });
      this.#worker.postMessage(question, [...memory]);
    });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(this.#failure);
  }
}
