/** What can be done to a valid JSON value, to its text and to any bytes. All fuzzing mutates with these, by a seed. */
import { EVIL_JSON, EVIL_LENGTHS, EVIL_NAMES, HUGE_JSON } from './evilValues.ts';
import type { FuzzRandom } from './fuzzRandom.ts';

/** One mutation in so many is of the large kind. */
const HUGE_ONE_IN = 2_000;

type Path = readonly (string | number)[];
type Json = unknown;

/** The text of the value with one to three things wrong; now and then with none. */
export function mutatedJson(value: Json, random: FuzzRandom): string {
  let text = mutatedTree(value, random);
  if (random.oneIn(3)) text = mutatedText(text, random);
  return text;
}

/** One node of the value replaced, removed, renamed, repeated, wrapped or joined by a stranger. */
function mutatedTree(value: Json, random: FuzzRandom): string {
  const path = random.pick(pathsOf(value));
  return random.pick(TREE_MUTATIONS)(value, path, random);
}

type TreeMutation = (value: Json, path: Path, random: FuzzRandom) => string;

const evilJson = (random: FuzzRandom): string =>
  random.oneIn(HUGE_ONE_IN) ? random.pick(HUGE_JSON)() : random.pick(EVIL_JSON);

const memberText = (name: string, text: string): string => `${JSON.stringify(name)}:${text}`;

const TREE_MUTATIONS: readonly TreeMutation[] = [
  (value, path, random) => textWith(value, path, () => evilJson(random)),
  (value, path, random) => textWith(value, path, () => evilJson(random)),
  // The value of another member.
  (value, path, random) => textWith(value, path, () => JSON.stringify(at(value, random.pick(pathsOf(value))))),
  (value, path) => textWith(value, path, (text) => `[${text}]`),
  (value, path) => textWith(value, path, (text) => `{"value":${text}}`),
  // Text that was a number, a number that was text.
  (value, path) => textWith(value, path, (text) => (/^".*"$/.test(text) ? text.slice(1, -1) : JSON.stringify(text))),
  (value, path) => textWith(value, path, (text) => escapedText(text)),
  (value, path, random) => textOfParent(value, path, (members) => members.toSpliced(random.below(members.length), 1)),
  (value, path, random) => textOfParent(value, path, (members) => [...members, random.pick(members)]),
  (value, path, random) =>
    textOfParent(value, path, (members) => [...members, memberText(random.pick(EVIL_NAMES), evilJson(random))]),
  (value, path, random) =>
    textOfParent(value, path, (members) =>
      members.map((member) =>
        random.oneIn(3) ? member.replace(/^"[^"]*"/, () => JSON.stringify(random.pick(EVIL_NAMES))) : member,
      ),
    ),
  (value, path) => textOfParent(value, path, (members) => [...members].reverse()),
  // As it was: what follows must work after it too.
  (value) => JSON.stringify(value),
];

/** Every character of a JSON string as an escape: another text of the same value. */
const escapedText = (text: string): string =>
  /^"[ !#-[\]-~]*"$/.test(text)
    ? `"${[...text.slice(1, -1)].map((c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`).join('')}"`
    : text;

/** Of all nodes, the root among them. */
function pathsOf(value: Json, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([name, child]) => pathsOf(child, [...path, name]))];
}

const at = (value: Json, path: Path): Json =>
  path.reduce<Json>((node, step) => (node as Record<string, Json>)[step], value);

/** The text of the whole, with the node's own text replaced. */
function textWith(value: Json, path: Path, replace: (text: string) => string): string {
  if (path.length === 0) return replace(JSON.stringify(value) ?? '');
  const [step, ...rest] = path;
  return render(value, (name, child) =>
    name === String(step) ? textWith(child, rest, replace) : (JSON.stringify(child) ?? 'null'),
  );
}

/** The text of the whole, with the members of the object that holds the node changed. */
function textOfParent(value: Json, path: Path, change: (members: readonly string[]) => readonly string[]): string {
  const holder = path.slice(0, -1);
  return textWith(value, holder, (text) => {
    const parent = at(value, holder);
    if (typeof parent !== 'object' || parent === null) return text;
    const entries = Object.entries(parent).map(([name, child]) => [name, JSON.stringify(child)] as const);
    if (Array.isArray(parent)) return `[${change(entries.map(([, child]) => child)).join()}]`;
    return `{${change(entries.map(([name, child]) => memberText(name, child))).join()}}`;
  });
}

function render(value: Json, textOf: (name: string, child: Json) => string): string {
  const entries = Object.entries(value as object);
  if (Array.isArray(value)) return `[${entries.map(([name, child]) => textOf(name, child)).join()}]`;
  return `{${entries.map(([name, child]) => memberText(name, textOf(name, child))).join()}}`;
}

const INSERTIONS = [
  '"',
  '\\',
  ',',
  ':',
  '{',
  '}',
  '[',
  ']',
  ' ',
  '\n',
  '\t',
  '0',
  '-',
  '.',
  'e',
  '\u0000',
  '\ufeff',
  'é',
  '\u2028',
  '\ud800',
];

/** A text a character or two off, cut short, with a byte order mark before it or something after it. */
export function mutatedText(text: string, random: FuzzRandom): string {
  const place = random.below(text.length + 1);
  switch (random.below(8)) {
    case 0:
      return text.slice(0, place);
    case 1:
      return `\ufeff${text}`;
    case 2:
      return text + random.pick(['x', '}', ' ', '\n', '\u0000', text, '//', ',{}']);
    case 3:
      return text.slice(0, place) + text.slice(place + 1 + random.below(3));
    case 4:
      return text.slice(0, place) + text.slice(random.below(text.length + 1));
    case 5:
      return text.replaceAll('":', '": ').replaceAll(',"', random.pick([', "', ',\n"', ',\t"', ' ,"']));
    default:
      return text.slice(0, place) + random.pick(INSERTIONS) + text.slice(place + random.below(2));
  }
}

/** The bytes with one to four things wrong: bits, bytes, stretches, lengths. */
export function mutatedBytes(bytes: Uint8Array, random: FuzzRandom): Uint8Array {
  // A plain array of its own: a Buffer's slice would be the same memory, shared with all other small Buffers.
  let mutated: Uint8Array = new Uint8Array(bytes);
  for (let left = 1 + random.below(4); left > 0; left--) mutated = random.pick(BYTE_MUTATIONS)(mutated, random);
  return mutated;
}

type ByteMutation = (bytes: Uint8Array, random: FuzzRandom) => Uint8Array;

/** A copy in which something at a random place is changed; bytes that are too few stay as they are. */
const overwriting =
  (width: number, write: (view: DataView, at: number, random: FuzzRandom) => void): ByteMutation =>
  (bytes, random) => {
    const copy = bytes.slice();
    if (copy.length >= width) write(new DataView(copy.buffer), random.below(copy.length - width + 1), random);
    return copy;
  };

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

const BYTE_MUTATIONS: readonly ByteMutation[] = [
  overwriting(1, (view, at, random) => view.setUint8(at, view.getUint8(at) ^ (1 << random.below(8)))),
  overwriting(1, (view, at, random) => view.setUint8(at, random.below(256))),
  overwriting(1, (view, at, random) => view.setUint8(at, random.pick([0, 1, 2, 0x7f, 0x80, 0xc0, 0xff]))),
  overwriting(2, (view, at, random) => view.setUint16(at, random.pick(EVIL_LENGTHS) & 0xffff, true)),
  overwriting(4, (view, at, random) => view.setUint32(at, random.pick(EVIL_LENGTHS), true)),
  overwriting(8, (view, at, random) => view.setUint32(at + 4, random.pick(EVIL_LENGTHS), true)),
  (bytes, random) => bytes.slice(0, random.below(bytes.length + 1)),
  (bytes, random) => bytes.slice(random.below(Math.min(9, bytes.length + 1))),
  (bytes, random) =>
    joined(
      bytes,
      Uint8Array.from({ length: random.below(40) }, () => random.below(256)),
    ),
  (bytes, random) => {
    const start = random.below(bytes.length + 1);
    const end = Math.min(bytes.length, start + random.below(64));
    return random.oneIn(2)
      ? joined(bytes.subarray(0, end), bytes.subarray(start))
      : joined(bytes.subarray(0, start), bytes.subarray(end));
  },
  (bytes, random) => {
    const place = random.below(bytes.length + 1);
    const strange = Uint8Array.from({ length: 1 + random.below(4) }, () => random.below(256));
    return joined(bytes.subarray(0, place), strange, bytes.subarray(place));
  },
];
