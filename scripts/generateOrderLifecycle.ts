/** Writes docs/concepts/order-lifecycle.md from the transition table: `node scripts/generateOrderLifecycle.ts`. */
import { writeFileSync } from 'node:fs';
import { orderLifecyclePage } from './orderLifecyclePage.ts';

writeFileSync(new URL('../docs/concepts/order-lifecycle.md', import.meta.url), orderLifecyclePage());
