/** The system's clock, timers and randomness keep what the ports say. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSystemClock, systemClock, systemRandom, systemScheduler } from '../src/systemTime.ts';

describe('system clock', () => {
  const clockOf = (steps: readonly (readonly [shown: number, elapsed: number])[]) => {
    let step = -1;
    const clock = createSystemClock(
      () => steps[step]![0],
      () => steps[step]![1],
    );
    const next = () => {
      step++;
      return clock.now();
    };
    return { clock, next };
  };

  it('never goes back; while the one behind it does, it goes on at half the pace until they meet', () => {
    const { next } = clockOf([
      [1_000, 0],
      [900, 10],
      [920, 30],
      [910, 30],
      [1_000, 110],
      [1_049, 160],
      [1_090, 200],
      [1_100, 210],
    ]);
    expect(Array.from({ length: 8 }, next)).toEqual([1_000, 1_000, 1_010, 1_010, 1_050, 1_075, 1_090, 1_100]);
  });

  it('starts no earlier than it is told, and meets the one behind it', () => {
    const { clock, next } = clockOf([
      [500, 0],
      [600, 100],
      [2_000, 1_500],
    ]);
    clock.startFrom(1_000);
    expect([next(), next(), next()]).toEqual([1_000, 1_050, 2_000]);
    clock.startFrom(1_999);
    expect(clock.now()).toBe(2_000);
  });

  it('tells epoch milliseconds', () => {
    const before = Date.now();
    const now = systemClock.now();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});

describe('system scheduler', () => {
  it('runs what comes soon after the current task', async () => {
    const order: string[] = [];
    await new Promise<void>((resolve) => {
      systemScheduler.soon(() => {
        order.push('soon');
        resolve();
      });
      order.push('now');
    });
    expect(order).toEqual(['now', 'soon']);
  });

  it('repeats until canceled', async () => {
    let runs = 0;
    await new Promise<void>((resolve) => {
      const timer = systemScheduler.every(1, () => {
        if (++runs < 3) return;
        timer.cancel();
        resolve();
      });
    });
    await new Promise<void>((resolve) => void systemScheduler.after(20, resolve));
    expect(runs).toBe(3);
  });

  it('does not run what was canceled', async () => {
    let ran = false;
    systemScheduler
      .after(1, () => {
        ran = true;
      })
      .cancel();
    await new Promise<void>((resolve) => void systemScheduler.after(20, resolve));
    expect(ran).toBe(false);
  });

  it('does not keep the process alive for what repeats', () => {
    const module = fileURLToPath(new URL('../src/systemTime.ts', import.meta.url));
    const script = `import { systemScheduler } from ${JSON.stringify(module)}; systemScheduler.every(3_600_000, () => {});`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 60_000 });
    expect(status).toBe(0);
  });
});

describe('system random', () => {
  it('is in [0, 1) and not always the same', () => {
    const numbers = Array.from({ length: 1_000 }, () => systemRandom.next());
    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(numbers).size).toBeGreaterThan(990);
  });
});
