/** A stored body that is not what was written there: the database is damaged, and rebuilt from the journal. */
export class StoredBodyError extends Error {
  override readonly name = 'StoredBodyError';
}

/** @throws StoredBodyError when `read` finds anything wrong */
export function readStored<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new StoredBodyError('a stored body cannot be read', { cause: error });
  }
}
