/**
 * The one place where a request gets its actor. Without sign-in nobody is known, so every request acts for nobody:
 * `null`, which is also what the audit trail says.
 */
import type { IncomingHttpHeaders } from 'node:http';

/** Who acts; null when nobody is signed in. */
export type Actor = string | null;

export const authenticate = (_headers: IncomingHttpHeaders): Actor => null;
