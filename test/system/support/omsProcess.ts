/** `oms …` as a process whose output is kept. For tests and campaigns alike. */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';
import type { RunningOms } from '../../../apps/oms/src/compose/startOms.ts';

export const OMS = resolve(import.meta.dirname, '../../../apps/oms/bin/oms.mjs');

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

  /** @param program what runs in place of `oms` */
  constructor(arguments_: readonly string[], environment: NodeJS.ProcessEnv = {}, program = OMS) {
    this.child = spawn(process.execPath, [program, ...arguments_], {
      // Never written to: it closes with this process, however that dies.
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...environment },
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
