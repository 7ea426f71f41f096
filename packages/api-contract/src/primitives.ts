/**
 * The small schemas everything else is built of: decimals, times, identifiers. Each carries the sentence a caller is
 * told when a value does not fit (`refusal`), so that messages never show a regular expression.
 */
import { type Static, type TSchema, Type } from 'typebox';

/** Longest decimal string that can be in range: sign, 11 whole digits, point, 8 decimals; a little to spare. */
const DECIMAL_LENGTH_MAX = 32;

/** What a refused value is told, by the pattern it did not match. */
const refusals = new Map<string, string>();

/** The sentence for a pattern of ours. */
export const refusalOfPattern = (pattern: string): string => refusals.get(pattern) ?? 'has the wrong form';

function text(pattern: string, refusal: string, description: string, maxLength: number) {
  refusals.set(pattern, refusal);
  return Type.String({ pattern, maxLength, description });
}

export const DecimalText = text(
  '^-?(0|[1-9][0-9]*)(\\.[0-9]{1,8})?$',
  'must be a plain decimal string with at most 8 decimals and no exponent, such as "0.25"',
  'A decimal number as a string, at most 8 decimals, exact.',
  DECIMAL_LENGTH_MAX,
);

const UNSIGNED_DECIMAL_PATTERN = '^(0|[1-9][0-9]*)(\\.[0-9]{1,8})?$';

export const PositiveDecimalText = text(
  UNSIGNED_DECIMAL_PATTERN,
  'must be a plain decimal string above zero with at most 8 decimals and no exponent, such as "0.25"',
  'A decimal number above zero as a string, at most 8 decimals, exact.',
  DECIMAL_LENGTH_MAX,
);

/** A share of something, for example of all orders. */
export const ShareText = (description: string) =>
  text(
    '^(0(\\.[0-9]{1,8})?|1(\\.0{1,8})?)$',
    'must be a plain decimal string from 0 to 1 with at most 8 decimals, such as "0.25"',
    `${description} 0 to 1, as a decimal string.`,
    10,
  );

export const TimeText = text(
  '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,9})?Z$',
  'must be an ISO 8601 time in UTC, such as "2026-01-31T12:00:00.000Z"',
  'ISO 8601 in UTC, milliseconds or better.',
  32,
);

const ID_PATTERN = '^[A-Za-z0-9._:-]{1,64}$';
const ID_REFUSAL = 'must be 1 to 64 characters of A-Z a-z 0-9 . _ : -';

export const ClientOrderId = text(
  ID_PATTERN,
  ID_REFUSAL,
  'Chosen by the client, unique per account for ever: the idempotency key.',
  64,
);
export const AccountId = text(ID_PATTERN, ID_REFUSAL, 'The account.', 64);
export const OrderId = text(ID_PATTERN, ID_REFUSAL, 'Ours, as the answer to placing gave it.', 64);
export const ExecutionId = text(
  '^[\\x21-\\x7e]{1,96}$',
  'must be 1 to 96 printable characters',
  'Id of one execution report, unique per order.',
  96,
);
export const SymbolText = text(
  '^[A-Za-z0-9._/-]{1,32}$',
  'must be 1 to 32 characters of A-Z a-z 0-9 . _ / -',
  'An instrument, for example "BTC-USD".',
  32,
);
export const Cursor = text(
  '^[\\x21-\\x7e]{1,512}$',
  'must be a cursor as an earlier answer gave it',
  'Where to go on: `nextCursor` of the page before.',
  512,
);

/** Free text for people: reasons, names. */
export const FreeText = (maxLength: number, description: string) =>
  Type.String({ minLength: 1, maxLength, description });

/** The schema, or null. */
export const Nullable = <Schema extends TSchema>(schema: Schema) => Type.Union([schema, Type.Null()]);

/** A count or position that a double holds exactly. */
export const Count = (description: string) =>
  Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER, description });

/** An object that refuses members it does not know. */
export const Closed = <const Properties extends Record<string, TSchema>>(
  title: string,
  properties: Properties,
  description?: string,
) =>
  Type.Object(properties, {
    title,
    additionalProperties: false,
    ...(description === undefined ? {} : { description }),
  });

/** How lists are answered. */
export const PageOf = <Schema extends TSchema>(title: string, items: Schema) =>
  Type.Object(
    {
      items: Type.Array(items),
      nextCursor: Nullable(Type.String({ description: 'Opaque; null at the end.' })),
    },
    { title, additionalProperties: false },
  );

/** The schema's type with everything read-only, as the domain's views are. */
export type ReadonlyStatic<Schema extends TSchema> = DeepReadonly<Static<Schema>>;
export type DeepReadonly<T> = T extends readonly (infer Item)[]
  ? IsTuple<T> extends true
    ? { readonly [Index in keyof T]: DeepReadonly<T[Index]> }
    : readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]: DeepReadonly<T[Key]> }
    : T;
type IsTuple<T extends readonly unknown[]> = number extends T['length'] ? false : true;
