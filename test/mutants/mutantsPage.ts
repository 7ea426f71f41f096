/** docs/reference/mutants.md: which fault each mutant is, and which tests must notice. */
import { ALL_MUTANTS } from './allMutants.ts';
import type { Mutant } from './mutant.ts';

const INTRODUCTION = `# Mutants

<!-- Made by scripts/generateMutantsReference.ts from test/mutants. Do not edit. -->

A test suite that passes proves nothing unless it fails when the code is wrong. Each mutant below is one deliberate fault
in the sources. \`npm run mutants\` applies them one at a time to a copy, runs the tests named for it and shows which test
caught it; it fails when a mutant survives, when its text is no longer in the sources exactly once, and when the mutated
file cannot be loaded (a fault that a compiler finds proves nothing about the tests). Before that the same tests must pass
without any mutant.

| command | what it does |
| --- | --- |
| \`npm run mutants\` | every mutant, two at a time |
| \`npm run mutants -- --only no-fsync\` | one of them |
| \`npm run mutants -- --list\` | what there is |
| \`npm run mutants -- --json\` | verdicts for a program |

A new guarantee gets a mutant with it: an entry in \`test/mutants/catalog\`. A survivor is a hole in the tests: the missing
test is written, the mutant stays.
`;

const inCell = (text: string): string => text.replaceAll('|', '\\|');
const rowOf = ({ name, breaks, file, checks }: Mutant): string =>
  `| ${name} | ${inCell(breaks)} | ${file} | ${checks.join('<br>')} |`;

export const mutantsPage = (): string =>
  [
    INTRODUCTION,
    `## The ${ALL_MUTANTS.length} mutants`,
    '',
    '| mutant | what it breaks | where | checked by |',
    '| --- | --- | --- | --- |',
    ...ALL_MUTANTS.map(rowOf),
    '',
  ].join('\n');
