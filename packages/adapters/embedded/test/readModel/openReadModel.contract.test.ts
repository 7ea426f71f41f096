/** The read-model contract on SQLite, in its worker thread, over a journal on disk. */
import { readModelContract } from '@oms/ports/contract/readModelContract';
import { ReadModelOnDisk } from './readModelOnDisk.ts';

readModelContract('SQLite', async () => {
  const house = new ReadModelOnDisk();
  const readModel = await house.open();
  return {
    readModel,
    async feed(now, records) {
      const position = await house.append(now, records);
      readModel.durable(position, now);
      return position;
    },
    dispose: () => house.dispose(),
  };
});
