/**
 * The row "malformed input" of the fault table: mutated HTTP and WebSocket traffic against a real server on its port,
 * mutated place frames into both readers, mutated bytes into every decoder. Ten million doses in all.
 */
import { byteDose } from '../fuzz/byteDoses.ts';
import { byteSubjects } from '../fuzz/byteReaders.ts';
import { frameDose } from '../fuzz/frameDoses.ts';
import { FuzzServer } from '../fuzz/fuzzServer.ts';
import { HttpDoses } from '../fuzz/httpDoses.ts';
import { SocketDoses } from '../fuzz/socketDoses.ts';
import { writtenHistory } from '../fuzz/writtenHistory.ts';
import { type Campaign, type CampaignContext, rerunLine } from './campaign.ts';

type Dose = (seed: number) => Promise<string | null> | string | null;

/** One dose over the port for so many that only the readers get: the port is a hundred times slower. */
const SOCKET_ONE_IN = 100;
/** Synchronous doses between two looks at the clock and the rest of the process. */
const TURN = 500;

/** Gives doses, each of its own seed, until the context has enough. */
async function give(name: string, context: CampaignContext, dose: Dose): Promise<void> {
  for (let seed = context.firstSeed; context.wantsMore(); seed++) {
    const given = dose(seed);
    const what = given instanceof Promise ? await given : given;
    context.dosed();
    if (what !== null) context.breached({ seed, what, rerun: rerunLine(name, seed) });
    if (seed % TURN === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** A campaign whose doses need a server of their own. */
function overThePort(
  name: string,
  fault: string,
  dosesWanted: number,
  doser: (server: FuzzServer) => { readonly dose: Dose; close(): void },
): Campaign {
  return {
    name,
    fault,
    dosesWanted,
    async run(context) {
      const server = await FuzzServer.start();
      const { dose, close } = doser(server);
      try {
        await give(name, context, dose);
      } finally {
        close();
        await server.stop();
      }
    },
  };
}

const http = overThePort('malformed-http', 'malformed input: HTTP', 500_000, (server) => {
  const doses = new HttpDoses(server);
  return { dose: (seed) => doses.dose(seed), close: () => doses.close() };
});

const webSocket = overThePort('malformed-websocket', 'malformed input: WebSocket', 4_500_000, (server) => {
  const doses = new SocketDoses(server);
  const dose: Dose = (seed) => (seed % SOCKET_ONE_IN === 0 ? doses.dose(seed) : frameDose(seed).complaint);
  return { dose, close: () => doses.close() };
});

const JOURNAL_BYTES = 'malformed-bytes';
const bytes: Campaign = {
  name: JOURNAL_BYTES,
  fault: 'malformed input: journal bytes',
  dosesWanted: 5_000_000,
  async run(context) {
    const subjects = await byteSubjects(await writtenHistory());
    await give(JOURNAL_BYTES, context, (seed) => byteDose(subjects[seed % subjects.length]!, seed));
  },
};

export const fuzzCampaigns: readonly Campaign[] = [http, webSocket, bytes];
