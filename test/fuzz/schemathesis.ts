/**
 * Holds a running server against its own OpenAPI document with Schemathesis (PyPI): no 5xx, no undocumented status,
 * type or shape, nothing invalid accepted, nothing valid refused. Fixed seed; installs the pinned version once, into
 * node_modules/.cache. Without python3 it says so and passes: `node test/fuzz/schemathesis.ts`.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const VERSION = '4.32.5';
const SEED = '1';
const EXAMPLES = '15';

const ROOT = resolve(import.meta.dirname, '../..');
const CACHE = join(ROOT, 'node_modules', '.cache', `schemathesis-${VERSION}`);
const PROGRAM = join(CACHE, 'bin', 'schemathesis');

const say = (text: string): void => void process.stderr.write(`${text}\n`);

/** @returns whether Schemathesis is there; false without a Python that can make it so */
function isInstalled(): boolean {
  if (existsSync(PROGRAM)) return true;
  const environment = spawnSync('python3', ['-m', 'venv', CACHE], { stdio: 'ignore' });
  if (environment.status !== 0) {
    rmSync(CACHE, { recursive: true, force: true });
    return false;
  }
  say(`installing schemathesis ${VERSION} into ${CACHE}`);
  const pip = spawnSync(join(CACHE, 'bin', 'pip'), ['install', '--quiet', `schemathesis==${VERSION}`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (pip.status === 0) return true;
  rmSync(CACHE, { recursive: true, force: true });
  throw new Error(`schemathesis ${VERSION} could not be installed from PyPI`);
}

/** Starts `oms` on a free port. @returns its process and its address */
async function startServer(dataDirectory: string): Promise<{ readonly child: ChildProcess; readonly address: string }> {
  const options = ['--port', '0', '--data-dir', dataDirectory, '--profile', 'bench', '--venue', 'manual', '--json'];
  const child = spawn(process.execPath, [join(ROOT, 'apps/oms/bin/oms.mjs'), 'start', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Whoever stops this check stops what it started.
  process.once('exit', () => child.kill('SIGKILL'));
  for await (const line of createInterface({ input: child.stdout! })) {
    const { event, address } = JSON.parse(line) as { readonly event: string; readonly address: string };
    if (event === 'ready') return { child, address };
  }
  throw new Error('the server ended before it was ready');
}

async function check(address: string, scratch: string): Promise<number> {
  const options = ['--phases', 'examples,coverage,fuzzing', '--max-examples', EXAMPLES];
  const repeatable = ['--seed', SEED, '--generation-database', 'none', '--no-shrink', '--continue-on-failure'];
  const config = ['--config-file', join(import.meta.dirname, 'schemathesis.toml'), '--no-color'];
  const child = spawn(
    PROGRAM,
    [...config, 'run', `${address}/openapi.json`, ...options, ...repeatable, '--warnings', 'off'],
    {
      cwd: scratch,
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const [code] = await once(child, 'close');
  return code ?? 1;
}

async function main(): Promise<number> {
  if (!isInstalled()) {
    say('skipped: the check against the OpenAPI document needs python3 with its venv module');
    return 0;
  }
  const scratch = mkdtempSync(join(tmpdir(), 'oms-openapi-'));
  const { child, address } = await startServer(join(scratch, 'data'));
  try {
    const code = await check(address, scratch);
    if (child.exitCode === null) return code;
    say(`the server ended with ${child.exitCode} in the middle`);
    return 1;
  } finally {
    child.kill('SIGTERM');
    if (child.exitCode === null) await once(child, 'close');
    rmSync(scratch, { recursive: true, force: true });
  }
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));
process.exitCode = await main();
