/** Writes docs/reference/mutants.md from the list of mutants: `node scripts/generateMutantsReference.ts`. */
import { writeFileSync } from 'node:fs';
import { mutantsPage } from '../test/mutants/mutantsPage.ts';

writeFileSync(new URL('../docs/reference/mutants.md', import.meta.url), mutantsPage());
