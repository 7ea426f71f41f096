/** A broken invariant: a fault of ours, never of a client. Whoever catches it keeps the evidence and stops the actor. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError';
}

/** @throws InvariantError with the message when the condition does not hold */
export function invariant(condition: boolean, message: () => string): asserts condition {
  if (!condition) throw new InvariantError(message());
}
