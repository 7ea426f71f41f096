/** Accounts, positions, balances, limits, trading states and the audit trail as the wire shows them. */
import { COUNT_LIMITS, LIMIT_NAMES, type LimitName, type TradingScope, type TradingState } from '@oms/domain';
import { type TInteger, type TNull, type TOptional, type TString, type TUnion, Type } from 'typebox';
import { PageQuery } from './orderSchemas.ts';
import {
  AccountId,
  Closed,
  Count,
  DecimalText,
  FreeText,
  Nullable,
  PageOf,
  PositiveDecimalText,
  SymbolText,
  TimeText,
} from './primitives.ts';

const TRADING_STATES = ['ACTIVE', 'REDUCING', 'HALTED'] as const satisfies readonly TradingState[];
const TRADING_SCOPES = ['FIRM', 'ACCOUNT', 'INSTRUMENT'] as const satisfies readonly TradingScope[];

export const AccountSchema = Closed('Account', {
  accountId: AccountId,
  name: Type.String(),
  kind: Type.String(),
  deskId: Type.String(),
  tradingState: Type.Enum(TRADING_STATES),
});

export const PositionSchema = Closed('Position', {
  accountId: AccountId,
  symbol: SymbolText,
  quantity: DecimalText,
  averagePrice: Nullable(DecimalText),
  realizedPnl: DecimalText,
  unrealizedPnl: Nullable(DecimalText),
  markPrice: Nullable(DecimalText),
  sequence: Count("The account's position sequence as of this view."),
});

export const BalanceSchema = Closed('Balance', {
  accountId: AccountId,
  currency: Type.String(),
  total: DecimalText,
  held: DecimalText,
  available: DecimalText,
  sequence: Count("The account's balance sequence as of this view."),
});

const LimitValue = Type.Union([Type.String(), Type.Number(), Type.Null()]);

const LimitUseSchema = Closed('LimitUse', {
  name: Type.String(),
  limit: LimitValue,
  source: Nullable(Type.String()),
  used: LimitValue,
});

export const AccountLimitsSchema = Closed('AccountLimits', {
  accountId: AccountId,
  limits: Type.Record(Type.String(), LimitValue, {
    description: "The account's own set; null falls back to the default set.",
  }),
  effective: Type.Array(LimitUseSchema, { description: 'The tightest of account, desk and firm, against its use.' }),
});

type LimitSchemas = { [Name in LimitName]: TOptional<TUnion<[TString | TInteger, TNull]>> };

const limitSchemas = Object.fromEntries(
  LIMIT_NAMES.map((name) => [
    name,
    Type.Optional(
      Nullable(COUNT_LIMITS.has(name) ? Type.Integer({ minimum: 0, maximum: 1_000_000_000 }) : PositiveDecimalText),
    ),
  ]),
) as LimitSchemas;

export const LimitsBody = Closed(
  'LimitsChange',
  limitSchemas,
  'What is left out stays as it is, so that a forgotten limit is never loosened; null unsets one, so that the default applies.',
);

export const TradingStateSchema = Closed('TradingState', {
  scope: Type.Enum(TRADING_SCOPES),
  id: Nullable(Type.String({ description: 'Account id or symbol; null for FIRM.' })),
  state: Type.Enum(TRADING_STATES),
  reason: Type.String(),
  actor: Nullable(Type.String()),
  changedAt: TimeText,
});

export const TradingStateBody = Closed(
  'TradingStateChange',
  {
    scope: Type.Enum(TRADING_SCOPES),
    id: Type.Optional(Nullable(AccountId)),
    state: Type.Enum(TRADING_STATES),
    reason: FreeText(500, 'Why; kept in the audit trail.'),
  },
  'HALTED cancels everything open in its scope. ACCOUNT and INSTRUMENT need an id, FIRM has none.',
);

export const AuditEntrySchema = Closed('AuditEntry', {
  auditId: Type.String(),
  time: TimeText,
  actor: Nullable(Type.String()),
  address: Nullable(Type.String({ description: 'Where it came from, where that is known.' })),
  action: Type.String(),
  accountId: Nullable(Type.String()),
  before: Type.Unknown(),
  after: Type.Unknown(),
  reason: Nullable(Type.String()),
});

export const AccountQuery = Closed('AccountQuery', { accountId: Type.Optional(AccountId) });

export const AuditQuerySchema = Closed('AuditQuery', {
  actor: Type.Optional(FreeText(128, 'Who.')),
  action: Type.Optional(FreeText(64, 'What, for example LIMITS_CHANGED.')),
  accountId: Type.Optional(AccountId),
  from: Type.Optional(TimeText),
  to: Type.Optional(TimeText),
  ...PageQuery,
});

export const AccountPage = PageOf('AccountPage', AccountSchema);
export const PositionPage = PageOf('PositionPage', PositionSchema);
export const BalancePage = PageOf('BalancePage', BalanceSchema);
export const TradingStatePage = PageOf('TradingStatePage', TradingStateSchema);
export const AuditPage = PageOf('AuditPage', AuditEntrySchema);
