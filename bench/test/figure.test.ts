/** Figures found in what a benchmark printed. */
import { describe, expect, it } from 'vitest';
import { type Figure, ratioOf, readFigures } from '../suite/figure.ts';
import { apiFigures, projectionFigures, riskFigures, venueFigures } from '../suite/ownReports.ts';

const whole: Figure = {
  figure: 'core third',
  value: 50_000,
  unit: 'orders/s',
  better: 'higher',
  baseline: { what: 'a loop', value: 100_000 },
  details: { orders: 3 },
};

describe('readFigures', () => {
  it('finds them between other lines', () => {
    const output = `warming up\n${JSON.stringify(whole)}\n{"other":1}\n${JSON.stringify({ ...whole, figure: 'b' })}\n`;
    expect(readFigures(output)).toEqual([whole, { ...whole, figure: 'b' }]);
  });

  it.each([
    ['no value', { ...whole, value: null }],
    ['no unit', { ...whole, unit: undefined }],
    ['another direction', { ...whole, better: 'sideways' }],
    ['half a baseline', { ...whole, baseline: { what: 'a loop' } }],
  ])('refuses %s', (_, broken) => {
    expect(() => readFigures(JSON.stringify(broken))).toThrow('not a whole figure');
  });

  it('gives value over baseline', () => {
    expect([ratioOf(whole), ratioOf({ ...whole, baseline: null })]).toEqual([0.5, null]);
  });
});

describe('reports of their own', () => {
  it('of the risk engine', () => {
    const report = { orders: 9, openOrders: 5, release: { cpuNsPerOrder: 700 }, fill: { cpuNsPerOrder: 900 } };
    expect(riskFigures(JSON.stringify(report)).map(({ figure, value }) => [figure, value])).toEqual([
      ['risk assess, release', 700],
      ['risk assess, settle', 900],
    ]);
  });

  it('of the venue: deep against shallow', () => {
    const reports = [
      { resting: 1_000, cpuNsPerOrder: { cancel: 100 } },
      { resting: 50_000, cpuNsPerOrder: { cancel: 150 } },
    ];
    const [cancel] = venueFigures(JSON.stringify(reports));
    expect(cancel).toMatchObject({ figure: 'venue cancel', value: 150, baseline: { value: 100 } });
  });

  it('of the API: one line per transport', () => {
    const report = {
      transport: 'rest',
      ordersPerRequest: 1,
      apiUsPerOrder: 30,
      bareUsPerOrder: 24,
      apiOrdersPerSecond: 9,
    };
    const figures = apiFigures(`${JSON.stringify(report)}\n${JSON.stringify({ ...report, transport: 'socket' })}\n`);
    expect(figures.map(({ figure }) => figure)).toEqual(['api rest', 'api socket']);
    expect(ratioOf(figures[0]!)).toBe(1.25);
  });

  it('of the projection', () => {
    const [figure] = projectionFigures('order events/s   45000: 50 % of bare rows (90000)\n');
    expect(figure).toMatchObject({ value: 45_000, baseline: { value: 90_000 } });
  });

  it('are missed when nothing was printed', () => {
    for (const read of [riskFigures, venueFigures, projectionFigures]) expect(() => read('')).toThrow();
    expect(apiFigures('')).toEqual([]);
  });
});
