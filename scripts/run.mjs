/**
 * The bootstrap behind `npm start`, `npm test` and the other npm scripts. It runs on Node 20 or newer without any
 * dependency, installs what is missing, and then runs everything under the pinned Node of node_modules/.bin.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { childEnvironment, endWith, ensureReady, PINNED_NODE, ROOT, SetupError } from './bootstrap.mjs';
import { runChecks, runLongTests, runTests } from './checks.mjs';
import { ensureDashboard } from './dashboard.mjs';

const USAGE = `npm start [-- <options of oms start>]   start everything; npm start -- --help lists the options
npm test                                format, types, all tests with line coverage
npm test -- <path> …                    only these tests, without coverage
npm run test:deep [-- --minutes M …]    faults for as long as told; -- --list lists them
npm run test:long                       the tests of most of a minute each: whole benchmark runs, the dashboard in a browser
npm run test:openapi                    the running server against its own OpenAPI document (Schemathesis, needs python3)
npm run mutants [-- --list]             break the sources on purpose; the tests must notice every time
npm run check                           format and types only
npm run format                          rewrite files in the project's format
npm run example [-- <name>]             run an example; without a name, list them
npm run bench [-- <name> …]             measure; npm run bench -- --list lists what
npm run setup                           install what is missing and stop
`;

/** Runs a command in the foreground. @returns its exit code, 128 + n when a signal ended it. */
export function run(command, arguments_) {
  return new Promise((resolve) => {
    const child = spawn(command, arguments_, { cwd: process.cwd(), env: childEnvironment(), stdio: 'inherit' });
    const stop = endWith(child);
    child.on('error', (error) => {
      stop();
      process.stderr.write(`${command}: ${error.message}\n`);
      resolve(127);
    });
    child.on('close', (code, signal) => {
      stop();
      resolve(code ?? (signal === 'SIGINT' ? 130 : signal === 'SIGTERM' ? 143 : 1));
    });
  });
}

const runNode = (arguments_) => run(PINNED_NODE, arguments_);
const tool = (name) => path.join(ROOT, 'node_modules', '.bin', name);

/** The examples: examples/<name>.ts or examples/<name>/main.ts, each with its purpose in the first comment line. */
function findExamples() {
  const directory = path.join(ROOT, 'examples');
  const examples = new Map();
  for (const entry of existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : []) {
    const file = entry.isDirectory() ? path.join(directory, entry.name, 'main.ts') : path.join(directory, entry.name);
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || !existsSync(file)) continue;
    examples.set(entry.name.replace(/\.ts$/, ''), file);
  }
  return examples;
}

const purposeOf = (file) =>
  /\/\*\*\s*(?:\*\s*)?([^\n*]+)/
    .exec(readFileSync(file, 'utf8'))?.[1]
    ?.replace(/\*\/.*/, '')
    .trim() ?? '';

async function runExample([name, ...rest]) {
  const examples = findExamples();
  const file = name === undefined ? undefined : examples.get(name);
  if (file !== undefined) return runNode([file, ...rest]);
  if (name !== undefined) process.stderr.write(`There is no example "${name}". There are:\n`);
  for (const [known, knownFile] of examples) process.stdout.write(`  ${known.padEnd(24)}${purposeOf(knownFile)}\n`);
  process.stdout.write('Run one with: npm run example -- <name>\n');
  return name === undefined ? 0 : 1;
}

const TASKS = {
  // One thread collects: its helpers take the processor from the thread they help (docs/reference/performance.md).
  start: async (rest) => {
    await ensureDashboard();
    return runNode(['--single-threaded-gc', path.join(ROOT, 'apps', 'oms', 'bin', 'oms.mjs'), 'start', ...rest]);
  },
  test: (rest) => runTests(run, tool, rest),
  'test:long': (rest) => runLongTests(run, tool, rest),
  'test:deep': (rest) => runNode([path.join(ROOT, 'test', 'deep', 'main.ts'), ...rest]),
  check: () => runChecks(run, tool),
  format: () => run(tool('biome'), ['check', '--write', '.']),
  example: runExample,
  'test:openapi': (rest) => runNode([path.join(ROOT, 'test', 'fuzz', 'schemathesis.ts'), ...rest]),
  mutants: (rest) =>
    runNode(['--disable-warning=ExperimentalWarning', path.join(ROOT, 'test', 'mutants', 'main.ts'), ...rest]),
  bench: (rest) => runNode([path.join(ROOT, 'bench', 'run.ts'), ...rest]),
  setup: async () => {
    process.stdout.write('Ready. Next: npm start\n');
    return 0;
  },
};

async function main([task = 'help', ...rest]) {
  const action = TASKS[task];
  if (action === undefined) {
    process.stdout.write(USAGE);
    return task === 'help' ? 0 : 2;
  }
  await ensureReady();
  return action(rest);
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
