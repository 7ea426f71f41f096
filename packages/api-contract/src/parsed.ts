/** What every parser of the contract answers: the value it made, or what is wrong with which member. */
import { parseDecimal } from '@oms/domain';
import type { FieldError } from './shape.ts';

export type Parsed<T> = { readonly value: T; readonly errors?: never } | { readonly errors: readonly FieldError[] };

export const refused = (errors: readonly FieldError[]): { readonly errors: readonly FieldError[] } => ({ errors });

/** Reads a decimal whose form is checked already; puts an error down when it is out of range or not above zero. */
export function positiveDecimal(text: string | undefined, path: string, errors: FieldError[]): bigint | null {
  if (text === undefined) return null;
  const atoms = parseDecimal(text);
  if (atoms === null) errors.push({ path, message: 'is out of range' });
  else if (atoms <= 0n) errors.push({ path, message: 'must be above zero' });
  else return atoms;
  return null;
}
