/** A progress bar for work of known size; it only appears when the work takes longer than a second. */
import type { Output } from './output.ts';

const WIDTH = 30;
const DELAY_MS = 1_000;
const REDRAW_MS = 100;

export interface ProgressBar {
  /** @param done of `total`, in any unit */
  readonly update: (done: number, total: number) => void;
  readonly done: () => void;
}

export function drawBar(title: string, done: number, total: number): string {
  const share = total <= 0 ? 0 : Math.min(1, done / total);
  const filled = Math.round(share * WIDTH);
  return `${title} ${'█'.repeat(filled)}${'░'.repeat(WIDTH - filled)} ${Math.floor(share * 100)} %`;
}

export function createProgressBar(output: Output, title: string, now: () => number = Date.now): ProgressBar {
  const startedAt = now();
  let drawnAt = Number.NEGATIVE_INFINITY;
  return {
    update: (done, total) => {
      const time = now();
      if (time - startedAt < DELAY_MS || time - drawnAt < REDRAW_MS) return;
      drawnAt = time;
      output.progress(drawBar(title, done, total));
    },
    done: () => {
      if (drawnAt > 0) output.progress('');
    },
  };
}
