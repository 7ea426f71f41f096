/** The comparison with the venue as the wire shows it: requests of unknown outcome, and differences. */
import { DIFFERENCE_KINDS } from '@oms/domain';
import { Type } from 'typebox';
import { PageQuery } from './orderSchemas.ts';
import {
  AccountId,
  ClientOrderId,
  Closed,
  Count,
  FreeText,
  Nullable,
  OrderId,
  SymbolText,
  TimeText,
} from './primitives.ts';

const UnknownRequestSchema = Closed('UnknownRequest', {
  orderId: OrderId,
  accountId: AccountId,
  symbol: SymbolText,
  clientOrderId: Type.String({ description: "Of the request; the order's own for NEW." }),
  kind: Type.Enum(['NEW', 'CANCEL', 'REPLACE'] as const),
  sentAt: TimeText,
  ageMs: Count('How long it has been without an answer.'),
});

const DifferenceSchema = Closed('Difference', {
  differenceId: Type.String(),
  kind: Type.Enum(DIFFERENCE_KINDS),
  orderId: Nullable(Type.String()),
  accountId: Nullable(Type.String()),
  symbol: Nullable(Type.String()),
  ours: Type.String({ description: 'What we had: a quantity, a state, or ids.' }),
  venues: Type.String({ description: 'What the venue has.' }),
  repaired: Type.Boolean(),
  foundAt: TimeText,
  resolvedAt: Nullable(TimeText),
});

export const ReconciliationSchema = Closed('Reconciliation', {
  lastRunAt: Nullable(TimeText),
  lastRunOrders: Count('Open orders that run compared.'),
  unknownRequests: Type.Array(UnknownRequestSchema, { description: 'Oldest order first.' }),
  nextCursor: Nullable(Type.String({ description: 'For more unknown requests.' })),
  differences: Type.Array(DifferenceSchema, {
    description: 'Newest first; what stands unrepaired is kept, all of it is in the audit trail.',
  }),
});

export const ReconciliationQuery = Closed('ReconciliationQuery', { accountId: Type.Optional(AccountId), ...PageQuery });

export const ResolutionBody = Closed(
  'Resolution',
  {
    outcome: Type.Enum(['ACCEPTED', 'REJECTED'] as const, { description: 'What the venue would have answered.' }),
    reason: FreeText(500, 'Why; kept in the audit trail.'),
  },
  'Settles a request whose outcome is UNKNOWN in place of the venue.',
);

export const ResolveParams = Closed('ResolveParams', {
  orderId: OrderId,
  clientOrderId: Type.Union([ClientOrderId, HouseRequestId()]),
});

/** A request of the house itself. */
function HouseRequestId() {
  return Type.String({ pattern: '^~[cr]-o-[0-9]{1,5}-[0-9]{1,16}-[0-9]{1,16}$', maxLength: 64 });
}

export const RunStartedSchema = Closed('RunStarted', { started: Type.Boolean() });
