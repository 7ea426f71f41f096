/** The server under test as a process of its own, on a data directory that goes away with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { CommandError } from '../commandError.ts';

const OMS = fileURLToPath(new URL('../../bin/oms.mjs', import.meta.url));
/** As `npm start` runs it. */
const NODE_OPTIONS = ['--single-threaded-gc'];
const OUTPUT_KEPT = 4_000;
const LOOK_MS = 200;
const LISTS_WAIT_MS = 120_000;

export class ServerProcess {
  readonly address: string;
  readonly dataDirectory: string;
  readonly processId: number;
  readonly #child: ChildProcess;
  readonly #keep: boolean;

  private constructor(child: ChildProcess, address: string, dataDirectory: string, keep: boolean) {
    this.#child = child;
    this.address = address;
    this.dataDirectory = dataDirectory;
    this.processId = child.pid!;
    this.#keep = keep;
  }

  /**
   * @param accounts that it opens
   * @throws CommandError SERVER_FAILED with what the server said, when it does not become ready
   */
  static async start(accounts: number, keep: boolean): Promise<ServerProcess> {
    const dataDirectory = temporaryDirectory();
    const profile = ['--profile', 'bench', '--bench-accounts', String(accounts)];
    const options = [...profile, '--port', '0', '--data-dir', dataDirectory, '--json'];
    const child = spawn(process.execPath, [...NODE_OPTIONS, OMS, 'start', ...options], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Should we end without stopping it, it must not stay behind.
    const abandon = () => child.kill('SIGKILL');
    process.once('exit', abandon);
    child.once('exit', () => process.off('exit', abandon));
    try {
      const address = await readyAddress(child);
      await listsAreCurrent(address);
      return new ServerProcess(child, address, dataDirectory, keep);
    } catch (error) {
      child.kill('SIGKILL');
      rmSync(dataDirectory, { recursive: true, force: true });
      throw error;
    }
  }

  /** Lets it drain. @throws CommandError SERVER_FAILED when it does not end well. */
  async stop(): Promise<void> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const ended = new Promise<void>((resolve) => this.#child.once('exit', () => resolve()));
      this.#child.kill('SIGTERM');
      await ended;
    }
    if (this.#child.exitCode === 0) return;
    const how = this.#child.signalCode ?? `exit code ${this.#child.exitCode}`;
    throw new CommandError('SERVER_FAILED', `The server ended with ${how}.`);
  }

  /** Removes the data directory, unless it is to be kept. */
  discard(): void {
    if (!this.#keep) rmSync(this.dataDirectory, { recursive: true, force: true });
  }
}

/** On the disk of the working directory: a temporary directory in memory would make every fsync free. */
function temporaryDirectory(): string {
  const parent = path.resolve('data');
  try {
    mkdirSync(parent, { recursive: true });
    return mkdtempSync(path.join(parent, 'bench-'));
  } catch {
    return mkdtempSync(path.join(os.tmpdir(), 'oms-bench-'));
  }
}

/** `oms start --json` says where it is in its first line. */
function readyAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    child.stderr!.on('data', (chunk) => {
      errors = (errors + chunk).slice(-OUTPUT_KEPT);
    });
    child.stdout!.on('data', (chunk) => {
      output = (output + chunk).slice(-OUTPUT_KEPT);
      const line = /^\{.*\}$/m.exec(output)?.[0];
      if (line !== undefined) resolve((JSON.parse(line) as { address: string }).address);
    });
    child.once('error', reject);
    child.once('exit', (code) => {
      reject(new CommandError('SERVER_FAILED', `The server did not start (exit code ${code}).\n${errors.trim()}`));
    });
  });
}

/**
 * Waits until the read model has caught up with the opening of the accounts, as far as it does: a hundred thousand
 * keep it busy for some twenty seconds, which the first rounds would pay for.
 */
async function listsAreCurrent(address: string): Promise<void> {
  const deadline = performance.now() + LISTS_WAIT_MS;
  while (performance.now() < deadline) {
    const figures = await (await fetch(`${address}/metrics`)).text();
    if (figureIn(figures, 'oms_projection_position') >= figureIn(figures, 'oms_journal_durable_position')) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

const figureIn = (figures: string, name: string): number =>
  Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(figures)?.[1] ?? 0);
