/** The style rules hold in every file, and each of them can fail. */
import { describe, expect, it } from 'vitest';
import { readSources, type SourceFile } from './sourceFiles.ts';
import {
  banBreaches,
  FUNCTION_LINES_MAX,
  fileLengthBreaches,
  functionLengthBreaches,
  functionLengths,
  headerBreaches,
  lockfileBreaches,
  type Ratchet,
} from './tidy.ts';

/** What is longer than the rules allow, with its length today. Shrink an entry when the code shrinks; add none. */
const RATCHET: Ratchet = {};

// The rules' own file and this one must name what they ban.
const files = readSources([
  '{packages,services,apps,examples,scripts,simulation,bench,test}/**/*.{ts,mjs}',
  '*.ts',
]).filter((file) => !/^test\/tidy(\.test)?\.ts$/.test(file.path));
// A contract suite is a test that lives with its port.
const sources = files.filter(
  (file) => (/\/src\//.test(file.path) && !file.path.includes('/src/contract/')) || file.path.startsWith('scripts/'),
);
const fileOf = (path: string, text: string): SourceFile => ({ path, text });

describe('bans', () => {
  it('hold in every file', () => {
    expect(files.length).toBeGreaterThan(100);
    expect(files.flatMap((file) => banBreaches(file))).toEqual([]);
  });

  const DOMAIN = 'packages/domain/src/a.ts';
  const SERVICE = 'services/order-api/src/a.ts';
  it.each([
    [DOMAIN, 'const now = Date.now();', 'take the time as an input'],
    [DOMAIN, 'const now = new Date();', 'take the time as an input'],
    ['packages/actors/src/a.ts', 'const now = performance.now();', 'take the time as an input'],
    [DOMAIN, 'const chance = Math.random();', 'decisions must replay'],
    [DOMAIN, 'const id = randomUUID();', 'decisions must replay'],
    ['packages/actors/src/a.ts', 'setTimeout(run, 5);', 'send a timer message'],
    [SERVICE, 'const price = parseFloat(text);', 'use parseDecimal'],
    [SERVICE, 'return price.toFixed(2);', 'use formatDecimal'],
    [SERVICE, 'const value = Number(order.price);', 'keep money a bigint'],
    [SERVICE, "console.log('hello');", 'use the logger'],
    [SERVICE, '// TODO later', 'finish it'],
    [SERVICE, 'export default class {}', 'export it by name'],
    ['test/a.test.ts', "it.only('x', () => {});", 'run it or remove it'],
  ])('%s may not hold: %s', (path, text, instead) => {
    const breaches = banBreaches(fileOf(path, text));
    expect(breaches).toHaveLength(1);
    expect(breaches[0]).toContain(`${path}:1`);
    expect(breaches[0]).toContain(instead);
  });

  it.each([
    ['a clock in an adapter', 'packages/adapters/embedded/src/a.ts', 'const now = Date.now();'],
    ['a date from a given time', DOMAIN, 'return new Date(epochMs);'],
    ['a comment that explains the ban', DOMAIN, '// never Date.now(): time arrives as an input'],
    ['a count that is no money', SERVICE, 'const limit = Number(query.limit);'],
    ['a string that looks like a comment', SERVICE, "const url = 'http://x';"],
  ])('allow %s', (_, path, text) => {
    expect(banBreaches(fileOf(path, text))).toEqual([]);
  });
});

describe('file headers', () => {
  it('are there', () => {
    expect(files.flatMap(headerBreaches)).toEqual([]);
  });

  it('are missed', () => {
    expect(headerBreaches(fileOf('packages/a/src/a.ts', 'export const a = 1;'))).toHaveLength(1);
    expect(headerBreaches(fileOf('apps/oms/bin/oms.mjs', '#!/usr/bin/env node\n/** The command. */'))).toEqual([]);
  });
});

describe('lengths', () => {
  it('of files stay within bounds', () => {
    expect(files.flatMap((file) => fileLengthBreaches(file, RATCHET))).toEqual([]);
  });

  it('of functions stay within bounds', () => {
    expect(sources.flatMap((file) => functionLengthBreaches(file, RATCHET))).toEqual([]);
  });

  it('let nothing stay on the ratchet that no longer needs it', () => {
    const sizes = new Map(files.map((file) => [file.path, file.text.split('\n').length - 1]));
    for (const file of files)
      for (const { name, lines } of functionLengths(file.text)) sizes.set(`${file.path} ${name}`, lines);
    expect(Object.entries(RATCHET).filter(([entry, lines]) => sizes.get(entry) !== lines)).toEqual([]);
  });

  it('of a file that is too long are told', () => {
    const long = fileOf('packages/a/src/a.ts', 'x;\n'.repeat(401));
    expect(fileLengthBreaches(long, {})).toHaveLength(1);
    expect(fileLengthBreaches(long, { 'packages/a/src/a.ts': 401 })).toEqual([]);
    expect(fileLengthBreaches(long, { 'packages/a/src/a.ts': 400 })).toHaveLength(1);
  });

  const body = '    x;\n'.repeat(FUNCTION_LINES_MAX);
  it.each([
    ['a function', `export function long(a: string) {\n${body}}\n`],
    ['an async function over several lines', `async function long(\n  a: string,\n): Promise<void> {\n${body}}\n`],
    ['an arrow function', `export const long = (a: string): void => {\n${body}};\n`],
    ['a method', `class A {\n  async long(a: string) {\n${body}  }\n}\n`],
    ['a private method', `class A {\n  #long<T>(a: T): void {\n${body}  }\n}\n`],
    ['a constructor', `class A {\n  constructor(a: string) {\n${body}  }\n}\n`],
  ])('of %s that is too long are told', (_, text) => {
    expect(functionLengthBreaches(fileOf('packages/a/src/a.ts', text), {})).toHaveLength(1);
  });

  it('of two short functions are not added up', () => {
    const short = 'const a = (x: number) => x + 1;\n\nfunction b() {\n  x;\n}\n';
    expect(functionLengths(short)).toEqual([{ name: 'b', line: 3, lines: 3 }]);
  });
});

describe('the lockfile', () => {
  it('names no download host', () => {
    const [lockfile] = readSources(['package-lock.json']);
    expect(lockfileBreaches(lockfile!.text)).toEqual([]);
  });

  it('is caught naming one', () => {
    expect(lockfileBreaches('"resolved": "https://registry.example/a.tgz"')).toHaveLength(1);
    expect(lockfileBreaches('"resolved": "packages/domain"')).toEqual([]);
  });
});
