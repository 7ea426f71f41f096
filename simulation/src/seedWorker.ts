/** A thread that runs one seed after the other, as it is told; null ends it. */
import { parentPort } from 'node:worker_threads';
import { InvariantError } from '@oms/domain';
import type { FaultFocus } from './faults/faultPlan.ts';
import { simulateSeed } from './simulate.ts';

export interface SeedTask {
  readonly seed: number;
  readonly minutes: number;
  readonly focus: FaultFocus | null;
}

if (parentPort === null) throw new InvariantError('seeds run in a worker thread');
const port = parentPort;
port.on('message', async (task: SeedTask | null) => {
  if (task === null) port.close();
  else port.postMessage(await simulateSeed(task));
});
