/** Every small history with a death at every point of it, whatever the death leaves on the disk. */
import { drawSetup, type HouseSetup } from '../house/houseSetup.ts';
import type { Sabotage } from '../house/sabotage.ts';
import { SeededRandom } from '../world/seededRandom.ts';
import { type DiskImage, HistoryPlayer } from './historyPlayer.ts';
import { type SmallHistory, smallHistories } from './smallHistories.ts';
import { REMAINS_AT } from './stepDisk.ts';

export interface ExhaustOptions {
  readonly lengthMax: number;
  /** Small ones: a segment is full within a history. */
  readonly segmentBytes: number;
  readonly sabotage?: Sabotage;
}

export interface Exhausted {
  readonly histories: number;
  readonly crashes: number;
  /** With the history and the crash that show it. */
  readonly breaches: readonly string[];
}

export async function exhaust({ lengthMax, segmentBytes, sabotage }: ExhaustOptions): Promise<Exhausted> {
  const setup = smallSetup(segmentBytes);
  const image = await HistoryPlayer.freshDisk(setup);
  const histories = smallHistories(lengthMax);
  const breaches: string[] = [];
  let crashes = 0;
  for (const history of histories) {
    const play = async (crash: Crash): Promise<number> => {
      const played = await playOnce({ setup, image, sabotage }, history, crash);
      breaches.push(...played.breaches);
      return played.calls;
    };
    const calls = await play(null);
    for (let call = 1; call <= calls; call++) {
      for (const when of ['before', 'after'] as const) {
        for (const remains of REMAINS_AT[when]) {
          crashes++;
          await play({ point: { call, when }, remains });
        }
      }
    }
  }
  return { histories: histories.length, crashes, breaches };
}

type Crash = ConstructorParameters<typeof HistoryPlayer>[0]['crash'];

interface Stage {
  readonly setup: HouseSetup;
  readonly image: DiskImage;
  readonly sabotage: Sabotage | undefined;
}

async function playOnce({ setup, image, sabotage }: Stage, history: SmallHistory, crash: Crash) {
  const player = new HistoryPlayer({ setup, image, history, crash, ...(sabotage === undefined ? {} : { sabotage }) });
  const { breaches, calls } = await player.play().catch((error: unknown) => ({ breaches: [String(error)], calls: 0 }));
  const where = crash === null ? '' : ` ${crash.point.when} call ${crash.point.call}, ${crash.remains} kept`;
  return { calls, breaches: breaches.map((breach) => `${history.join(', ')}:${where}: ${breach}`) };
}

/** One account, one instrument, one partition; everything else as any house. */
function smallSetup(segmentBytes: number): HouseSetup {
  const setup = drawSetup('exhaustive', new SeededRandom('exhaustive'));
  const instruments = setup.instruments.filter(({ symbol }) => symbol === 'BTC-USD');
  return {
    ...setup,
    instruments,
    partitions: 1,
    segmentBytes,
    snapshotRecords: 1_000_000,
    mailboxCapacity: { ordinary: 1_024, urgent: 1_024 },
  };
}
