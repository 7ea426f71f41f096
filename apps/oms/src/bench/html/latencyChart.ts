/**
 * Latency by percentile, a line per rate. The percentile axis is logarithmic in what is left above, so that the
 * slowest in a hundred and in a thousand have as much room as all the others.
 */
import { count } from '../../printing/benchFacts.ts';
import { type BenchReport, P99_BOUND_MS, type RoundReport } from '../benchReport.ts';
import { axes, escapeText, FRAME, level, line, logScale, type Point, svg } from './svg.ts';

/** Lines that can be told apart; of a longer ladder the last ones are shown. */
const SERIES_MAX = 6;

interface Series {
  readonly name: string;
  readonly className: string;
  readonly round: RoundReport;
}

export function latencyChart({ rounds, bare, overload }: BenchReport): string {
  const series: Series[] = rounds.slice(-SERIES_MAX).map((round, i) => ({
    name: `${count(round.offeredRate)}/s${round.sustained ? '' : ' (not sustained)'}`,
    className: `series s${i}`,
    round,
  }));
  if (overload !== null) {
    series.push({ name: 'twice the knee', className: 'series over', round: overload.atTwice.round });
  }
  if (bare !== null) {
    const name = `bare server at ${count(bare.atRate.offeredRate)}/s`;
    series.push({ name, className: 'series bare', round: bare.atRate });
  }
  return `${legend(series)}${chart(series)}`;
}

function chart(series: readonly Series[]): string {
  const { width, height, left, right, top, bottom } = FRAME;
  const values = series.flatMap(({ round }) => round.curve.map(({ ms }) => ms).concat(round.latency.maxMs));
  const lowest = Math.max(0.01, Math.min(...values));
  const highest = Math.max(...values, P99_BOUND_MS);
  const counts = Math.max(...series.map(({ round }) => round.latency.count), 10);
  const y = logScale(lowest, highest, height - bottom, top, (ms) => count10(ms));
  const x = logScale(1, counts, left, width - right, percentileLabel);
  const lines = series.map(({ round, className }) => {
    const points = round.curve.map(({ percentile, ms }): Point => [x.at(100 / (100 - percentile)), y.at(ms)]);
    return line([...points, [x.at(round.latency.count), y.at(round.latency.maxMs)]], className);
  });
  const content = [
    axes(FRAME, x, y, 'percentile of all answers', 'latency from the planned send time, ms'),
    level(FRAME, y.at(P99_BOUND_MS), `${P99_BOUND_MS} ms`),
    ...lines,
  ];
  return svg(FRAME, 'Latency by percentile, a line per rate', content.join(''));
}

const legend = (series: readonly Series[]): string =>
  `<ul class="legend">${series.map(({ name, className }) => `<li><svg viewBox="0 0 24 8"><line class="${className}" x1="0" x2="24" y1="4" y2="4"/></svg>${escapeText(name)}</li>`).join('')}</ul>`;

/** 1 → 0 %, 10 → 90 %, 100 → 99 %, 1000 → 99.9 % … */
function percentileLabel(oneIn: number): string {
  const nines = Math.round(Math.log10(oneIn));
  if (nines < 2) return nines === 0 ? '0 %' : '90 %';
  return nines === 2 ? '99 %' : `99.${'9'.repeat(nines - 2)} %`;
}

const count10 = (ms: number): string => (ms >= 1 ? count(ms) : String(Number(ms.toPrecision(1))));
