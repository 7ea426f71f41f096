/**
 * JSON as we accept it: UTF-8, nested at most 32 levels, no member name twice in one object. Parsers disagree on what
 * a repeated name means, so an order with two prices must not pass.
 */
import { isUtf8 } from 'node:buffer';

export const JSON_DEPTH_MAX = 32;

const QUOTE = 34;
const COLON = 58;
const BACKSLASH = 92;

/** The text is no JSON we accept; the message may be told to the caller. */
export class StrictJsonError extends Error {
  override readonly name = 'StrictJsonError';
}

/** @throws StrictJsonError */
export function parseJsonBytes(bytes: Buffer): unknown {
  if (!isUtf8(bytes)) throw new StrictJsonError('the text is not valid UTF-8');
  return parseJsonText(bytes.toString());
}

/** @throws StrictJsonError */
export function parseJsonText(text: string): unknown {
  const members = countMembers(text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new StrictJsonError('the text is not valid JSON');
  }
  // Every member has one colon outside strings; a name that was overwritten leaves fewer members than colons.
  if (membersOf(value) !== members) throw new StrictJsonError('a member name is repeated');
  return value;
}

/** Counts colons outside strings, and refuses deep nesting before anything recurses into it. */
function countMembers(text: string): number {
  let colons = 0;
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    switch (text.charCodeAt(i)) {
      case QUOTE:
        i = endOfString(text, i + 1);
        break;
      case COLON:
        colons++;
        break;
      case 91: // [
      case 123: // {
        if (++depth > JSON_DEPTH_MAX) throw new StrictJsonError(`it nests deeper than ${JSON_DEPTH_MAX} levels`);
        break;
      case 93: // ]
      case 125: // }
        depth--;
        break;
    }
  }
  return colons;
}

/** Index of the closing quote, or the end of an unfinished text. */
function endOfString(text: string, start: number): number {
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === QUOTE) return i;
    if (code === BACKSLASH) i++;
  }
  return text.length;
}

function membersOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let members = 0;
  if (Array.isArray(value)) {
    for (const item of value) members += membersOf(item);
    return members;
  }
  for (const name in value) members += 1 + membersOf((value as Record<string, unknown>)[name]);
  return members;
}
