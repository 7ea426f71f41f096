/**
 * Compiles a layout to one straight function that writes a value, with every nested struct inlined. Throughout it,
 * at least `room` bytes are reserved behind the cursor: enough for all fixed-size fields together, renewed after each
 * part whose size depends on the value. interpretLayout.ts is the plain implementation that tests compare with.
 */
import type { ByteWriter } from '@oms/ports';
import { writeBigInteger } from './bigInteger.ts';
import type { NodeKind, NodeOf, StructNode, TypeNode } from './fieldTypes.ts';
import { fixedBytesMax } from './layoutSize.ts';
import { malformed } from './malformed.ts';
import { writeText8, writeText16 } from './text.ts';
import { writeTextRecord } from './textRecord.ts';

const HELPERS = { malformed, writeBigInteger, writeText8, writeText16, writeTextRecord };

type Encode<T> = (value: T, writer: ByteWriter) => void;

/** @param header bytes that go before the fields: event number and version */
export function compileEncoder<T>(node: StructNode, header: readonly number[]): Encode<T> {
  const source = new EncoderSource(header.length + fixedBytesMax(node));
  for (const byte of header) source.add(`view.setUint8(at++, ${byte});`);
  source.write(node, 'value', node.name);
  // Names and numbers in the source come from our own layout tables, never from data.
  const make = new Function(
    ...Object.keys(HELPERS),
    `return function encode(value, writer) {
      writer.reserve(${source.room});
      let view = writer.view, at = writer.length;
      ${source.lines.join('\n')}
      writer.length = at;
    }`,
  ) as (...helpers: unknown[]) => Encode<T>;
  return make(...Object.values(HELPERS));
}

const quote = (text: string): string => JSON.stringify(text);

/** The statements that write one value, being collected. */
class EncoderSource {
  readonly lines: string[] = [];
  readonly room: number;
  private variables = 0;

  constructor(room: number) {
    this.room = room;
  }

  add(statements: string): void {
    this.lines.push(statements);
  }

  /** @param where path of the value, for error messages */
  write(node: TypeNode, expression: string, where: string): void {
    const emit = EMITTERS[node.kind] as Emit<NodeKind>;
    emit(this, node, expression, where);
  }

  /** Names the value of an expression that is used more than once. */
  named(expression: string): string {
    const name = `v${this.variables++}`;
    this.add(`const ${name} = ${expression};`);
    return name;
  }

  /** A call that writes at `writer.length`, where the buffer may be replaced by a larger one. */
  call(call: string): void {
    this.add(`writer.length = at; ${call}; at = writer.length; view = writer.view;`);
  }

  helper(name: keyof typeof HELPERS, expression: string, where: string): void {
    this.call(`${name}(writer, ${expression}, ${this.room}, ${quote(where)})`);
  }

  refuse(condition: string, where: string, variable: string, complaint: string): void {
    this.add(`if (${condition}) malformed(${quote(where)}, \`\${${variable}} ${complaint}\`);`);
  }

  /** A number that `wrap` must leave as it is: true only of whole numbers within range. */
  number(expression: string, where: string, wrap: string, setter: string, bytes: number): void {
    const v = this.named(expression);
    this.refuse(`(${v} ${wrap}) !== ${v}`, where, v, 'is out of range');
    this.add(`view.${setter}(at, ${v}, true); at += ${bytes};`);
  }

  /** A count, then each item with the room for fixed-size parts renewed. */
  repeated(expression: string, size: 'length' | 'size', item: string, writeItem: () => void): void {
    const v = this.named(expression);
    this.add(`view.setUint32(at, ${v}.${size}, true); at += 4;`);
    this.add(`for (const ${item} of ${v}) {`);
    this.call(`writer.reserve(${this.room})`);
    writeItem();
    this.add('}');
    this.call(`writer.reserve(${this.room})`);
  }
}

type Emit<Kind extends NodeKind> = (
  source: EncoderSource,
  node: NodeOf<Kind>,
  expression: string,
  where: string,
) => void;

const EMITTERS: { readonly [Kind in NodeKind]: Emit<Kind> } = {
  u8: (source, _, expression, where) => source.number(expression, where, '& 0xff', 'setUint8', 1),
  u16: (source, _, expression, where) => source.number(expression, where, '& 0xffff', 'setUint16', 2),
  u32: (source, _, expression, where) => source.number(expression, where, '>>> 0', 'setUint32', 4),
  u64: (source, _, expression, where) => {
    const v = source.named(expression);
    source.refuse(`!Number.isSafeInteger(${v}) || ${v} < 0`, where, v, 'is no count');
    source.add(`view.setUint32(at, ${v} >>> 0, true);`);
    source.add(`view.setUint32(at + 4, Math.floor(${v} / 0x100000000), true); at += 8;`);
  },
  i64: (source, _, expression, where) => {
    const v = source.named(expression);
    source.refuse(`BigInt.asIntN(64, ${v}) !== ${v}`, where, v, 'is no int64');
    source.add(`view.setBigInt64(at, ${v}, true); at += 8;`);
  },
  bigInteger: (source, _, expression, where) => {
    const v = source.named(expression);
    source.add(`if (BigInt.asIntN(64, ${v}) === ${v}) {`);
    source.add(`view.setUint8(at, 1); view.setBigInt64(at + 1, ${v}, true); at += 9;`);
    source.add('} else {');
    source.helper('writeBigInteger', v, where);
    source.add('}');
  },
  bool: (source, _, expression) => source.add(`view.setUint8(at++, ${expression} ? 1 : 0);`),
  text8: (source, _, expression, where) => source.helper('writeText8', expression, where),
  text16: (source, _, expression, where) => source.helper('writeText16', expression, where),
  textRecord: (source, _, expression, where) => source.helper('writeTextRecord', expression, where),
  oneOf: (source, { values }, expression, where) => {
    const v = source.named(expression);
    const indexOf = values.map((value, index) => `${v} === ${quote(value)} ? ${index} : `).join('');
    source.add(`view.setUint8(at++, ${indexOf}malformed(${quote(where)}, \`\${${v}} is none of its words\`));`);
  },
  nullable: (source, { of }, expression, where) => {
    const v = source.named(expression);
    source.add(`if (${v} === null) { view.setUint8(at++, 0); } else { view.setUint8(at++, 1);`);
    source.write(of, v, where);
    source.add('}');
  },
  array: (source, { item }, expression, where) =>
    source.repeated(expression, 'length', 'item', () => source.write(item, 'item', `${where}[]`)),
  map: (source, { key, value }, expression, where) =>
    source.repeated(expression, 'size', '[key, item]', () => {
      source.write(key, 'key', `${where} key`);
      source.write(value, 'item', `${where}[]`);
    }),
  mapBy: (source, { keyField, value }, expression, where) =>
    source.repeated(expression, 'size', '[key, item]', () => {
      source.refuse(`key !== item.${keyField}`, where, 'key', `is not the ${keyField} of its value`);
      source.write(value, 'item', `${where}[]`);
    }),
  struct: (source, { fields }, expression, where) => {
    for (const [field, type] of fields) source.write(type, `${expression}.${field}`, `${where}.${field}`);
  },
  union: (source, { tagField, variants }, expression, where) => {
    const v = source.named(expression);
    source.add(`switch (${v}.${tagField}) {`);
    for (const [index, [tag, struct]] of variants.entries()) {
      source.add(`case ${quote(tag)}: { view.setUint8(at++, ${index});`);
      source.write(struct, v, where);
      source.add('break; }');
    }
    source.add(`default: malformed(${quote(where)}, \`\${${v}.${tagField}} is no variant\`); }`);
  },
};
