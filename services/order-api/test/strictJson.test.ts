/** Strict JSON agrees with JSON.parse on everything without a repeated name, and refuses what parsers disagree on. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_DEPTH_MAX, parseJsonBytes, parseJsonText, StrictJsonError } from '../src/strictJson.ts';

describe('strict JSON', () => {
  it('reads what JSON.parse reads', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(undefined, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parseJsonText(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('refuses any object in which a name is repeated, however deep', () => {
    const name = fc.string({ minLength: 1 });
    fc.assert(
      fc.property(name, fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (key, first, second) => {
        const member = JSON.stringify(key);
        const twice = `{${member}:${JSON.stringify(first)},${member}:${JSON.stringify(second)}}`;
        expect(() => parseJsonText(twice)).toThrow(StrictJsonError);
        expect(() => parseJsonText(`{"outer":[${twice}]}`)).toThrow(StrictJsonError);
      }),
    );
  });

  it.each([
    ['a name repeated by escape', '{"price":"1","pr\\u0069ce":"2"}'],
    ['NaN', '{"quantity":NaN}'],
    ['a trailing comma', '{"a":1,}'],
    ['an unfinished string', '{"a":"b'],
    ['a string that ends in a backslash', '{"a":"b\\'],
    ['nothing', ''],
    ['two values', '{}{}'],
    ['a byte order mark', '\ufeff{}'],
    ['nesting of a million', '['.repeat(1_000_000)],
    ['nesting one too deep', `${'['.repeat(JSON_DEPTH_MAX + 1)}${']'.repeat(JSON_DEPTH_MAX + 1)}`],
  ])('refuses %s', (_name, text) => {
    expect(() => parseJsonText(text)).toThrow(StrictJsonError);
  });

  it('takes nesting just deep enough, and colons and brackets inside strings', () => {
    expect(parseJsonText(`${'['.repeat(JSON_DEPTH_MAX)}${']'.repeat(JSON_DEPTH_MAX)}`)).toBeInstanceOf(Array);
    const text = '{"a:b":"c:\\"{[:"}';
    expect(parseJsonText(text)).toEqual({ 'a:b': 'c:"{[:' });
  });

  it('keeps __proto__ an ordinary member that reaches no prototype', () => {
    const value = parseJsonText('{"__proto__":{"admin":true}}') as Record<string, unknown>;
    expect(Object.keys(value)).toEqual(['__proto__']);
    expect(value.admin).toBeUndefined();
  });

  it('refuses bytes that are no UTF-8', () => {
    expect(() => parseJsonBytes(Buffer.from([0x22, 0xff, 0xfe, 0x22]))).toThrow(StrictJsonError);
    expect(() => parseJsonBytes(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toThrow(StrictJsonError);
    expect(parseJsonBytes(Buffer.from('"é"'))).toBe('é');
  });
});
