/** The ladder: what was achieved of what was offered, and what that cost in latency. Two charts with the same x axis. */
import { count, milliseconds } from '../../printing/benchFacts.ts';
import { P99_BOUND_MS, type RoundReport } from '../benchReport.ts';
import { axes, dots, FRAME, type Frame, level, line, linearScale, logScale, type Point, svg } from './svg.ts';

const HALF: Frame = { ...FRAME, width: 480, height: 300, left: 68, right: 20 };
const RATE_TITLE = 'offered, thousand orders/s';
const thousands = (rate: number): string => String(Number((rate / 1000).toPrecision(6)));

export function achievedChart(rounds: readonly RoundReport[]): string {
  const { x, highest } = offeredScale(rounds);
  const y = linearScale(highest, HALF.height - HALF.bottom, HALF.top, thousands);
  const points = rounds.map(
    (round) =>
      [
        x.at(round.offeredRate),
        y.at(round.achievedRate),
        `${count(round.offeredRate)}/s offered: ${count(round.achievedRate)}/s achieved`,
      ] as const,
  );
  const content = [
    axes(HALF, x, y, RATE_TITLE, 'achieved, thousand orders/s'),
    line(
      [
        [x.at(0), y.at(0)],
        [x.at(highest), y.at(highest)],
      ],
      'ideal',
    ),
    line(
      points.map(([px, py]): Point => [px, py]),
      'series main',
    ),
    dots(points, 'dot'),
  ];
  return svg(HALF, 'Achieved against offered rate', content.join(''));
}

export function p99Chart(rounds: readonly RoundReport[]): string {
  const { x } = offeredScale(rounds);
  const values = rounds.map(({ latency }) => latency.p99Ms);
  const lowest = Math.max(0.01, Math.min(...values));
  const y = logScale(lowest, Math.max(...values, P99_BOUND_MS), HALF.height - HALF.bottom, HALF.top, (ms) =>
    ms >= 1 ? count(ms) : String(Number(ms.toPrecision(1))),
  );
  const points = rounds.map(
    ({ offeredRate, latency }) =>
      [
        x.at(offeredRate),
        y.at(latency.p99Ms),
        `${count(offeredRate)}/s offered: P99 ${milliseconds(latency.p99Ms)} ms`,
      ] as const,
  );
  const content = [
    axes(HALF, x, y, RATE_TITLE, 'P99 latency, ms'),
    level(HALF, y.at(P99_BOUND_MS), `${P99_BOUND_MS} ms`),
    line(
      points.map(([px, py]): Point => [px, py]),
      'series main',
    ),
    dots(points, 'dot'),
  ];
  return svg(HALF, 'P99 latency against offered rate', content.join(''));
}

function offeredScale(rounds: readonly RoundReport[]) {
  const highest = Math.max(...rounds.map(({ offeredRate }) => offeredRate));
  return { x: linearScale(highest, HALF.left, HALF.width - HALF.right, thousands), highest };
}
