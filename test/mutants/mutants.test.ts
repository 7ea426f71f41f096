/** The list of mutants cannot rot: each applies exactly once to today's sources, and names tests that exist. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../sourceFiles.ts';
import { ALL_MUTANTS } from './allMutants.ts';
import { type Mutant, mutate } from './mutant.ts';
import { mutantsPage } from './mutantsPage.ts';

const textOf = (mutant: Mutant): string => readFileSync(path.join(ROOT, mutant.file), 'utf8');

describe('every mutant', () => {
  it.each(ALL_MUTANTS)('$name applies exactly once and names its tests', (mutant) => {
    expect(mutate(mutant, textOf(mutant))).not.toBe(textOf(mutant));
    expect(mutant.checks.length).toBeGreaterThan(0);
    expect(mutant.checks.filter((check) => !existsSync(path.join(ROOT, check)))).toEqual([]);
  });

  it('has a name of its own', () => {
    const names = ALL_MUTANTS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^[a-z]+(-[a-z]+)*$/.test(name))).toEqual([]);
  });
});

it('docs/reference/mutants.md is current: run `node scripts/generateMutantsReference.ts` when not', () => {
  expect(readFileSync(path.join(ROOT, 'docs/reference/mutants.md'), 'utf8')).toBe(mutantsPage());
});

describe('a patch', () => {
  const mutant: Mutant = { name: 'less', breaks: 'I1: …', file: 'a.ts', find: 'b + 1', replace: 'b', checks: [] };

  it('replaces the text, whatever is in it', () => {
    expect(mutate({ ...mutant, replace: "b + '$&'" }, 'const a = b + 1;')).toBe("const a = b + '$&';");
  });

  it.each([
    ['does not occur', 'const a = b;', mutant, '0 times'],
    ['occurs twice', 'const a = b + 1 + (b + 1);', mutant, '2 times'],
    ['is empty', 'const a = b + 1;', { ...mutant, find: '' }, '0 times'],
    ['changes nothing', 'const a = b + 1;', { ...mutant, replace: 'b + 1' }, 'changes nothing'],
    ['leaves no TypeScript', 'const a = b + 1;', { ...mutant, replace: 'b +' }, 'no TypeScript'],
  ])('that %s is refused', (_, text, patch, why) => {
    expect(() => mutate(patch, text)).toThrow(why);
  });
});
