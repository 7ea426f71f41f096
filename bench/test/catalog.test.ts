/** Which benchmarks a run is asked for, and how each is started. */
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BENCHMARKS, commandOf, figuresOf, scriptPath, select } from '../suite/catalog.ts';
import { GATES } from '../suite/gates.ts';

const names = (...asked: string[]) => select(asked).map(({ name }) => name);

describe('select', () => {
  it('takes all without a name', () => {
    expect(select([])).toEqual(BENCHMARKS);
  });

  it('takes a name, and everything that begins with one', () => {
    expect(names('codec')).toEqual(['codec']);
    expect(names('core')).toEqual(['core-all', 'core-third', 'core-none', 'core-refused']);
    expect(names('journal-replay', 'journal')).toEqual(['journal-append', 'journal-replay']);
  });

  it('names what there is when asked for something else', () => {
    expect(() => select(['codex'])).toThrow(/no benchmark "codex".*core-third/);
    expect(() => select(['cor'])).toThrow('no benchmark "cor"');
  });
});

describe('every benchmark', () => {
  it('has a name of its own and a script', () => {
    expect(new Set(BENCHMARKS.map(({ name }) => name)).size).toBe(BENCHMARKS.length);
    for (const { script } of BENCHMARKS) expect(existsSync(scriptPath(script))).toBe(true);
  });

  it('is made small as it wants to be', () => {
    const benchmark = { name: 'a', script: 'a.ts', arguments: ['--mix', 'all'], tells: '' };
    expect(commandOf(benchmark, false).slice(1)).toEqual(['--mix', 'all']);
    expect(commandOf(benchmark, true).slice(1)).toEqual(['--mix', 'all', '--quick']);
    expect(commandOf({ ...benchmark, quickArguments: ['9'] }, true).slice(1)).toEqual(['--mix', 'all', '9']);
  });

  it('must print a figure', () => {
    expect(() => figuresOf(BENCHMARKS[0]!, 'nothing to see')).toThrow('printed no figure');
  });

  it('covers the gates that a benchmark can measure alone', () => {
    expect(GATES.map(({ id }) => id)).toEqual(['P1', 'P5', 'P6', 'P7', 'P8', 'P10', 'P10']);
  });
});
