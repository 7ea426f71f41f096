/** Turns the bodies of operators and of the simulation into the domain's terms: limits, trading state, venue. */
import {
  type Amount,
  COUNT_LIMITS,
  LIMIT_NAMES,
  ONE,
  type Price,
  parseDecimal,
  type Quantity,
  type RiskLimits,
  type TradingScope,
  type TradingState,
  type VenueFaults,
} from '@oms/domain';
import { LimitsBody, TradingStateBody } from './accountSchemas.ts';
import { type Parsed, positiveDecimal, refused } from './parsed.ts';
import { ResolutionBody } from './reconciliationSchemas.ts';
import { type FieldError, shapeOf } from './shape.ts';
import { VenueFaultsBody, VenueInstructionBody } from './systemSchemas.ts';

const limitsShape = shapeOf(LimitsBody);
const tradingStateShape = shapeOf(TradingStateBody);
const instructionShape = shapeOf(VenueInstructionBody);
const faultsShape = shapeOf(VenueFaultsBody);
const resolutionShape = shapeOf(ResolutionBody);

/** Members that were given; null unsets one. Counts are numbers, everything else atoms. */
export function parseLimits(body: unknown): Parsed<Partial<RiskLimits>> {
  if (!limitsShape.matches(body)) return refused(limitsShape.errorsOf(body));
  const errors: FieldError[] = [];
  const value: Record<string, Amount | number | null> = {};
  for (const name of LIMIT_NAMES) {
    const given = body[name];
    if (given === undefined) continue;
    value[name] = typeof given === 'string' ? atomsOf(given, name, errors) : given;
  }
  return errors.length > 0 ? refused(errors) : { value: value as Partial<RiskLimits> };
}

/** A limit may be zero: it then allows nothing. */
function atomsOf(text: string, path: string, errors: FieldError[]): bigint | null {
  const atoms = parseDecimal(text);
  if (atoms === null) errors.push({ path, message: 'is out of range' });
  return atoms;
}

/** Reads limits back from their wire form, as AccountLimitsView has them. @throws RangeError when they are none. */
export function limitsOfView(limits: Readonly<Record<string, string | number | null>>): RiskLimits {
  return Object.fromEntries(
    LIMIT_NAMES.map((name) => {
      const value = limits[name] ?? null;
      if (value === null) return [name, null];
      if (COUNT_LIMITS.has(name)) return [name, Number(value)];
      const atoms = parseDecimal(String(value));
      if (atoms === null) throw new RangeError(`limit ${name} is no decimal: ${value}`);
      return [name, atoms];
    }),
  ) as unknown as RiskLimits;
}

export interface TradingStateChange {
  readonly scope: TradingScope;
  readonly id: string | null;
  readonly state: TradingState;
  readonly reason: string;
}

export function parseTradingState(body: unknown): Parsed<TradingStateChange> {
  if (!tradingStateShape.matches(body)) return refused(tradingStateShape.errorsOf(body));
  const id = body.id ?? null;
  if (body.scope === 'FIRM' && id !== null) return refused([{ path: 'id', message: 'must not be given for FIRM' }]);
  if (body.scope !== 'FIRM' && id === null) return refused([{ path: 'id', message: `is required for ${body.scope}` }]);
  return { value: { scope: body.scope, id, state: body.state, reason: body.reason } };
}

export interface VenueInstructionTerms {
  readonly executionId: string | null;
  readonly quantity: Quantity | null;
  readonly price: Price | null;
  readonly reason: string | null;
}

/** An empty or missing body leaves everything to the venue. */
export function parseVenueInstruction(body: unknown): Parsed<VenueInstructionTerms> {
  const given = body ?? {};
  if (!instructionShape.matches(given)) return refused(instructionShape.errorsOf(given));
  const errors: FieldError[] = [];
  const value = {
    executionId: given.executionId ?? null,
    quantity: positiveDecimal(given.quantity, 'quantity', errors),
    price: positiveDecimal(given.price, 'price', errors),
    reason: given.reason ?? null,
  };
  return errors.length > 0 ? refused(errors) : { value };
}

export interface Resolution {
  readonly outcome: 'ACCEPTED' | 'REJECTED';
  readonly reason: string;
}

export function parseResolution(body: unknown): Parsed<Resolution> {
  if (!resolutionShape.matches(body)) return refused(resolutionShape.errorsOf(body));
  return { value: { outcome: body.outcome, reason: body.reason } };
}

/** What is left out is off. */
export function parseVenueFaults(body: unknown): Parsed<VenueFaults> {
  if (!faultsShape.matches(body)) return refused(faultsShape.errorsOf(body));
  const errors: FieldError[] = [];
  const share = (text: string | undefined, path: string): bigint => {
    const atoms = text === undefined ? 0n : parseDecimal(text);
    if (atoms !== null && atoms <= ONE) return atoms;
    errors.push({ path, message: 'must be between 0 and 1' });
    return 0n;
  };
  const value: VenueFaults = {
    latencyMs: body.latencyMs ?? 0,
    rejectRate: share(body.rejectRate, 'rejectRate'),
    partialFillRate: share(body.partialFillRate, 'partialFillRate'),
    lateReportRate: share(body.lateReportRate, 'lateReportRate'),
    lateReportMs: body.lateReportMs ?? 0,
    duplicateReportRate: share(body.duplicateReportRate, 'duplicateReportRate'),
    lostReportRate: share(body.lostReportRate, 'lostReportRate'),
    lostRequestRate: share(body.lostRequestRate, 'lostRequestRate'),
    reorderReportRate: share(body.reorderReportRate, 'reorderReportRate'),
    overfillRate: share(body.overfillRate, 'overfillRate'),
    disconnected: body.disconnected ?? false,
    totalsOnly: body.totalsOnly ?? false,
  };
  return errors.length > 0 ? refused(errors) : { value };
}
