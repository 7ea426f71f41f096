/** The ids that a client gave to an order, and the hash they are found by. */
import type { SingleOrderEvent } from '@oms/domain';

/** The id the event gives to its order, or to a request about it; null for requests of the house's own. */
export function clientOrderIdOf(event: SingleOrderEvent): string | null {
  switch (event.type) {
    case 'OrderPlaced':
      return event.clientOrderId;
    case 'CancelRequested':
    case 'ReplaceRequested':
      return event.origin === 'CLIENT' ? event.clientOrderId : null;
    default:
      return null;
  }
}

const OFFSET = 0x811c9dc5;
const PRIME = 0x01000193;
/** Between the two, so that no account's end passes for an id's beginning. */
const SEPARATOR = 0x1_0000;

/** Of account and id together, 32 bits (FNV-1a). */
export function hashOfClientOrderId(accountId: string, clientOrderId: string): number {
  let hash = OFFSET;
  for (let i = 0; i < accountId.length; i++) hash = Math.imul(hash ^ accountId.charCodeAt(i), PRIME);
  hash = Math.imul(hash ^ SEPARATOR, PRIME);
  for (let i = 0; i < clientOrderId.length; i++) hash = Math.imul(hash ^ clientOrderId.charCodeAt(i), PRIME);
  // The low bits of FNV-1a mix least; the list is chosen by them.
  return (hash ^ (hash >>> 15)) >>> 0;
}
