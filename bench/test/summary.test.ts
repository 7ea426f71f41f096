/** What is told of a figure after all rounds, and its gate. */
import { describe, expect, it } from 'vitest';
import { GATES, type Gate, gateOf, judge } from '../suite/gates.ts';
import { summarize } from '../suite/summary.ts';
import { resultTable } from '../suite/table.ts';
import { resultsOf } from './testResults.ts';

describe('summarize', () => {
  it('takes medians over the rounds, of values and of ratios', () => {
    const [summary] = summarize(resultsOf({ a: { values: [100, 300, 200], baselines: [100, 100, 400] } }));
    expect(summary).toMatchObject({ median: 200, best: 300, spread: 1, ratio: 1, ratios: [1, 3, 0.5], gate: null });
  });

  it('has no ratio without a baseline', () => {
    expect(summarize(resultsOf({ a: { values: [1] } }))[0]).toMatchObject({ ratio: null, baseline: null });
  });

  it('judges the gate by value or by ratio', () => {
    const [core, skew] = summarize(
      resultsOf({ 'core third': { values: [299_999] }, skew: { values: [80], baselines: [100] } }),
    );
    expect([core!.verdict, skew!.verdict]).toEqual(['missed', 'reached']);
  });

  it('judges nothing after a quick run', () => {
    expect(summarize(resultsOf({ 'core third': { values: [2_000_000] } }, true))[0]!.verdict).toBeNull();
  });
});

describe('judge', () => {
  const atLeast: Gate = { id: 'P0', figure: 'a', of: 'value', must: 10, stretch: 20 };
  const atMost: Gate = { ...atLeast, must: 20, stretch: 10 };

  it.each([
    [atLeast, 9.9, 'missed'],
    [atLeast, 10, 'reached'],
    [atLeast, 20, 'stretch'],
    [atMost, 20.1, 'missed'],
    [atMost, 20, 'reached'],
    [atMost, 10, 'stretch'],
  ] as const)('%o by %d is %s', (gate, measured, expected) => {
    expect(judge(gate, measured)).toBe(expected);
  });
});

describe('gates', () => {
  it('are found by figure, one each', () => {
    for (const gate of GATES) expect(gateOf(gate.figure)).toBe(gate);
    expect(gateOf('unheard of')).toBeNull();
  });
});

describe('resultTable', () => {
  it('shows figure, baseline and gate in a line', () => {
    const table = resultTable(resultsOf({ skew: { values: [80, 90, 100], baselines: [100, 100, 100] } }));
    const line = table.split('\n').find((text) => text.startsWith('skew'));
    expect(line).toMatch(
      /^skew +90 +orders\/s +100 +22 % +0\.9 +a loop; P7 ratio ≥ 0\.7 \(stretch 0\.9\): REACHED, stretch too$/,
    );
  });
});
