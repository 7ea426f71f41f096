/**
 * Compiles a layout to one straight function that reads a value, with every nested struct inlined. Each read checks
 * the end first and every count is held against the bytes left, so bad bytes give CODEC_MALFORMED and nothing else;
 * bytes that are not what the encoder would write are refused too. interpretLayout.ts is the plain implementation.
 */
import { InvariantError } from '@oms/domain';
import type { ByteReader } from '@oms/ports';
import { readBigInteger } from './bigInteger.ts';
import type { NodeKind, NodeOf, StructNode, TypeNode } from './fieldTypes.ts';
import { leastBytes } from './layoutSize.ts';
import { malformed } from './malformed.ts';
import { readText8, readText16 } from './text.ts';
import { readTextRecord } from './textRecord.ts';

const truncated = (where: string, at: number): never => malformed(where, `truncated at byte ${at}`);
const HELPERS = { malformed, truncated, readBigInteger, readText8, readText16, readTextRecord };

type Decode<T> = (reader: ByteReader) => T;
type Constants = Readonly<Record<string, string>>;

/** @param constants members that every value has and no byte tells: the `type` of an event */
export function compileDecoder<T>(node: StructNode, constants: Constants = {}): Decode<T> {
  const source = new DecoderSource();
  const result = source.object(node, constants, node.name);
  // Names and numbers in the source come from our own layout tables, never from data.
  const make = new Function(
    ...Object.keys(HELPERS),
    `return function decode(reader) {
      const view = reader.view, end = reader.end;
      let at = reader.offset;
      ${source.lines.join('\n')}
      reader.offset = at;
      return ${result};
    }`,
  ) as (...helpers: unknown[]) => Decode<T>;
  return make(...Object.values(HELPERS));
}

const quote = (text: string): string => JSON.stringify(text);

/** The statements that read one value, being collected. What reads gives the expression of what was read. */
class DecoderSource {
  readonly lines: string[] = [];
  private variables = 0;

  add(statements: string): void {
    this.lines.push(statements);
  }

  /** @param where path of the value, for error messages */
  read(node: TypeNode, where: string): string {
    const emit = EMITTERS[node.kind] as Emit<NodeKind>;
    return emit(this, node, where);
  }

  variable(expression: string, keyword: 'const' | 'let' = 'const'): string {
    const name = `v${this.variables++}`;
    this.add(`${keyword} ${name} = ${expression};`);
    return name;
  }

  fixed(bytes: number, where: string, getter: string): string {
    this.add(`if (at + ${bytes} > end) truncated(${quote(where)}, at);`);
    const name = this.variable(`view.${getter}`);
    this.add(`at += ${bytes};`);
    return name;
  }

  helper(name: keyof typeof HELPERS, where: string): string {
    this.add('reader.offset = at;');
    const result = this.variable(`${name}(reader, ${quote(where)})`);
    this.add('at = reader.offset;');
    return result;
  }

  refuse(condition: string, where: string, variable: string, complaint: string): void {
    this.add(`if (${condition}) malformed(${quote(where)}, \`\${${variable}} ${complaint}\`);`);
  }

  /** A byte that must be below `bound`. */
  index(bound: number, where: string): string {
    const byte = this.fixed(1, where, 'getUint8(at)');
    this.refuse(`${byte} >= ${bound}`, where, byte, `is not below ${bound}`);
    return byte;
  }

  object(node: StructNode, constants: Constants, where: string): string {
    const known = Object.entries(constants).map(([name, value]) => `${name}: ${quote(value)}`);
    const read = node.fields.map(([field, type]) => `${field}: ${this.read(type, `${where}.${field}`)}`);
    return `{ ${[...known, ...read].join(', ')} }`;
  }

  /** A count that the bytes left can hold, then `readItem` that often; it gets the name of the index. */
  repeated(itemBytesLeast: number, where: string, empty: string, readItem: (result: string, index: string) => void) {
    if (itemBytesLeast === 0) throw new InvariantError(`${where}: items without bytes cannot be counted safely`);
    const size = this.fixed(4, where, 'getUint32(at, true)');
    this.refuse(`${size} * ${itemBytesLeast} > end - at`, where, size, 'items do not fit the bytes left');
    const result = this.variable(empty);
    const index = `i${this.variables++}`;
    this.add(`for (let ${index} = 0; ${index} < ${size}; ${index}++) {`);
    readItem(result, index);
    this.add('}');
    return result;
  }
}

type Emit<Kind extends NodeKind> = (source: DecoderSource, node: NodeOf<Kind>, where: string) => string;

const EMITTERS: { readonly [Kind in NodeKind]: Emit<Kind> } = {
  u8: (source, _, where) => source.fixed(1, where, 'getUint8(at)'),
  u16: (source, _, where) => source.fixed(2, where, 'getUint16(at, true)'),
  u32: (source, _, where) => source.fixed(4, where, 'getUint32(at, true)'),
  u64: (source, _, where) => {
    const high = source.fixed(8, where, 'getUint32(at + 4, true)');
    source.refuse(`${high} > 0x1fffff`, where, high, 'as the high half exceeds 2^53 - 1');
    return source.variable(`${high} * 0x100000000 + view.getUint32(at - 8, true)`);
  },
  i64: (source, _, where) => source.fixed(8, where, 'getBigInt64(at, true)'),
  bigInteger: (source, _, where) => {
    const result = source.variable('0n', 'let');
    source.add(
      `if (at + 9 <= end && view.getUint8(at) === 1) { ${result} = view.getBigInt64(at + 1, true); at += 9; }`,
    );
    source.add('else {');
    source.add(`${result} = ${source.helper('readBigInteger', where)}; }`);
    return result;
  },
  bool: (source, _, where) => `${source.index(2, where)} === 1`,
  text8: (source, _, where) => source.helper('readText8', where),
  text16: (source, _, where) => source.helper('readText16', where),
  textRecord: (source, _, where) => source.helper('readTextRecord', where),
  oneOf: (source, { values }, where) => {
    const index = source.index(values.length, where);
    const wordOf = values.slice(0, -1).map((value, i) => `${index} === ${i} ? ${quote(value)} : `);
    return source.variable(`${wordOf.join('')}${quote(values.at(-1)!)}`);
  },
  nullable: (source, { of }, where) => {
    const flag = source.index(2, where);
    const result = source.variable('null', 'let');
    source.add(`if (${flag} === 1) {`);
    source.add(`${result} = ${source.read(of, where)}; }`);
    return result;
  },
  array: (source, { item }, where) =>
    source.repeated(leastBytes(item), where, '[]', (result) =>
      source.add(`${result}.push(${source.read(item, `${where}[]`)});`),
    ),
  map: (source, { key, value }, where) =>
    source.repeated(leastBytes(key) + leastBytes(value), where, 'new Map()', (result, index) => {
      const k = source.read(key, `${where} key`);
      source.add(`${result}.set(${k}, ${source.read(value, `${where}[]`)});`);
      source.refuse(`${result}.size === ${index}`, where, k, 'appears twice');
    }),
  mapBy: (source, { keyField, value }, where) =>
    source.repeated(leastBytes(value), where, 'new Map()', (result, index) => {
      const item = source.variable(source.read(value, `${where}[]`));
      source.add(`${result}.set(${item}.${keyField}, ${item});`);
      source.refuse(`${result}.size === ${index}`, where, `${item}.${keyField}`, 'appears twice');
    }),
  struct: (source, node, where) => source.object(node, {}, where),
  union: (source, { tagField, variants }, where) => {
    const tag = source.index(variants.length, where);
    const result = source.variable('null', 'let');
    source.add(`switch (${tag}) {`);
    for (const [index, [kind, struct]] of variants.entries()) {
      source.add(`case ${index}: {`);
      source.add(`${result} = ${source.object(struct, { [tagField]: kind }, where)}; break; }`);
    }
    source.add('}');
    return result;
  },
};
