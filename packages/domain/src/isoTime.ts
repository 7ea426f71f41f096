/** Epoch milliseconds as ISO 8601 UTC. A batch shares one time, so the last answer is kept. */
let lastTime = Number.NaN;
let lastText = '';

export function isoTime(epochMs: number): string {
  if (epochMs !== lastTime) {
    lastText = new Date(epochMs).toISOString();
    lastTime = epochMs;
  }
  return lastText;
}
