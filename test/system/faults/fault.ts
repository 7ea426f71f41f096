/**
 * One fault of a server's life: what happens, at which moment, and the how manieth time it comes. On its way into the
 * process it is a text such as "kill@journal.sync.before:3", or nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Announcer, isMoment, type Moment } from './moments.ts';

const KINDS = ['kill', 'EIO', 'ENOSPC'] as const;

export interface Fault {
  /** `kill` is SIGKILL to the process itself; the others fail the operation that is about to begin. */
  readonly kind: (typeof KINDS)[number];
  readonly moment: Moment;
  /** From 1. */
  readonly nth: number;
}

/** The environment variable that the program for tests reads; `oms` itself knows none. */
export const FAULT_VARIABLE = 'OMS_TEST_FAULT';
/** On the error stream when something was tried on the journal again after it failed. */
export const RETRIED = 'TRIED AGAIN AFTER IT FAILED';

export const faultText = ({ kind, moment, nth }: Fault): string => `${kind}@${moment}:${nth}`;

/** @throws Error when the text is no fault: a test that misspells one must not pass without it */
export function parseFault(text: string | undefined): Fault | null {
  if (text === undefined || text === '') return null;
  const [, kindText, moment = '', count] = /^(\w+)@([a-z.]+):([1-9]\d{0,6})$/.exec(text) ?? [];
  const kind = KINDS.find((each) => each === kindText);
  if (kind === undefined || !isMoment(moment)) throw new Error(`${FAULT_VARIABLE} cannot be "${text}"`);
  if (kind !== 'kill' && !moment.endsWith('.before')) throw new Error(`${text}: only what has not begun can fail`);
  return { kind, moment, nth: Number(count) };
}

/** Some turns of the event loop. */
const SLOW_DISK_MS = 20;

/** @param die ends the process at once and does not return */
export function announcerOf(
  fault: Fault | null,
  die: () => void,
  complain: (text: string) => void = (text) => void process.stderr.write(`${text}\n`),
): Announcer {
  if (fault === null) return { now: () => undefined, later: () => Promise.resolve() };
  let times = 0;
  const failsForGood = fault.kind !== 'kill' && /^(journal|repair)\./.test(fault.moment);
  const now = (moment: Moment): void => {
    // Whatever is written to the journal after one of its operations failed: nobody knows what is on the disk.
    if (failsForGood && times >= fault.nth && /^journal\.(write|sync)\.before$/.test(moment)) {
      complain(`${RETRIED}: ${moment}`);
    }
    if (moment !== fault.moment || ++times !== fault.nth) return;
    if (fault.kind === 'kill') {
      die();
      return;
    }
    throw Object.assign(new Error(`${fault.kind}: at ${moment}`), { code: fault.kind });
  };
  const later = async (moment: Moment): Promise<void> => {
    if (fault.kind === 'kill' && moment === fault.moment && times + 1 === fault.nth) await sleep(SLOW_DISK_MS);
    now(moment);
  };
  return { now, later };
}
