/** The whole server as a process of its own, started by its command line as anybody would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { whenLeaving } from './leaving.ts';

const OMS = fileURLToPath(new URL('../../apps/oms/bin/oms.mjs', import.meta.url));
const ERROR_TEXT_KEPT = 4_000;

/** What `oms start --json` says once it is ready, as far as it is used here. */
export interface ReadyLine {
  readonly event: 'ready';
  readonly address: string;
  readonly recovery: { readonly snapshotPosition: number; readonly replayedRecords: number };
}

export interface StartedServer {
  readonly child: ChildProcess;
  readonly ready: ReadyLine;
  readonly kill: () => Promise<void>;
}

/**
 * @param nodeOptions of the server's Node, before its script
 * @param environment added to ours
 * @throws Error with what the server said, when it does not become ready
 */
export async function startServer(
  dataDirectory: string,
  nodeOptions: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): Promise<StartedServer> {
  const options = ['--profile', 'bench', '--port', '0', '--data-dir', dataDirectory, '--json'];
  const child = spawn(process.execPath, [...nodeOptions, OMS, 'start', ...options], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...environment },
  });
  const abandoned = whenLeaving(() => child.kill('SIGKILL'));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  void ended.then(abandoned);
  const kill = (): Promise<void> => {
    child.kill('SIGKILL');
    return ended;
  };
  try {
    return { child, ready: await readyLineOf(child), kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

function readyLineOf(child: ChildProcess): Promise<ReadyLine> {
  return new Promise((resolve, reject) => {
    let output = '';
    let complaints = '';
    child.stdout!.on('data', (chunk) => {
      output += chunk;
      const line = output.split('\n').find((text) => text.startsWith('{"event":"ready"'));
      if (line !== undefined && output.includes(`${line}\n`)) resolve(JSON.parse(line) as ReadyLine);
    });
    child.stderr!.on('data', (chunk) => {
      complaints = (complaints + chunk).slice(-ERROR_TEXT_KEPT);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      reject(new Error(`the server ended with ${signal ?? code}:\n${complaints.trim()}`));
    });
  });
}
