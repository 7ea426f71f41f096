/** Clock, timers and chance of the operating system behind the ports. */
import type { Clock, Random, Scheduler } from '@oms/ports';

/** Never goes back: while the system's clock is set back it stands still. @param read the system's clock */
export function createSystemClock(read: () => number = Date.now): Clock {
  let last = 0;
  return {
    now() {
      last = Math.max(last, read());
      return last;
    },
  };
}

export const systemClock: Clock = createSystemClock();

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
