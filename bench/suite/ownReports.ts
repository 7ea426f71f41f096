/** The figures in the reports of benchmarks that print one of their own, for people to read while they work on that part. */
import type { Figure } from './figure.ts';

interface RiskReport {
  readonly orders: number;
  readonly openOrders: number;
  readonly release: { readonly cpuNsPerOrder: number };
  readonly fill: { readonly cpuNsPerOrder: number };
}

interface VenueReport {
  readonly resting: number;
  readonly cpuNsPerOrder: Readonly<Record<string, number>>;
}

interface ApiReport {
  readonly transport: string;
  readonly ordersPerRequest: number;
  readonly apiUsPerOrder: number;
  readonly bareUsPerOrder: number;
  readonly apiOrdersPerSecond: number;
}

const jsonLines = (output: string): unknown[] =>
  output
    .split('\n')
    .filter((line) => line.startsWith('{') || line.startsWith('['))
    .map((line) => JSON.parse(line) as unknown);

/** @throws Error when the report is not there */
function only<Report>(output: string): Report {
  const [report] = jsonLines(output);
  if (report === undefined) throw new Error('no report was printed');
  return report as Report;
}

export function riskFigures(output: string): Figure[] {
  const { release, fill, orders, openOrders } = only<RiskReport>(output);
  const common = { unit: 'cpu ns/order', better: 'lower', baseline: null, details: { orders, openOrders } } as const;
  return [
    { ...common, figure: 'risk assess, release', value: release.cpuNsPerOrder },
    { ...common, figure: 'risk assess, settle', value: fill.cpuNsPerOrder },
  ];
}

/** What each does on a deep book, against the same on one of a thousand orders. */
export function venueFigures(output: string): Figure[] {
  const [shallow, deep] = only<readonly [VenueReport, VenueReport]>(output);
  return Object.entries(deep.cpuNsPerOrder).map(([action, value]) => ({
    figure: `venue ${action}`,
    value,
    unit: 'cpu ns',
    better: 'lower',
    baseline: { what: `${shallow.resting.toLocaleString('en')} resting orders`, value: shallow.cpuNsPerOrder[action]! },
    details: { resting: deep.resting },
  }));
}

export function apiFigures(output: string): Figure[] {
  return (jsonLines(output) as ApiReport[]).map((report) => ({
    figure: `api ${report.transport}`,
    value: report.apiUsPerOrder,
    unit: 'cpu µs/order',
    better: 'lower',
    baseline: { what: 'bare server', value: report.bareUsPerOrder },
    details: { ordersPerRequest: report.ordersPerRequest, bestOrdersPerSecond: report.apiOrdersPerSecond },
  }));
}

const PROJECTION = /order events\/s +(\d+): \d+ % of bare rows \((\d+)\)/;

export function projectionFigures(output: string): Figure[] {
  const [, rate, bareRate] = PROJECTION.exec(output) ?? [];
  if (rate === undefined) throw new Error('no rate was printed');
  return [
    {
      figure: 'projection',
      value: Number(rate),
      unit: 'order events/s',
      better: 'higher',
      baseline: { what: 'bare rows', value: Number(bareRate) },
      details: {},
    },
  ];
}
