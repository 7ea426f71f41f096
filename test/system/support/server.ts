/** The system under test: in this process for most tests, in a process of its own where something is killed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import { type RunningOms, type StartOptions, startOms } from '../../../apps/oms/src/compose/startOms.ts';
import { Api } from './api.ts';
import { type Ending, OmsProcess as StartedProcess } from './omsProcess.ts';

export { type Ending, OMS } from './omsProcess.ts';

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

/** `oms …` as a process of a test. */
export class OmsProcess extends StartedProcess {
  constructor(arguments_: readonly string[], environment: NodeJS.ProcessEnv = {}) {
    super(arguments_, environment);
    // A test that fails in the middle leaves nobody behind.
    onTestFinished(() => {
      this.child.kill('SIGKILL');
    });
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
