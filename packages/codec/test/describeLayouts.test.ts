/** The reference page tells what the codecs do today. */
import { readFileSync } from 'node:fs';
import { SERVICE_NUMBERS } from '@oms/actors';
import { describe, expect, it } from 'vitest';
import { describeLayouts, JOURNAL_SERVICES } from '../src/describeLayouts.ts';

describe('docs/reference/event-layouts.md', () => {
  it('is what node scripts/generateEventLayouts.ts writes', () => {
    const page = readFileSync(new URL('../../../docs/reference/event-layouts.md', import.meta.url), 'utf8');
    expect(page).toBe(describeLayouts());
  });

  it('names the services by the numbers their records carry', () => {
    const numbers = Object.fromEntries(JOURNAL_SERVICES.map(({ name, number }) => [name, number]));
    expect(numbers).toEqual({ runtime: 0, ...SERVICE_NUMBERS });
  });

  it('explains every type it names', () => {
    const page = describeLayouts();
    const links = [...page.matchAll(/\[(\w+)\]\(#\w+\)/g)].map(([, name]) => name);
    expect(links.length).toBeGreaterThan(0);
    for (const name of links) expect(page).toContain(`### ${name}\n`);
  });
});
