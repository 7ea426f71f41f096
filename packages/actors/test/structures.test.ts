/** The queue and the heap against arrays that do the same slowly. */
import { Heap, Queue } from '@oms/actors';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

describe('Queue', () => {
  it('behaves as an array under any pushes and shifts', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.integer()), { maxLength: 5_000 }), (operations) => {
        const queue = new Queue<number>();
        const model: number[] = [];
        for (const operation of operations) {
          if (operation === null) expect(queue.shift()).toBe(model.shift());
          else {
            queue.push(operation);
            model.push(operation);
          }
          expect([queue.length, queue.peek()]).toEqual([model.length, model[0]]);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('grows past its first room without losing order', () => {
    const queue = new Queue<number>();
    for (let i = 0; i < 700; i++) queue.push(i);
    for (let i = 0; i < 600; i++) queue.shift();
    for (let i = 700; i < 4_000; i++) queue.push(i);
    for (let i = 600; i < 4_000; i++) expect(queue.shift()).toBe(i);
    expect(queue.shift()).toBeUndefined();
  });
});

describe('Heap', () => {
  it('gives the items in order whatever the order they came in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer()), (items) => {
        const heap = new Heap<number>((a, b) => a < b);
        for (const item of items) heap.push(item);
        const sorted = [...items].sort((a, b) => a - b);
        expect(heap.size).toBe(items.length);
        expect(heap.peek()).toBe(sorted[0]);
        expect(items.map(() => heap.pop())).toEqual(sorted);
        expect(heap.pop()).toBeUndefined();
      }),
    );
  });
});
