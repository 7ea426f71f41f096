/** What is kept of a message that could not be decided: enough to find the fault and to play it again. */
import { messageQuarantined, type RuntimeEvent } from '@oms/codec';
import type { Message } from './actorDefinition.ts';
import type { Cell } from './cell.ts';

export function quarantinedEvent(cell: Cell, message: Message, error: unknown): RuntimeEvent {
  const known = error instanceof Error;
  return messageQuarantined({
    service: cell.service,
    partition: cell.partition,
    messageType: String(message.type),
    errorName: known ? error.name : typeof error,
    errorMessage: known ? error.message : String(error),
    message: textOf(message),
  });
}

function textOf(message: Message): string {
  try {
    return JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
  } catch {
    return '(cannot be written as text)';
  }
}
