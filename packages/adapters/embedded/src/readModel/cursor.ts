/** Opaque page cursors: the list's letter and the key of the last item shown, in base64url. */
import { InfrastructureError } from '@oms/ports';

/** o: orders, x: executions, a: audit; a cursor of one list is refused by the others. */
export type ListLetter = 'o' | 'x' | 'a';

const CURSOR_TEXT = /^([oxa])([1-9][0-9]{0,15})$/;

export const cursorOf = (list: ListLetter, key: number): string => Buffer.from(`${list}${key}`).toString('base64url');

/**
 * @returns the key below which the next page starts; without a cursor, above every key
 * @throws InfrastructureError CURSOR_MALFORMED
 */
export function keyOfCursor(list: ListLetter, cursor: string | null): number {
  if (cursor === null) return Number.MAX_SAFE_INTEGER;
  const match = CURSOR_TEXT.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  const key = Number(match?.[2]);
  if (match?.[1] !== list || !Number.isSafeInteger(key)) {
    throw new InfrastructureError(
      'CURSOR_MALFORMED',
      `not a cursor of this list: ${JSON.stringify(cursor.slice(0, 40))}`,
    );
  }
  return key;
}
