/** What is read from error bodies and headers, however odd they are. */
import { describe, expect, it } from 'vitest';
import { delayMs } from '../src/backOff.ts';
import { errorFromBody, parseRetryAfter } from '../src/omsError.ts';

describe('Retry-After', () => {
  const now = Date.parse('2026-01-01T00:00:00Z');
  it.each([
    [null, null],
    ['3', 3000],
    ['Thu, 01 Jan 2026 00:00:05 GMT', 5000],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', null],
    ['-1', null],
  ])('%s is %s ms', (header, ms) => {
    expect(parseRetryAfter(header, now)).toBe(ms);
  });
});

describe('error bodies', () => {
  it.each([
    ['nothing', null, 'HTTP_502'],
    ['a text', 'bad gateway', 'HTTP_502'],
    ['an array', [1], 'HTTP_502'],
    ['a problem', { code: 'OVERLOADED' }, 'OVERLOADED'],
    ['members of the wrong type', { code: 7, errors: 'x', order: 3 }, 'HTTP_502'],
  ])('of %s still give a code', (_, body, code) => {
    expect(errorFromBody(502, body, null)).toMatchObject({ code, errors: [], order: null });
  });
});

describe('back-off', () => {
  const backOff = { baseMs: 100, ceilingMs: 1_000, random: () => 0.999, sleep: async () => undefined };
  it('doubles up to its ceiling', () => {
    expect([1, 2, 3, 4, 5, 20].map((failures) => delayMs(backOff, failures, null))).toEqual([
      100, 200, 400, 799, 999, 999,
    ]);
  });
  it('never comes before the time the server gave', () => {
    expect(delayMs({ ...backOff, random: () => 0 }, 1, 700)).toBe(700);
  });
});
