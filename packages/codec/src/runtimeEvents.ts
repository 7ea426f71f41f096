/** Events of the runtime itself (service 0): messages put aside, and who wrote the journal from where on. Numbers 192 … 255. */
import type { Codec } from '@oms/ports';
import { type EventTable, eventCodec } from './eventCodec.ts';
import { count, text8, text16, u16 } from './fieldTypes.ts';

/** A message whose processing threw: kept as evidence; nothing of its decision happened. */
export interface MessageQuarantined {
  readonly type: 'MessageQuarantined';
  /** Name of the service that could not process it. */
  readonly service: string;
  readonly partition: number;
  readonly messageType: string;
  readonly errorName: string;
  readonly errorMessage: string;
  /** JSON text, cut to {@link QUARANTINED_MESSAGE_BYTES_MAX}. */
  readonly message: string;
}

/** A process took the journal over. */
export interface EpochStarted {
  readonly type: 'EpochStarted';
  readonly epoch: number;
  readonly nodeVersion: string;
  /** Version and commit of our own build. */
  readonly build: string;
}

export type RuntimeEvent = MessageQuarantined | EpochStarted;

export const RUNTIME_EVENTS: EventTable<RuntimeEvent> = {
  MessageQuarantined: {
    number: 192,
    fields: {
      service: text8,
      partition: u16,
      messageType: text8,
      errorName: text8,
      errorMessage: text16,
      message: text16,
    },
  },
  EpochStarted: { number: 193, fields: { epoch: count, nodeVersion: text8, build: text8 } },
};

export const runtimeEventCodec: Codec<RuntimeEvent> = eventCodec<RuntimeEvent>(RUNTIME_EVENTS);

export const QUARANTINED_MESSAGE_BYTES_MAX = 8 * 1024;
const ERROR_MESSAGE_BYTES_MAX = 2 * 1024;
const NAME_BYTES_MAX = 255;

/** Makes the event of whatever was thrown and received: every text is cut so that recording it cannot fail. */
export function messageQuarantined(event: Omit<MessageQuarantined, 'type'>): MessageQuarantined {
  return {
    type: 'MessageQuarantined',
    service: cut(event.service, NAME_BYTES_MAX),
    partition: event.partition,
    messageType: cut(event.messageType, NAME_BYTES_MAX),
    errorName: cut(event.errorName, NAME_BYTES_MAX),
    errorMessage: cut(event.errorMessage, ERROR_MESSAGE_BYTES_MAX),
    message: cut(event.message, QUARANTINED_MESSAGE_BYTES_MAX),
  };
}

const encoder = new TextEncoder();

/** At most `bytesMax` bytes of UTF-8, whole characters; lone surrogates become U+FFFD. */
function cut(text: string, bytesMax: number): string {
  const room = new Uint8Array(bytesMax);
  const { read } = encoder.encodeInto(text, room);
  return text.slice(0, read).toWellFormed();
}
