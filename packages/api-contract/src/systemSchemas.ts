/** Problems (RFC 9457), health, the house's figures, and the simulated venue's controls. */
import { Type } from 'typebox';
import { OrderSchema } from './orderSchemas.ts';
import {
  Closed,
  Count,
  ExecutionId,
  FreeText,
  Nullable,
  PositiveDecimalText,
  ShareText,
  TimeText,
} from './primitives.ts';

export const FieldErrorSchema = Closed('FieldError', {
  path: Type.String({ description: 'Which member, such as "price" or "orders/3"; empty for the whole.' }),
  message: Type.String(),
});

export const ProblemSchema = Type.Object(
  {
    type: Type.String({ description: 'Where the code is explained.' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    code: Type.String({ description: 'Stable; see the error reference.' }),
    detail: Type.String(),
    errors: Type.Array(FieldErrorSchema, { description: 'What is wrong with which member; empty unless 400.' }),
    requestId: Type.String(),
    order: Type.Optional(OrderSchema),
  },
  { title: 'Problem', additionalProperties: false, description: 'RFC 9457 problem details.' },
);

export const BatchAnswer = Closed('BatchAnswer', {
  results: Type.Array(
    Type.Union([Closed('BatchOrder', { order: OrderSchema }), Closed('BatchError', { error: ProblemSchema })]),
    { description: 'One per order, in the same order.' },
  ),
});

export const HealthSchema = Closed('Health', { status: Type.Enum(['ok', 'starting']) });

export const HouseStatusSchema = Closed('HouseStatus', {
  ready: Type.Boolean(),
  lastPosition: Count('Newest journal record.'),
  durablePosition: Count('Newest durable journal record.'),
  queueDepth: Count('Commands that wait.'),
  openOrders: Count('Open orders.'),
  ordersTotal: Count('Orders ever placed.'),
  quarantinedTotal: Count('Messages and reports put aside.'),
  projectionPosition: Count('How far the read models have come.'),
  projectionStalenessMs: Type.Number({ minimum: 0 }),
  lastBatchSize: Count('Messages in the newest batch.'),
  fsyncMsP99: Type.Number({ minimum: 0 }),
  reconciliation: Closed('ReconciliationFigures', {
    unknownRequests: Count('Requests, orders included, whose outcome at the venue is unknown.'),
    standingDifferences: Count('Differences from the venue that were not repaired and are not gone.'),
    differencesByKind: Type.Record(Type.String(), Count('Found so far.')),
    lastRunAt: Nullable(TimeText),
  }),
});

export const VenueInstructionBody = Closed(
  'VenueInstruction',
  {
    executionId: Type.Optional(ExecutionId),
    quantity: Type.Optional(PositiveDecimalText),
    price: Type.Optional(PositiveDecimalText),
    reason: Type.Optional(FreeText(200, 'Becomes the reason of a refusal.')),
  },
  'What the manual venue does with the order. A fill without quantity fills what is left; without price, at the limit or reference price.',
);

const Share = (description: string) => Type.Optional(ShareText(description));
const Milliseconds = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 0, maximum: 3_600_000, description }));

export const VenueFaultsBody = Closed(
  'VenueFaults',
  {
    latencyMs: Milliseconds('How long every report takes.'),
    rejectRate: Share('Orders the venue refuses.'),
    partialFillRate: Share('Fills that are split.'),
    lateReportRate: Share('Reports that come late.'),
    lateReportMs: Milliseconds('How late.'),
    duplicateReportRate: Share('Reports that come twice.'),
    lostReportRate: Share('Reports that never come.'),
    lostRequestRate: Share('Requests that never reach the venue: orders, cancels, replaces and questions.'),
    reorderReportRate: Share('Reports that overtake.'),
    overfillRate: Share('Fills beyond the quantity.'),
    disconnected: Type.Optional(Type.Boolean({ description: 'While true no report leaves; then all are replayed.' })),
    totalsOnly: Type.Optional(Type.Boolean({ description: 'While true status answers tell sums and no trades.' })),
  },
  'The fault switches of the simulated venue. What is left out is off.',
);

export const PongSchema = Closed('Pong', { time: TimeText });
