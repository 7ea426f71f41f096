/** Runs the snapshot worker: starts one, tells how it ended, and can end it. */
import { Worker } from 'node:worker_threads';
import type { SnapshotTask } from './makeSnapshot.ts';

/** Few collections of what one record leaves behind. */
const YOUNG_GENERATION_MB = 64;

export interface SnapshotThread {
  /** Resolves once the snapshot is durable; rejects with why there is none. */
  readonly made: Promise<void>;
  /** Ends it, whatever it is doing; resolves when it is gone. Half a file is no snapshot. */
  cancel(): Promise<void>;
}

const WORKER = new URL('./snapshotWorker.ts', import.meta.url);

/** @param program of the thread: makes the snapshot of its `workerData`, and posts a message once it is durable */
export function startSnapshotThread(task: SnapshotTask, program: URL = WORKER): SnapshotThread {
  const worker = new Worker(program, {
    workerData: task,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
  });
  const made = new Promise<void>((resolve, reject) => {
    let isMade = false;
    worker.once('message', () => {
      isMade = true;
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      if (isMade) resolve();
      else reject(new Error('the snapshot worker was ended'));
    });
  });
  return {
    made,
    async cancel() {
      await worker.terminate();
    },
  };
}
