/** Whoever waits gets exactly the answer to its address, once, however late, however often the ring came round. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Callers } from '../src/callers.ts';

describe('callers', () => {
  it('are found by their address like in a map', () => {
    const act = fc.oneof(
      { weight: 2, arbitrary: fc.constant('wait' as const) },
      fc.nat(24).map((back) => ({ back })),
    );
    fc.assert(
      fc.property(fc.array(act, { maxLength: 100, size: 'max' }), (acts) => {
        const callers = new Callers<string>(8);
        const waiting = new Map<number, string[]>();
        let last = 0;
        for (const each of acts) {
          if (each === 'wait') {
            const told: string[] = [];
            last = callers.newAddress();
            expect(waiting.has(last)).toBe(false);
            waiting.set(last, told);
            callers.wait(last, (answer) => told.push(answer));
            continue;
          }
          const address = last - each.back;
          const told = waiting.get(address);
          const done = callers.take(address);
          expect(done === undefined).toBe(told === undefined);
          done?.(`answer ${address}`);
          if (told !== undefined) expect(told).toEqual([`answer ${address}`]);
          waiting.delete(address);
        }
      }),
    );
  });
});
