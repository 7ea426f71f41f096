/**
 * `npm run mutants`: proves that the tests notice. Applies every mutant to a copy of the sources, runs the tests named
 * for it and tells which one caught it. Exit code 0: all killed; 1: one survived or proves nothing; 2: wrong options.
 */
import { parseArgs } from 'node:util';
import { ALL_MUTANTS } from './allMutants.ts';
import { listOfMutants, progressLine, tableOfVerdicts, verdictsAsJson } from './printing.ts';
import { proveMutants, UnsoundBaselineError, type Verdict } from './proveMutants.ts';

const USAGE = `npm run mutants [-- --only <name>]… [--json] [--list]

  --only <name>  this mutant; may be repeated
  --json         one JSON document instead of the table
  --list         what there is, without running anything
`;

/** @throws TypeError when the options are wrong */
function readOptions(arguments_: readonly string[]) {
  const { values } = parseArgs({
    args: [...arguments_],
    options: {
      only: { type: 'string', multiple: true, default: [] },
      json: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const unknown = values.only.find((name) => ALL_MUTANTS.every((mutant) => mutant.name !== name));
  if (unknown !== undefined) throw new TypeError(`there is no mutant "${unknown}": --list shows which there are`);
  const mutants = values.only.length === 0 ? ALL_MUTANTS : ALL_MUTANTS.filter(({ name }) => values.only.includes(name));
  return { ...values, mutants };
}

async function main(arguments_: readonly string[]): Promise<number> {
  let options: ReturnType<typeof readOptions>;
  try {
    options = readOptions(arguments_);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n\n${USAGE}`);
    return 2;
  }
  const { mutants, json, list, help } = options;
  if (help || list) {
    process.stdout.write(help ? USAGE : listOfMutants(mutants));
    return 0;
  }
  const verdicts = await prove(mutants);
  process.stdout.write(json ? verdictsAsJson(verdicts) : tableOfVerdicts(verdicts));
  return verdicts.every(({ outcome }) => outcome === 'killed') ? 0 : 1;
}

function prove(mutants: typeof ALL_MUTANTS): Promise<Verdict[]> {
  const ending = new AbortController();
  for (const [signal, code] of [['SIGINT', 130] as const, ['SIGTERM', 143] as const]) {
    process.once(signal, () => {
      ending.abort();
      process.exit(code);
    });
  }
  process.stderr.write('Running the checks without a mutant …\n');
  let count = 0;
  const onVerdict = (verdict: Verdict): void => {
    count++;
    process.stderr.write(progressLine(verdict, count, mutants.length));
  };
  return proveMutants(mutants, { signal: ending.signal, onVerdict });
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof UnsoundBaselineError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
