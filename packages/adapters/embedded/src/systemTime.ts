/** Clock, timers and chance of the operating system behind the ports. */
import type { Clock, Random, Scheduler } from '@oms/ports';

export interface SystemClock extends Clock {
  /** Shows no less than this from now on: the time of the newest record a journal has. */
  startFrom(time: number): void;
}

/** While the system's clock is behind, ours goes on at this share of the real pace, until they meet. */
const PACE_AHEAD = 0.5;

/**
 * Never goes back, and never stands still because the system's clock was set back: what waits for a time would wait for
 * as long as that was.
 * @param read the system's clock, epoch milliseconds
 * @param elapsed milliseconds from any moment on, that nobody sets
 */
export function createSystemClock(
  read: () => number = Date.now,
  elapsed: () => number = () => performance.now(),
): SystemClock {
  let last = 0;
  let ahead: { readonly from: number; readonly since: number } | null = null;
  return {
    now() {
      const shown = read();
      if (shown >= last) {
        ahead = null;
        last = shown;
        return last;
      }
      ahead ??= { from: last, since: elapsed() };
      last = Math.max(last, ahead.from + Math.floor((elapsed() - ahead.since) * PACE_AHEAD));
      return last;
    },

    startFrom(time) {
      if (time <= last) return;
      last = time;
      ahead = null;
    },
  };
}

export const systemClock: SystemClock = createSystemClock();

export const systemScheduler: Scheduler = {
  soon(task) {
    setImmediate(task);
  },
  every(intervalMs, task) {
    const timer = setInterval(task, intervalMs);
    timer.unref();
    return { cancel: () => clearInterval(timer) };
  },
  after(delayMs, task) {
    const timer = setTimeout(task, delayMs);
    return { cancel: () => clearTimeout(timer) };
  },
};

/** For spreading and sampling; not for secrets. */
export const systemRandom: Random = { next: () => Math.random() };
