/** Reads a request frame `{id, op, params}`; what cannot be read is refused under the id it carries, if any. */
import type { FieldError } from '@oms/api-contract';
import { invalid, type Refusal, refuse } from '../refusal.ts';
import { parseJsonText, StrictJsonError } from '../strictJson.ts';
import type { RequestId } from './socketSession.ts';

export interface RequestFrame {
  readonly id: RequestId;
  readonly op: string;
  readonly params: unknown;
}
export interface UnreadableFrame {
  readonly id: RequestId;
  readonly refusal: Refusal;
}

export const ID_LENGTH_MAX = 64;
const MEMBERS: ReadonlySet<string> = new Set(['id', 'op', 'params']);

export function readFrame(text: string): RequestFrame | UnreadableFrame {
  let value: unknown;
  try {
    value = parseJsonText(text);
  } catch (error) {
    if (!(error instanceof StrictJsonError)) throw error;
    return { id: null, refusal: refuse('MALFORMED_JSON', `${error.message}.`) };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { id: null, refusal: invalid([{ path: '', message: 'must be an object {id, op, params}' }]) };
  }
  const frame = value as Record<string, unknown>;
  const errors: FieldError[] = [];
  const id = readId(frame.id);
  if (id === null)
    errors.push({ path: 'id', message: `must be an integer or a string of 1 to ${ID_LENGTH_MAX} characters` });
  if (typeof frame.op !== 'string') errors.push({ path: 'op', message: 'must be a string' });
  for (const name in frame) {
    if (!MEMBERS.has(name)) errors.push({ path: name.slice(0, ID_LENGTH_MAX), message: 'is not a known member' });
  }
  if (errors.length > 0) return { id, refusal: invalid(errors.slice(0, 10)) };
  return { id, op: frame.op as string, params: frame.params };
}

function readId(id: unknown): RequestId {
  if (typeof id === 'string') return id.length > 0 && id.length <= ID_LENGTH_MAX ? id : null;
  return Number.isSafeInteger(id) ? (id as number) : null;
}
