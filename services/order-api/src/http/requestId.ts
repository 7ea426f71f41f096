/** The id a request is known by: the caller's own when it is harmless text, else one made here. */
import { randomUUID } from 'node:crypto';

const HARMLESS = /^[A-Za-z0-9._:-]{1,128}$/;

export function requestIdOf(header: string | readonly string[] | undefined): string {
  return typeof header === 'string' && HARMLESS.test(header) ? header : randomUUID();
}
