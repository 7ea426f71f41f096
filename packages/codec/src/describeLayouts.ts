/**
 * Writes docs/reference/event-layouts.md from the layout tables, so that the page an independent decoder is written
 * from cannot differ from what the codecs do. A test compares the page with this text.
 */
import { InvariantError } from '@oms/domain';
import type { AnyFields, NodeKind, NodeOf, StructNode, TypeNode } from './fieldTypes.ts';
import { structNode } from './fieldTypes.ts';
import { LAYOUT_RULES } from './layoutRules.ts';
import { fixedBytesMax, leastBytes } from './layoutSize.ts';
import { ORDER_EVENTS } from './layouts/orderEvents.ts';
import { ORDERS_STATE } from './layouts/ordersState.ts';
import { RISK_EVENTS } from './layouts/riskEvents.ts';
import { RISK_STATE } from './layouts/riskState.ts';
import { VENUE_EVENTS } from './layouts/venueEvents.ts';
import { RUNTIME_EVENTS } from './runtimeEvents.ts';

interface AnyLayout {
  readonly fields: AnyFields;
  readonly older?: readonly { readonly fields: AnyFields }[];
}
type AnyEvents = Readonly<Record<string, AnyLayout & { readonly number: number }>>;

/** The services whose events stand in a journal, by the service number of their records. */
export const JOURNAL_SERVICES: readonly {
  readonly number: number;
  readonly name: string;
  readonly events: AnyEvents;
}[] = [
  { number: 0, name: 'runtime', events: RUNTIME_EVENTS },
  { number: 1, name: 'order-processor', events: ORDER_EVENTS },
  { number: 2, name: 'risk-engine', events: RISK_EVENTS },
  { number: 3, name: 'venue-simulator', events: VENUE_EVENTS },
];

const STATES: readonly (AnyLayout & { readonly name: string })[] = [ORDERS_STATE, RISK_STATE];

/** The whole page. */
export function describeLayouts(): string {
  const page = new Page();
  page.add(LAYOUT_RULES);
  for (const service of JOURNAL_SERVICES) {
    page.add(`## Events of service ${service.number}, ${service.name}`);
    for (const [type, layout] of Object.entries(service.events)) page.event(type, layout);
  }
  page.add('## States', STATES_TEXT);
  for (const state of STATES) page.versions(state.name, state);
  page.structs();
  return page.text();
}

const STATES_TEXT = `A snapshot's state starts with one byte, the version of its layout; the fields follow.
In OrdersState, \`openOrderIds\` names orders that are also in \`orders\`; each id must be there, and only once.`;

/** The page as it grows, and the structs that are still to be described. */
class Page {
  private readonly parts: string[] = [];
  private readonly named = new Map<string, NodeOf<'struct' | 'union'>>();

  add(...parts: readonly string[]): void {
    this.parts.push(...parts);
  }

  text(): string {
    return `${this.parts.join('\n\n')}\n`;
  }

  event(type: string, layout: AnyEvents[string]): void {
    this.versions(`${layout.number} ${type}`, layout);
  }

  versions(title: string, { fields, older = [] }: AnyLayout): void {
    for (const [index, version] of [...older, { fields }].entries())
      this.add(`### ${title}, version ${index + 1}`, this.table(structNode(title, version.fields)));
  }

  /** Every named struct that was met, each once, in the order they were met. */
  structs(): void {
    this.add('## Structs');
    // Describing one may name more; a map's iteration reaches those too.
    for (const [name, node] of this.named) {
      this.add(`### ${name}`);
      if (node.kind === 'struct') this.add(this.table(node));
      else this.union(node);
    }
  }

  private union(node: NodeOf<'union'>): void {
    this.add(`One byte, the variant, then its fields. The variant gives the member \`${node.tagField}\`.`);
    for (const [index, [tag, struct]] of node.variants.entries())
      this.add(`#### ${node.name} variant ${index}, \`${node.tagField}\` ${tag}`, this.table(struct));
  }

  private table(node: StructNode): string {
    const rows = node.fields.map(([field, type]) => `| ${field} | ${this.describe(type)} | ${bytesOf(type)} |`);
    return ['| field | type | bytes |', '| --- | --- | --- |', ...rows].join('\n');
  }

  private describe(node: TypeNode): string {
    const describe = DESCRIPTIONS[node.kind] as Describe<NodeKind>;
    if (node.kind === 'struct' || node.kind === 'union') this.meet(node);
    return describe(node, (inner) => this.describe(inner));
  }

  private meet(node: NodeOf<'struct' | 'union'>): void {
    const known = this.named.get(node.name);
    if (known !== undefined && known !== node) throw new InvariantError(`two structs are named ${node.name}`);
    this.named.set(node.name, node);
  }
}

type Describe<Kind extends NodeKind> = (node: NodeOf<Kind>, describe: (inner: TypeNode) => string) => string;

const itself = (node: TypeNode): string => node.kind;
const link = ({ name }: { readonly name: string }): string => `[${name}](#${name.toLowerCase()})`;

const DESCRIPTIONS: { readonly [Kind in NodeKind]: Describe<Kind> } = {
  u8: itself,
  u16: itself,
  u32: itself,
  u64: itself,
  i64: itself,
  bigInteger: itself,
  bool: itself,
  text8: itself,
  text16: itself,
  textRecord: itself,
  oneOf: ({ values }) => `word: ${values.map((value, index) => `${index} ${value}`).join(', ')}`,
  nullable: ({ of }, describe) => `nullable ${describe(of)}`,
  array: ({ item }, describe) => `array of ${describe(item)}`,
  map: ({ key, value }, describe) => `map of ${describe(key)} to ${describe(value)}`,
  mapBy: ({ keyField, value }, describe) => `map by ${keyField} of ${describe(value)}`,
  struct: link,
  union: link,
};

/** "8", "1 or 9", or the least as "4 +". */
function bytesOf(node: TypeNode): string {
  if (isFixed(node)) return String(leastBytes(node));
  if (node.kind === 'nullable' && isFixed(node.of)) return `1 or ${fixedBytesMax(node)}`;
  return `${leastBytes(node)} +`;
}

function isFixed(node: TypeNode): boolean {
  if (node.kind === 'struct') return node.fields.every(([, type]) => isFixed(type));
  return FIXED_KINDS.has(node.kind);
}

const FIXED_KINDS: ReadonlySet<NodeKind> = new Set<NodeKind>(['u8', 'u16', 'u32', 'u64', 'i64', 'bool', 'oneOf']);
