/** Writes docs/reference/access.md from the tables of routes and operations: `node scripts/generateAccessReference.ts`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { accessReferenceMarkdown } from '../packages/api-contract/src/accessReference.ts';

const folder = new URL('../docs/reference/', import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('access.md', folder), accessReferenceMarkdown());
