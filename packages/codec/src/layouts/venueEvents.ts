/** Layouts of the simulated venue's events: numbers 128 … 191. */
import type { VenueEvent, VenueOrderTerms } from '@oms/domain';
import type { Codec } from '@oms/ports';
import { type EventTable, eventCodec } from '../eventCodec.ts';
import { bigInteger, bool, count, i64, nullable, oneOf, struct, text8, text16, time } from '../fieldTypes.ts';
import { liquidity, side, timeInForce } from './shared.ts';

/** Also for the venue's own state, which its service describes. */
export const venueOrderTerms = struct<VenueOrderTerms>('VenueOrderTerms', {
  orderId: text8,
  accountId: text8,
  symbol: text8,
  side,
  type: oneOf('MARKET', 'LIMIT'),
  timeInForce,
  quantity: nullable(i64),
  quoteQuantity: nullable(i64),
  price: nullable(bigInteger),
  postOnly: bool,
});

export const VENUE_EVENTS: EventTable<VenueEvent> = {
  VenueOrderReceived: { number: 128, fields: { terms: venueOrderTerms, venueOrderId: text8, queueAhead: bigInteger } },
  VenueOrderAcknowledged: { number: 129, fields: { orderId: text8, venueOrderId: text8, queueAhead: bigInteger } },
  VenueOrderTraded: {
    number: 130,
    fields: {
      orderId: text8,
      executionId: text8,
      quantity: i64,
      price: i64,
      fee: bigInteger,
      feeCurrency: text8,
      liquidity,
      bookSequence: count,
    },
  },
  VenueQueueAdvanced: { number: 131, fields: { orderId: text8, queueAhead: bigInteger } },
  VenueOrderAmended: {
    number: 132,
    fields: { orderId: text8, requestId: text8, quantity: i64, price: nullable(bigInteger), queueAhead: bigInteger },
  },
  VenueRequestHeld: {
    number: 133,
    fields: {
      orderId: text8,
      kind: oneOf('CANCEL', 'REPLACE'),
      requestId: text8,
      quantity: nullable(i64),
      price: nullable(bigInteger),
    },
  },
  VenueRequestRefused: { number: 134, fields: { orderId: text8, requestId: text8 } },
  VenueOrderClosed: { number: 135, fields: { orderId: text8 } },
  VenueTradeAmended: {
    number: 136,
    fields: {
      orderId: text8,
      executionId: text8,
      referenceExecutionId: text8,
      quantity: i64,
      price: i64,
      fee: bigInteger,
    },
  },
  VenueReportScheduled: { number: 137, fields: { key: count, dueAt: time, report: text16 } },
  VenueReportReleased: { number: 138, fields: { key: count } },
  VenueFaultsChanged: { number: 139, fields: { faults: text16, actor: nullable(text16) } },
  VenueReportIssued: { number: 140, fields: { orderId: text8, report: text16 } },
  VenueOrderLost: { number: 141, fields: { orderId: text8 } },
};

export const venueEventCodec: Codec<VenueEvent> = eventCodec<VenueEvent>(VENUE_EVENTS);
