/** Writes docs/reference/errors.md from the table of error codes: `node scripts/generateErrorReference.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { errorReferenceMarkdown } from '../packages/api-contract/src/errorReference.ts';

const folder = new URL('../docs/reference/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('errors.md', folder), errorReferenceMarkdown());
