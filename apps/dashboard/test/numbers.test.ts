/** Numbers as people read them, without ever passing through a float; and files that a spreadsheet cannot run. */
import { describe, expect, it } from 'vitest';
import { csvText } from '../src/components/downloadCsv.ts';
import { decimalsOf, percentChange, show, showSigned } from '../src/numbers/decimals.ts';

describe('numbers', () => {
  it.each([
    ['12345678901.12345678', 2, 8, '12,345,678,901.12345678'],
    ['0.1', 2, 2, '0.10'],
    ['0.129', 2, 2, '0.12'],
    [null, 2, 2, '–'],
  ])('shows %s', (text, least, most, shown) => {
    expect(show(text, least, most)).toBe(shown);
  });

  it('signs profit and loss, and nothing else', () => {
    expect([showSigned(150_000_000n), showSigned(-1_000_000n), showSigned(0n)]).toEqual(['+1.50', '−0.01', '0.00']);
  });

  it('tells changes in percent', () => {
    expect([percentChange('100', '101.5'), percentChange('100', '99.99'), percentChange('0', '1')]).toEqual([
      '+1.50 %',
      '−0.01 %',
      null,
    ]);
    expect([decimalsOf('0.0001'), decimalsOf('1')]).toEqual([4, 0]);
  });

  it('quotes cells, and keeps formulas text', () => {
    expect(
      csvText(
        ['a', 'b'],
        [
          ['x,"y"', '=1+1'],
          ['-5.2', null],
        ],
      ),
    ).toBe('a,b\r\n"x,""y""",\'=1+1\r\n-5.2,\r\n');
  });
});
