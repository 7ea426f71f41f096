/**
 * One example of every event and state with its bytes, checked in: a layout can never change unnoticed. A new event
 * needs a new entry (write its value, and take the bytes from the failing test); an existing entry never changes, for such bytes are on somebody's disk.
 */
import { readFileSync } from 'node:fs';
import {
  ORDERS_STATE,
  orderEventCodec,
  RISK_STATE,
  riskEventCodec,
  runtimeEventCodec,
  stateCodec,
  venueEventCodec,
} from '@oms/codec';
import type { Codec } from '@oms/ports';
import { describe, expect, it } from 'vitest';
import { JOURNAL_SERVICES } from '../src/describeLayouts.ts';
import { attempt, bytesOf, bytesOfHex, hexOf, readerOf } from './bytes.ts';

/** `value` is JSON with a bigint as "12n" and a map as {"$map": [[key, value], …]}. */
interface Golden {
  readonly codec: keyof typeof CODECS;
  readonly name: string;
  readonly value: unknown;
  readonly bytes: string;
}

const CODECS = {
  runtime: runtimeEventCodec as Codec<unknown>,
  'order-processor': orderEventCodec as Codec<unknown>,
  'risk-engine': riskEventCodec as Codec<unknown>,
  'venue-simulator': venueEventCodec as Codec<unknown>,
  // As they are stored: the examples' orders, accounts, instruments and desks are not linked.
  OrdersState: stateCodec(ORDERS_STATE) as Codec<unknown>,
  RiskState: stateCodec(RISK_STATE) as Codec<unknown>,
};

const plain = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value, (_, member: unknown) => {
      if (typeof member === 'bigint') return `${member}n`;
      return member instanceof Map ? { $map: [...member] } : member;
    }),
  );

const revived = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value), (_, member) => {
    if (typeof member === 'string' && /^-?\d+n$/.test(member)) return BigInt(member.slice(0, -1));
    return member?.$map === undefined ? member : new Map(member.$map);
  });

const GOLDEN: readonly Golden[] = JSON.parse(readFileSync(new URL('golden/layouts.json', import.meta.url), 'utf8'));

describe('golden bytes', () => {
  it('exist for every event and state', () => {
    const events = JOURNAL_SERVICES.flatMap(({ name, events }) => Object.keys(events).map((type) => `${name} ${type}`));
    const states = ['OrdersState OrdersState', 'RiskState RiskState'];
    expect(GOLDEN.map(({ codec, name }) => `${codec} ${name}`)).toEqual([...events, ...states]);
  });

  it.each(GOLDEN)('$name reads as the example and is written as the bytes', ({ codec, value, bytes }) => {
    expect(hexOf(bytesOf((writer) => CODECS[codec].encode(revived(value), writer)))).toBe(bytes);
    const decoded = CODECS[codec].decode(readerOf(bytesOfHex(bytes)));
    expect(plain(decoded)).toEqual(value);
  });

  it.each(GOLDEN)('$name cut anywhere is malformed', ({ codec, bytes }) => {
    const whole = bytesOfHex(bytes);
    for (let length = 0; length < whole.length; length++)
      expect(attempt(CODECS[codec].decode, whole.subarray(0, length))).toEqual({ refused: 'CODEC_MALFORMED' });
  });
});
