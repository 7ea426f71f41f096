/**
 * The words layouts are written in: one constant or function per field type, each a small piece of data that says
 * how a value lies in bytes. Types link a layout to the interface it describes: a member that is missing, misspelled
 * or of another type is a compile error. All numbers are little-endian; docs/reference/event-layouts.md is generated.
 */

/** How a value lies in bytes, as data; what the compiler, the interpreter and the documentation walk over. */
export type TypeNode =
  | PrimitiveNode
  | { readonly kind: 'oneOf'; readonly values: readonly string[] }
  | { readonly kind: 'nullable'; readonly of: TypeNode }
  | { readonly kind: 'array'; readonly item: TypeNode }
  | { readonly kind: 'map'; readonly key: TypeNode; readonly value: TypeNode }
  | { readonly kind: 'mapBy'; readonly keyField: string; readonly value: TypeNode }
  | UnionNode
  | StructNode;

export type NodeKind = TypeNode['kind'];
export type NodeOf<Kind extends NodeKind> = TypeNode & { readonly kind: Kind };

export interface PrimitiveNode {
  readonly kind: 'u8' | 'u16' | 'u32' | 'u64' | 'i64' | 'bigInteger' | 'bool' | 'text8' | 'text16' | 'textRecord';
}

export interface StructNode {
  readonly kind: 'struct';
  /** For the documentation and error messages. */
  readonly name: string;
  /** In the order they are written. */
  readonly fields: readonly (readonly [name: string, type: TypeNode])[];
}

export interface UnionNode {
  readonly kind: 'union';
  readonly name: string;
  /** The member that tells the variants apart; the variant's index is its tag byte. */
  readonly tagField: string;
  readonly variants: readonly (readonly [tag: string, struct: StructNode])[];
}

/** A field type that takes `In` and gives `Out` back: they differ only in being readonly. */
export interface FieldType<In, Out = In> {
  readonly node: TypeNode;
  /** Never present: these two carry the types, so that a wrong one does not compile. */
  readonly takes?: (value: In) => void;
  readonly gives?: () => Out;
}

/** One field type for every member of `T`, in the order they are written. */
export type FieldsOf<T> = { readonly [Member in keyof T]-?: FieldType<T[Member]> };

/** Fields whose interface is no longer known to the type checker. */
export type AnyFields = Readonly<Record<string, { readonly node: TypeNode }>>;

const primitive = <T>(kind: PrimitiveNode['kind']): FieldType<T> => ({ node: { kind } });

/** Whole numbers 0 … 255, 0 … 65 535, 0 … 4 294 967 295. */
export const u8 = primitive<number>('u8');
export const u16 = primitive<number>('u16');
export const u32 = primitive<number>('u32');
/** A count or sequence, 0 … 2⁵³ − 1; eight bytes. */
export const count = primitive<number>('u64');
/** Epoch milliseconds, 0 … 2⁵³ − 1; eight bytes. */
export const time = primitive<number>('u64');
/** A bigint that fits a signed 64-bit integer: what was range-checked at the edge. */
export const i64 = primitive<bigint>('i64');
/** A bigint of any size: what was multiplied or summed up, so that no edge check bounds it. Nine bytes within int64. */
export const bigInteger = primitive<bigint>('bigInteger');
export const bool = primitive<boolean>('bool');
/** Well-formed text of at most 255 (65 535) bytes of UTF-8. */
export const text8 = primitive<string>('text8');
export const text16 = primitive<string>('text16');
/** Text keys and values; written in ascending key order, so equal records give equal bytes. */
export const textRecord = primitive<Readonly<Record<string, string>>>('textRecord');

/** One of fixed words, by its index. The list may only grow at its end. */
export const oneOf = <const Values extends readonly string[]>(...values: Values): FieldType<Values[number]> => ({
  node: { kind: 'oneOf', values },
});

export const nullable = <In, Out>(type: FieldType<In, Out>): FieldType<In | null, Out | null> => ({
  node: { kind: 'nullable', of: type.node },
});

export const arrayOf = <In, Out>(item: FieldType<In, Out>): FieldType<readonly In[], Out[]> => ({
  node: { kind: 'array', item: item.node },
});

/** Items that are there one at a time, as they are asked for; each item may be asked for once. */
export interface Streamed<T> extends Iterable<T> {
  readonly length: number;
}

/** The bytes of an array, for what is never wanted whole in memory: see `streamedStateCodec`. */
export const streamOf = <T>(item: FieldType<T>): FieldType<Streamed<T>> => ({
  node: { kind: 'array', item: item.node },
});

/** A map in its insertion order. */
export const mapOf = <Key, In, Out>(
  key: FieldType<Key>,
  value: FieldType<In, Out>,
): FieldType<ReadonlyMap<Key, In>, Map<Key, Out>> => ({ node: { kind: 'map', key: key.node, value: value.node } });

/** A map, in its insertion order, whose keys are a text member of its values, so that they are written once. */
export const mapBy = <T>(
  keyField: keyof T & string,
  value: FieldType<T>,
): FieldType<ReadonlyMap<string, T>, Map<string, T>> => ({
  node: { kind: 'mapBy', keyField, value: value.node },
});

export const structNode = (name: string, fields: AnyFields): StructNode => ({
  kind: 'struct',
  name,
  fields: Object.entries(fields).map(([field, type]) => [field, type.node] as const),
});

/** Every member of `T`, in the order given. */
export const struct = <T>(name: string, fields: FieldsOf<T>): FieldType<T> => ({ node: structNode(name, fields) });

/** Objects told apart by one member; a variant's index in `variants` is its tag. New variants go to the end. */
export const unionOf = <T extends Readonly<Record<Tag, string>>, Tag extends keyof T & string>(
  name: string,
  tagField: Tag,
  variants: { readonly [Kind in T[Tag]]: FieldsOf<Omit<Extract<T, Readonly<Record<Tag, Kind>>>, Tag>> },
): FieldType<T> => ({
  node: {
    kind: 'union',
    name,
    tagField,
    variants: Object.entries<AnyFields>(variants).map(([kind, fields]) => [kind, structNode(kind, fields)] as const),
  },
});
