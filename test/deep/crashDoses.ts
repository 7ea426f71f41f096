/** Doses of sudden death: the server killed at a random moment of its load, and at every named moment. */

import type { Fault } from '../system/faults/fault.ts';
import type { Moment } from '../system/faults/moments.ts';
import { BreachError, ClientRecord } from './clientRecord.ts';
import { inLife, type Life } from './life.ts';
import { nextRequest } from './orderFlow.ts';
import { type Random, seededRandom } from './seededRandom.ts';

/** Requests of a life: by then each moment has come, or never will. */
const REQUESTS_MAX = 20_000;
/** Besides what has no answer, so much is asked again after each restart. */
const ASKED_AGAIN = 100;

/** `kills` deaths of one data directory, each when the load has sent a number of requests that the seed says. */
export function killAtRandomMoments(seed: number, kills: number): Promise<void> {
  return inLife(async (life) => {
    const record = new ClientRecord();
    for (let kill = 0; kill < kills; kill++) {
      const random = seededRandom(seed + kill);
      await life.start();
      await life.askAgain(record, ASKED_AGAIN);
      const target = record.sent.length + 1 + random.below(400);
      await loadUntilGone(life, record, () => {
        if (record.sent.length === target) life.process!.child.kill('SIGKILL');
      });
      await life.process!.ended;
    }
    await life.start();
    await life.check(record);
  });
}

/** One data directory that dies of one fault after the other; between two of them everything must be as it was told. */
export function dieOf(faults: readonly Fault[]): Promise<void> {
  return inLife(async (life) => {
    const record = new ClientRecord();
    for (const fault of faults) {
      if (await life.start(fault)) {
        await life.askAgain(record, ASKED_AGAIN).catch((error: unknown) => passUnlessBreach(error, life));
        await loadUntilGone(life, record, () => {});
      }
      const { signal, code, error } = await life.process!.ended;
      if (signal !== 'SIGKILL') throw new BreachError(`not killed at ${fault.moment}: ended with ${code}, ${error}`);
    }
    await life.start();
    await life.check(record);
  });
}

/** The server may die while it is asked again: then what it left unanswered is no breach yet. */
function passUnlessBreach(error: unknown, life: Life): void {
  const { exitCode, signalCode } = life.process!.child;
  const isGone = exitCode !== null || signalCode !== null;
  if (isGone && error instanceof BreachError && error.message.startsWith('I13')) return;
  throw error;
}

async function loadUntilGone(life: Life, record: ClientRecord, sent: () => void): Promise<void> {
  const last = record.sent.length + REQUESTS_MAX;
  await life.ask(record, () => {
    if (record.sent.length >= last) return undefined;
    const request = nextRequest(record);
    sent();
    return request;
  });
  if (record.sent.length >= last) throw new BreachError(`it was still alive after ${REQUESTS_MAX} requests`);
}

/** How often a moment comes in the load of one process, where it is seldom. */
const TIMES: Partial<Record<Moment, number>> = {
  'answer.before': 300,
  'answer.after': 300,
  'segment.create.before': 2,
  'segment.fill.after': 2,
  'segment.rename.before': 2,
  'segment.rename.after': 2,
  'segment.directory.after': 2,
};
const TIMES_USUAL = 60;

/** The death at this moment, at one of the times it comes. */
export function deathAt(moment: Moment, random: Random): Fault {
  const times = TIMES[moment] ?? (/^(snapshot|repair)\./.test(moment) ? 1 : TIMES_USUAL);
  return { kind: 'kill', moment, nth: 1 + random.below(times) };
}

/** What must have happened on a new data directory before a moment can come. */
export function deathsBefore(moment: Moment, random: Random): readonly Fault[] {
  if (moment.startsWith('repair.')) return [deathAt('answer.after', random)];
  if (moment !== 'snapshot.remove.before') return [];
  return [deathAt('snapshot.rename.after', random), deathAt('snapshot.directory.after', random)];
}
