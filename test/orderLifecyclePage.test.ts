/** The picture of the order's life is the table's own: it can never tell something else. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { orderLifecyclePage } from '../scripts/orderLifecyclePage.ts';

describe('docs/concepts/order-lifecycle.md', () => {
  it('is current: run `node scripts/generateOrderLifecycle.ts` when not', () => {
    const page = readFileSync(new URL('../docs/concepts/order-lifecycle.md', import.meta.url), 'utf8');
    expect(page).toBe(orderLifecyclePage());
  });
});
