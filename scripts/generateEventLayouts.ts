/** Writes docs/reference/event-layouts.md anew from the layout tables. */
import { writeFileSync } from 'node:fs';
import { describeLayouts } from '../packages/codec/src/describeLayouts.ts';

writeFileSync(new URL('../docs/reference/event-layouts.md', import.meta.url), describeLayouts());
