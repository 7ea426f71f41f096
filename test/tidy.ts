/**
 * The style rules, as functions over files. A ban names what to use instead. RATCHET lists what broke a size rule when
 * the rule came; an entry may only shrink or go.
 */
import { type SourceFile, withoutComments } from './sourceFiles.ts';

interface Ban {
  readonly pattern: RegExp;
  readonly instead: string;
  /** Files the ban is for. */
  readonly where: RegExp;
}

const CORE = /^packages\/(domain|actors)\/src\//;
const SOURCES = /^(packages|services|apps)\/.*\/src\//;
const EVERYWHERE = /./;
/** Where money lives. Market data is simulated with ordinary numbers and only then made exact. */
const MONEY = /^(packages|services\/(?!market-data\/))\/?.*\/src\//;
const LIBRARY = /^(packages|services)\/.*\/src\//;

export const BANS: readonly Ban[] = [
  { pattern: /\bDate\.now\b/, where: CORE, instead: 'take the time as an input (`now` of the batch)' },
  { pattern: /\bnew Date\(\s*\)/, where: CORE, instead: 'take the time as an input (`now` of the batch)' },
  { pattern: /\bperformance\.now\b/, where: CORE, instead: 'take the time as an input (`now` of the batch)' },
  { pattern: /\bMath\.random\b/, where: CORE, instead: 'take ids and chances as an input: decisions must replay' },
  {
    pattern: /\b(randomUUID\w*|getRandomValues)\b/,
    where: CORE,
    instead: 'count up from state: decisions must replay',
  },
  {
    pattern: /\bset(Timeout|Interval|Immediate)\s*\(/,
    where: CORE,
    instead: 'send a timer message: time arrives as an input',
  },
  { pattern: /\bparseFloat\b/, where: SOURCES, instead: 'use parseDecimal of @oms/domain: money is exact' },
  { pattern: /\.toFixed\(/, where: LIBRARY, instead: 'use formatDecimal of @oms/domain: money is exact' },
  {
    pattern: /\bNumber\([^)]*(price|quantity|amount|notional|fee|balance|margin|pnl|atoms)[^)]*\)/i,
    where: MONEY,
    instead: 'keep money a bigint of atoms; use formatDecimal at the edge',
  },
  { pattern: /\bconsole\./, where: LIBRARY, instead: 'use the logger that was passed in' },
  {
    pattern: /\b(TODO|FIXME|XXX|HACK)\b/,
    where: EVERYWHERE,
    instead: 'finish it, or open an issue and say nothing here',
  },
  { pattern: /\bexport default\b/, where: SOURCES, instead: 'export it by name' },
  { pattern: /\b(it|test|describe)\.(only|skip|todo)\(/, where: EVERYWHERE, instead: 'run it or remove it' },
];

/** Bans in comments too, where the word itself is the offence. */
const ALSO_IN_COMMENTS = /TODO/;

export function banBreaches(file: SourceFile, bans: readonly Ban[] = BANS): string[] {
  const code = withoutComments(file.text).split('\n');
  const all = file.text.split('\n');
  return bans.flatMap((ban) => {
    if (!ban.where.test(file.path)) return [];
    const lines = ALSO_IN_COMMENTS.test(ban.pattern.source) ? all : code;
    return lines.flatMap((line, i) => {
      const match = ban.pattern.exec(line);
      return match === null ? [] : [`${file.path}:${i + 1} has ${match[0]}: ${ban.instead}`];
    });
  });
}

/** Every file says its job in its first lines. Barrels say it by their name. */
export function headerBreaches(file: SourceFile): string[] {
  if (/(^|\/)src\/index\.ts$/.test(file.path)) return [];
  const text = file.text.replace(/^#![^\n]*\n/, '');
  return text.startsWith('/**')
    ? []
    : [`${file.path}: begin with a comment of 1 to 6 lines that says the file's one job`];
}

export const FILE_LINES_MAX = 400;
export const FUNCTION_LINES_MAX = 70;

/** "file" or "file function" → the lines it had when it was let through. */
export type Ratchet = Readonly<Record<string, number>>;

export function fileLengthBreaches(file: SourceFile, ratchet: Ratchet): string[] {
  const lines = file.text.split('\n').length - 1;
  const allowed = ratchet[file.path] ?? FILE_LINES_MAX;
  return lines <= allowed ? [] : [`${file.path} has ${lines} lines, allowed are ${allowed}: split it by job`];
}

export interface FunctionLength {
  readonly name: string;
  readonly line: number;
  readonly lines: number;
}

const FUNCTION_START =
  /^(\s*)(?:export\s+)?(?:(?:async\s+)?function\*?\s+(\w+)|(?:static\s+|async\s+|override\s+|get\s+|set\s+|\*\s*)*([#\w]+)(?:<[^(]*>)?\([^;]*[{(,]$|const\s+(\w+)[^=]*=\s*(?:async\s*)?(?:\([^;]*|\w+)\s*=>)/;
const NO_FUNCTION = new Set([
  'if',
  'for',
  'while',
  'switch',
  'catch',
  'return',
  'describe',
  'it',
  'super',
  'await',
  'expect',
]);

/**
 * Lengths of functions and methods, by indentation: the formatter puts the closing brace of a block back at the
 * indentation of the line that opened it.
 */
export function functionLengths(text: string): FunctionLength[] {
  const lines = withoutComments(text).split('\n');
  const found: FunctionLength[] = [];
  for (const [i, line] of lines.entries()) {
    const match = FUNCTION_START.exec(line);
    const name = match?.[2] ?? match?.[3] ?? match?.[4];
    if (match === null || name === undefined || NO_FUNCTION.has(name)) continue;
    const close = `${match[1]}}`;
    const end = lines.findIndex((candidate, j) => j > i && (candidate === close || candidate.startsWith(close)));
    const next = lines.findIndex(
      (candidate, j) => j > i && candidate.trim() !== '' && !/^\s/.test(candidate.slice(match[1]!.length)),
    );
    // A line back at this indentation that does not close a block ends a function without one.
    if (end < 0 || (next >= 0 && next < end && !/^[)\]}]/.test(lines[next]!.trim()))) continue;
    found.push({ name, line: i + 1, lines: end - i + 1 });
  }
  return found;
}

export function functionLengthBreaches(file: SourceFile, ratchet: Ratchet): string[] {
  return functionLengths(file.text).flatMap(({ name, line, lines }) => {
    const allowed = ratchet[`${file.path} ${name}`] ?? FUNCTION_LINES_MAX;
    if (lines <= allowed) return [];
    return [
      `${file.path}:${line} ${name} has ${lines} lines, allowed are ${allowed}: name its steps and give each a function`,
    ];
  });
}

/** The lockfile must not name a download host: machines behind a mirror could not use it. */
export const lockfileBreaches = (text: string): string[] =>
  [...text.matchAll(/"resolved": "https?:[^"]*"/g)].map(
    () =>
      'package-lock.json names a download host: run npm with the .npmrc of the project (omit-lockfile-registry-resolved)',
  );
