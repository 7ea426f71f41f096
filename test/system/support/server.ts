/** The system under test: in this process for most tests, in a process of its own where something is killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type RunningOms, type StartOptions, startOms } from '../../../apps/oms/src/compose/startOms.ts';
import { Api } from './api.ts';

export const OMS = resolve(import.meta.dirname, '../../../apps/oms/bin/oms.mjs');

export const temporaryDirectory = (): string => mkdtempSync(join(tmpdir(), 'oms-system-'));
export const removeDirectory = (directory: string): void => rmSync(directory, { recursive: true, force: true });

const DEFAULTS = {
  port: 0,
  host: '127.0.0.1',
  marketData: 'simulated:7',
  venue: 'simulated',
  profile: 'bench',
  role: 'all',
} as const;

export interface InProcess {
  readonly oms: RunningOms;
  readonly api: Api;
  readonly dataDirectory: string;
}

/** One server for the tests of a file; filled in before they run, stopped after them. */
export function inProcess(options: Partial<StartOptions> = {}): InProcess {
  const server = {} as { -readonly [Member in keyof InProcess]: InProcess[Member] };
  beforeAll(async () => {
    server.dataDirectory = temporaryDirectory();
    server.oms = await startOms({ ...DEFAULTS, dataDirectory: server.dataDirectory, ...options });
    server.api = new Api(server.oms.address);
  });
  afterAll(async () => {
    await server.oms.stop();
    removeDirectory(server.dataDirectory);
  });
  return server;
}

export interface Ending {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly error: string;
}

/** `oms …` as a process; its output is kept. */
export class OmsProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ending>;
  #out = '';
  #error = '';
  #lineCame: () => void = () => {};

  constructor(arguments_: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    this.child = spawn(process.execPath, [OMS, ...arguments_], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
    });
    // A test that fails in the middle leaves nobody behind.
    onTestFinished(() => {
      this.child.kill('SIGKILL');
    });
    this.child.stdout!.on('data', (chunk) => {
      this.#out += chunk;
      this.#lineCame();
    });
    this.child.stderr!.on('data', (chunk) => {
      this.#error += chunk;
    });
    this.ended = new Promise((resolve) => {
      this.child.once('close', (code, signal) => {
        this.#lineCame();
        resolve({ code, signal, out: this.#out, error: this.#error });
      });
    });
  }

  /** What `oms start --json` says once it is ready. */
  async ready(): Promise<{ readonly address: string; readonly recovery: RunningOms['recovery'] }> {
    for (;;) {
      const line = /^\{.*\}$/m.exec(this.#out)?.[0];
      if (line !== undefined) return JSON.parse(line);
      const { exitCode, signalCode } = this.child;
      if (exitCode !== null || signalCode !== null)
        throw new Error(`it ended (${exitCode ?? signalCode}): ${this.#error}`);
      await new Promise<void>((resolve) => {
        this.#lineCame = resolve;
      });
    }
  }

  kill(signal: NodeJS.Signals): Promise<Ending> {
    this.child.kill(signal);
    return this.ended;
  }
}

/** `oms start` on the directory, ready. */
export async function startProcess(dataDirectory: string, ...options: string[]) {
  const process_ = new OmsProcess(['start', '--port', '0', '--data-dir', dataDirectory, '--json', ...options]);
  const { address, recovery } = await process_.ready();
  return { process: process_, api: new Api(address), address, recovery };
}

/** `oms …` run to its end. */
export const run = (...arguments_: string[]): Promise<Ending> => new OmsProcess(arguments_).ended;

/** The independent check of the directory. */
export async function verify(dataDirectory: string) {
  const { code, out, error } = await run('verify', '--data-dir', dataDirectory, '--json');
  const report = out === '' ? null : JSON.parse(out.trim().split('\n').at(-1)!);
  return { code, report, error };
}
