/** What is kept of a message that could not be decided: enough to find the fault and to play it again. */
import type { RuntimeEvent } from '@oms/codec';
import type { Message } from './actorDefinition.ts';
import type { Cell } from './cell.ts';

const MESSAGE_CHARACTERS_MAX = 8_192;
const ERROR_CHARACTERS_MAX = 1_024;

export function quarantinedEvent(cell: Cell, message: Message, error: unknown): RuntimeEvent {
  const known = error instanceof Error;
  return {
    type: 'MessageQuarantined',
    service: cell.service,
    partition: cell.partition,
    messageType: String(message.type),
    errorName: known ? error.name : typeof error,
    errorMessage: (known ? error.message : String(error)).slice(0, ERROR_CHARACTERS_MAX),
    message: textOf(message).slice(0, MESSAGE_CHARACTERS_MAX),
  };
}

function textOf(message: Message): string {
  try {
    return JSON.stringify(message, (_, value) => (typeof value === 'bigint' ? `${value}n` : value));
  } catch {
    return '(cannot be written as text)';
  }
}
