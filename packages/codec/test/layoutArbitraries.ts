/** Arbitrary values of any layout, derived from the layout itself, so that no event or state can be forgotten. */
import type { NodeKind, NodeOf, TypeNode } from '@oms/codec';
import fc from 'fast-check';

type Arbitrary<Kind extends NodeKind> = (node: NodeOf<Kind>) => fc.Arbitrary<unknown>;

export function arbitraryOf(node: TypeNode): fc.Arbitrary<unknown> {
  const arbitrary = ARBITRARIES[node.kind] as Arbitrary<NodeKind>;
  return arbitrary(node);
}

/** At most 60 code points, so at most 240 bytes; or ASCII up to what a text8 holds. */
const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme-ascii', minLength: 200, maxLength: 255 }),
);
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

const objectOf = (
  fields: NodeOf<'struct'>['fields'],
  constants: Readonly<Record<string, string>> = {},
): fc.Arbitrary<unknown> => {
  const members = [
    ...Object.entries(constants).map(([name, value]) => [name, fc.constant(value)] as const),
    ...fields.map(([name, type]) => [name, arbitraryOf(type)] as const),
  ];
  return fc.record(Object.fromEntries(members), { noNullPrototype: true });
};

const entries = (key: TypeNode, value: TypeNode): fc.Arbitrary<[unknown, unknown][]> =>
  fc.uniqueArray(fc.tuple(arbitraryOf(key), arbitraryOf(value)), { maxLength: 4, selector: ([k]) => k });

const ARBITRARIES: { readonly [Kind in NodeKind]: Arbitrary<Kind> } = {
  u8: () => fc.nat(0xff),
  u16: () => fc.nat(0xffff),
  u32: () => fc.nat(0xffffffff),
  u64: () => fc.maxSafeNat(),
  i64: () => int64,
  bigInteger: () => fc.oneof(int64, fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }), fc.constant(2n ** 63n)),
  bool: () => fc.boolean(),
  text8: () => text,
  text16: () => text,
  textRecord: () => fc.dictionary(text, text, { maxKeys: 4, noNullPrototype: true }),
  oneOf: ({ values }) => fc.constantFrom(...values),
  nullable: ({ of }) => fc.option(arbitraryOf(of), { nil: null }),
  array: ({ item }) => fc.array(arbitraryOf(item), { maxLength: 4 }),
  map: ({ key, value }) => entries(key, value).map((all) => new Map(all)),
  mapBy: ({ keyField, value }) =>
    fc
      .array(arbitraryOf(value), { maxLength: 4 })
      .map((all) => new Map(all.map((item) => [(item as Record<string, unknown>)[keyField], item]))),
  struct: ({ fields }) => objectOf(fields),
  union: ({ tagField, variants }) =>
    fc.oneof(...variants.map(([tag, struct]) => objectOf(struct.fields, { [tagField]: tag }))),
};

/** An event is its type and its fields. */
export const arbitraryEvent = (type: string, node: NodeOf<'struct'>): fc.Arbitrary<unknown> =>
  objectOf(node.fields, { type });
