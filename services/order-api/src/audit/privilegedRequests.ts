/**
 * Notes every privileged request before it is handed on: who asked for what, from where. What it changed, with the
 * values before and after, the core's own entries say.
 */
import type { RouteDefinition } from '@oms/api-contract';
import type { AccountReach } from '../access/caller.ts';
import type { AuditNote } from './accessAudit.ts';

/** Longer bodies are told by their length. */
const BODY_LENGTH_MAX = 4_000;
const ADDRESS_LENGTH_MAX = 64;

export interface PrivilegedRequest {
  readonly operation: string;
  readonly actor: string | null;
  readonly address: string;
  readonly accountId: string | null;
  readonly asked: object;
}

/** Whether a request is one: it changes something that traders may not, or touches the orders of every account. */
export function isPrivileged({ access, method }: RouteDefinition, reach: AccountReach): boolean {
  if (access === 'anybody' || method === 'GET') return false;
  return !access.roles.includes('trader') || (access.roles.includes('risk-manager') && reach.accounts === null);
}

export class PrivilegedRequests {
  readonly #note: (note: AuditNote) => void;

  constructor(note: (note: AuditNote) => void) {
    this.#note = note;
  }

  /** Without sign-in there is nobody to tell of. */
  record({ operation, actor, address, accountId, asked }: PrivilegedRequest): void {
    if (actor === null) return;
    const text = JSON.stringify(asked);
    const shown = text.length <= BODY_LENGTH_MAX ? asked : { length: text.length };
    this.#note({
      action: 'PRIVILEGED_REQUEST',
      actor,
      address: address.slice(0, ADDRESS_LENGTH_MAX),
      accountId,
      details: JSON.stringify({ operation, ...shown }),
    });
  }
}
