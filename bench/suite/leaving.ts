/** Undoes things when the process ends, also by a signal: no child may go on measuring, no directory stay behind. */

const undoings = new Set<() => void>();

function leave(): void {
  for (const undo of undoings) undo();
}

function listen(): void {
  process.on('exit', leave);
  process.on('SIGINT', () => process.exit(130));
  process.on('SIGTERM', () => process.exit(143));
}

/** @returns how to say that it is done already */
export function whenLeaving(undo: () => void): () => void {
  if (process.listenerCount('exit', leave) === 0) listen();
  undoings.add(undo);
  return () => undoings.delete(undo);
}
