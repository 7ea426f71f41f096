/** How many bytes a type takes at least, and how many of them are fixed: what codecs reserve and check with. */
import type { StructNode, TypeNode } from './fieldTypes.ts';

const FIXED_BYTES = { u8: 1, u16: 2, u32: 4, u64: 8, i64: 8, bool: 1, oneOf: 1 } as const;

const sum = (fields: StructNode['fields'], bytesOf: (node: TypeNode) => number): number =>
  fields.reduce((bytes, [, type]) => bytes + bytesOf(type), 0);

/** The fewest bytes a value takes: bounds a claimed item count by the bytes that are left. */
export function leastBytes(node: TypeNode): number {
  switch (node.kind) {
    case 'text8':
    case 'nullable':
      return 1;
    case 'text16':
      return 2;
    case 'textRecord':
    case 'array':
    case 'map':
    case 'mapBy':
      return 4;
    case 'bigInteger':
      return 9;
    case 'struct':
      return sum(node.fields, leastBytes);
    case 'union':
      return 1 + Math.min(...node.variants.map(([, struct]) => leastBytes(struct)));
    default:
      return FIXED_BYTES[node.kind];
  }
}

/** The most bytes that the fixed-size parts of a value take together, counting the parts of repeated items once. */
export function fixedBytesMax(node: TypeNode): number {
  switch (node.kind) {
    case 'text8':
    case 'text16':
    case 'textRecord':
      return 0;
    case 'bigInteger':
      return 9;
    case 'nullable':
      return 1 + fixedBytesMax(node.of);
    case 'array':
      return 4 + fixedBytesMax(node.item);
    case 'map':
      return 4 + fixedBytesMax(node.key) + fixedBytesMax(node.value);
    case 'mapBy':
      return 4 + fixedBytesMax(node.value);
    case 'struct':
      return sum(node.fields, fixedBytesMax);
    case 'union':
      return 1 + Math.max(...node.variants.map(([, struct]) => fixedBytesMax(struct)));
    default:
      return FIXED_BYTES[node.kind];
  }
}
