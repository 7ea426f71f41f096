/** The worker thread that replays: answers one question after the other. An error ends it, and the check with it. */
import { parentPort, workerData } from 'node:worker_threads';
import { InvariantError } from '@oms/domain';
import { takenOver } from '../model/modelFacts.ts';
import { Replay, type ReplaySource } from './replay.ts';
import type { ToReplay } from './replayMessages.ts';

if (parentPort === null) throw new InvariantError('the replay runs in a worker thread');
const port = parentPort;
const replay = new Replay(workerData as ReplaySource);

function answer(question: ToReplay): Promise<unknown> {
  switch (question.kind) {
    case 'fold':
      return replay.fold(question.groups);
    case 'compare':
      return replay.compare(takenOver(question.model));
    case 'verdict':
      return replay.verdict(question.cells);
    case 'fromSnapshot':
      return replay.fromSnapshot();
  }
}

// Each is answered before the next is taken: nothing in an answer waits for anything.
port.on('message', async (question: ToReplay) => port.postMessage(await answer(question)));
