/** What waits for durability: answers to callers and pushes to streams, in the order they were decided. */

interface Deliverer<Answered> {
  deliver(replyTo: number, answered: Answered): void;
}

export interface Effects<Answered> {
  readonly replyTo: number[];
  readonly answers: Answered[];
  readonly tasks: (() => void)[];
  isEmpty(): boolean;
  release(deliverer: Deliverer<Answered>): void;
}

export const newEffects = <Answered>(): Effects<Answered> => new PendingEffects<Answered>();

class PendingEffects<Answered> implements Effects<Answered> {
  readonly replyTo: number[] = [];
  readonly answers: Answered[] = [];
  readonly tasks: (() => void)[] = [];

  isEmpty(): boolean {
    return this.replyTo.length === 0 && this.tasks.length === 0;
  }

  release(deliverer: Deliverer<Answered>): void {
    for (let i = 0; i < this.replyTo.length; i++) deliverer.deliver(this.replyTo[i]!, this.answers[i]!);
    for (const task of this.tasks) task();
  }
}
