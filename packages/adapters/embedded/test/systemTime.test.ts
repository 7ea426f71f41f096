/** The system's clock, timers and randomness keep what the ports say. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { createSystemClock, systemClock, systemRandom, systemScheduler } from '../src/systemTime.ts';

describe('system clock', () => {
  it('stands still while the clock behind it goes back', () => {
    const readings = [1_000, 990, 500, 1_001, 1_001, 1_000, 1_500];
    const clock = createSystemClock(() => readings.shift()!);
    expect(Array.from({ length: 7 }, () => clock.now())).toEqual([1_000, 1_000, 1_000, 1_001, 1_001, 1_001, 1_500]);
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
