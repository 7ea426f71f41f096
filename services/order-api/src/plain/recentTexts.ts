/**
 * Texts that come again and again (accounts, symbols), so that each is made once and not once per order. Newer ones
 * push out older ones; forgetting costs nothing but making the text again.
 */
import type { JsonCursor } from './jsonCursor.ts';

const SLOTS = 4_096;

export class RecentTexts {
  readonly #texts: string[] = new Array(SLOTS).fill('');

  /** The newest text of the cursor. */
  textOf(cursor: JsonCursor): string {
    const { bytes, textEnd } = cursor;
    let hash = 0;
    for (let at = cursor.textStart; at < textEnd; at++) hash = (Math.imul(hash, 31) + bytes[at]!) | 0;
    const slot = hash & (SLOTS - 1);
    const known = this.#texts[slot]!;
    if (cursor.textIs(known)) return known;
    const text = cursor.text();
    this.#texts[slot] = text;
    return text;
  }
}
