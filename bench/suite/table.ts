/** Prints results in columns. */
import type { Compared } from './comparison.ts';
import type { Results } from './results.ts';
import { median, spread } from './statistics.ts';
import { type Summary, summarize } from './summary.ts';

/** As many digits as mean something. */
export function formatNumber(value: number): string {
  const size = Math.abs(value);
  const decimals = size >= 1_000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3;
  return value.toLocaleString('en', { maximumFractionDigits: decimals, minimumFractionDigits: 0 });
}

const percent = (share: number): string => `${Math.round(share * 100)} %`;

/** The first column and the last are texts, those between numbers. */
export function columns(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const last = widths.length - 1;
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 || column === last ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!),
        )
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export function resultTable(results: Results): string {
  const heads = ['figure', 'median', 'unit', 'best', 'spread', '× baseline', 'against; gate'];
  const rows = summarize(results).map((summary) => [
    summary.figure,
    formatNumber(summary.median),
    summary.unit,
    formatNumber(summary.best),
    percent(summary.spread),
    summary.ratio === null ? '' : formatNumber(summary.ratio),
    [summary.baseline, gateText(summary)].filter(Boolean).join('; '),
  ]);
  return columns([heads, ...rows]);
}

const VERDICTS = { stretch: 'REACHED, stretch too', reached: 'REACHED', missed: 'MISSED' } as const;

function gateText({ gate, verdict, ratio, unit }: Summary): string {
  if (gate === null) return '';
  const sign = gate.stretch < gate.must ? '≤' : '≥';
  const of = gate.of === 'ratio' ? 'ratio ' : '';
  const measured = gate.of === 'ratio' && ratio === null ? ' (no baseline)' : '';
  const marks = `${of}${sign} ${formatNumber(gate.must)} (stretch ${formatNumber(gate.stretch)})`;
  const judged = verdict === null ? 'not judged' : VERDICTS[verdict];
  return `${gate.id} ${marks}${of === '' ? ` ${unit}` : ''}: ${judged}${measured}`;
}

/** The machine, and how steady it was. */
export function machineText({ machine, rounds, commit, changed }: Results): string {
  const yardstick = (name: 'arithmeticPerSecond' | 'keptRecordsPerSecond') => {
    const values = rounds.map((round) => round.yardstick[name]);
    return `${formatNumber(median(values) / 1e6)} million (spread ${percent(spread(values))})`;
  };
  const loads = rounds.map(({ loadAverage }) => loadAverage);
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGiB} GiB, ${machine.platform}, Node ${machine.node}`,
    `commit ${commit}${changed ? ' with changes' : ''}, ${rounds.length} rounds, load average ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}`,
    `yardstick: arithmetic ${yardstick('arithmeticPerSecond')} steps/s, records kept in a Map ${yardstick('keptRecordsPerSecond')}/s`,
  ].join('\n');
}

export function comparisonTable(compared: readonly Compared[]): string {
  const heads = ['figure', 'before', 'after', 'unit', 'after ÷ before', 'by baseline', 'change'];
  const rows = compared.map(({ figure, before, after, unit, ratio, relativeRatio, change, better }) => [
    figure,
    formatNumber(before),
    formatNumber(after),
    unit,
    ratio.toFixed(2),
    relativeRatio === null ? '' : relativeRatio.toFixed(2),
    change === 'better' || change === 'worse' ? `${change.toUpperCase()} (${better} is better)` : change,
  ]);
  return columns([heads, ...rows]);
}
