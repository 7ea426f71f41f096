import { join } from 'node:path';
import type { ReadModel } from '@oms/ports';
import { readModelContract } from '@oms/ports/contract/readModelContract';
import { FedJournal } from './fedJournal.ts';
import { hostReadModel, temporaryDirectory } from './hostedReadModel.ts';
readModelContract('hosted', async () => {
  const directory = temporaryDirectory();
  const journal = new FedJournal();
  const model = hostReadModel(join(directory.path, 'x.sqlite'), journal);
  const readModel = new Proxy({} as ReadModel, { get: (_, name) => async (...p: unknown[]) => {
    if (name === 'reach') return { position: await model.level(), stalenessMs: 0 };
    try { return model.ask(name as never, ...p); } catch (e) { throw Object.assign(new Error(), { code: (e as Error).message.split(':')[0] }); }
  }});
  return { readModel, feed: async (now, records) => { journal.append(now, records); return model.level(); }, dispose: async () => { model.close(); directory.remove(); } };
});
