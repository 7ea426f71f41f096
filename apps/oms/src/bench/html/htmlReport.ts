/** The report of a benchmark as one HTML file: no scripts, nothing from the network, readable in light and dark. */
import { count, factsOf, LATENCY_COLUMNS, milliseconds, percent } from '../../printing/benchFacts.ts';
import { headlineOf, journalText, overloadOf, PLAIN, ratiosOf } from '../../printing/benchReport.ts';
import { type BenchReport, failuresOf, P99_BOUND_MS, type RoundReport } from '../benchReport.ts';
import { achievedChart, p99Chart } from './ladderCharts.ts';
import { latencyChart } from './latencyChart.ts';
import { STYLE } from './style.ts';
import { escapeText } from './svg.ts';

const HEAD = [
  'round',
  ...LATENCY_COLUMNS,
  'answers',
  'traded',
  'errors',
  'generator lag p99, ms',
  'generator µs per order',
  'server µs per order',
];

export function htmlReportOf(report: BenchReport): string {
  const { rounds, startedAt } = report;
  const ladder =
    rounds.length < 2
      ? ''
      : `<h2>Ladder</h2><div class="pair"><figure>${achievedChart(rounds)}<figcaption>Achieved against offered; the dashed line is all of it.</figcaption></figure><figure>${p99Chart(rounds)}<figcaption>P99 from the planned send time.</figcaption></figure></div>`;
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>oms bench, ${escapeText(startedAt)}</title><style>${STYLE}</style></head><body><main>
<p class="kicker">oms bench · ${escapeText(startedAt.replace('T', ' ').slice(0, 16))} UTC</p>
<h1>${escapeText(headlineOf(report, PLAIN))}</h1>
${definitions([...ratiosOf(report), ...overloadOf(report), ...outcomesOf(report)])}
<h2>Latency by percentile</h2><figure class="wide">${latencyChart(report)}</figure>
${ladder}
<h2>Figures</h2><div class="wide">${table(report)}</div>${errorsOf(report)}
<h2>What they depend on</h2>${definitions(factsOf(report))}
</main></body></html>
`;
}

const definitions = (pairs: readonly (readonly [string, string])[]): string =>
  `<dl>${pairs.map(([name, value]) => `<dt>${escapeText(name)}</dt><dd>${escapeText(value)}</dd>`).join('')}</dl>`;

function outcomesOf({ gate, journal }: BenchReport): (readonly [string, string])[] {
  const lines: (readonly [string, string])[] = [];
  if (gate !== null)
    lines.push(['gate', `P99 < ${P99_BOUND_MS} ms and 0 errors at this rate: ${gate.held ? 'held' : 'not held'}`]);
  if (journal !== null) lines.push(['journal', `${journal.ok ? '✓' : '✗'} ${journalText(journal)}`]);
  return lines;
}

function table({ rounds, overload, bare }: BenchReport): string {
  const rows = rounds.map((round) => row(round, round.sustained ? 'sustained' : 'not sustained'));
  if (overload !== null) {
    rows.push(row(overload.atKnee.round, 'at the knee'), row(overload.atTwice.round, 'twice the knee'));
  }
  if (bare !== null) rows.push(row(bare.atRate, 'bare server'));
  const head = HEAD.map((title) => `<th>${escapeText(title)}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

/** Codes would make the table too wide to read. */
function errorsOf({ rounds, overload }: BenchReport): string {
  const all = overload === null ? rounds : [...rounds, overload.atKnee.round, overload.atTwice.round];
  const lines = all.flatMap(({ offeredRate, errors, unanswered }) => {
    const parts = Object.entries(errors).map(([code, number]) => `${code} × ${count(number)}`);
    if (unanswered > 0) parts.push(`unanswered × ${count(unanswered)}`);
    return parts.length === 0
      ? []
      : [`<p class="kicker">at ${count(offeredRate)}/s: ${escapeText(parts.join(', '))}</p>`];
  });
  return lines.join('');
}

function row(round: RoundReport, name: string): string {
  const { latency, generatorLag, serverMicroseconds } = round;
  const cells = [
    name,
    count(round.offeredRate),
    count(round.achievedRate),
    ...[latency.p50Ms, latency.p90Ms, latency.p99Ms, latency.p999Ms, latency.maxMs].map(milliseconds),
    count(latency.count),
    round.tradedShare === null ? '–' : percent(round.tradedShare),
    count(failuresOf(round)),
    milliseconds(generatorLag.p99Ms),
    round.generatorMicroseconds.toFixed(1),
    serverMicroseconds === null ? '–' : serverMicroseconds.toFixed(1),
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeText(cell)}</td>`).join('')}</tr>`;
}
