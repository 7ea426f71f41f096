/**
 * Conflation: pushes change plain data at once, and what React sees is published once per frame, however many there
 * were. A page in the background gets no frames, so a timer publishes there, slowly.
 */

const BACKGROUND_MS = 1_000;

const waiting = new Set<() => void>();
let scheduled = false;

/** Runs `publish` in the next frame; asked for many times, it runs once. */
export function publishNextFrame(publish: () => void): void {
  waiting.add(publish);
  if (scheduled) return;
  scheduled = true;
  if (document.hidden) setTimeout(runAll, BACKGROUND_MS);
  else requestAnimationFrame(runAll);
}

function runAll(): void {
  scheduled = false;
  const due = [...waiting];
  waiting.clear();
  for (const publish of due) publish();
}
