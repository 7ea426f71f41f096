/**
 * The life of one data directory through crashes: server processes one after the other, a client with its own record
 * that asks until everything has an answer, and the check at the end. A broken promise is thrown as a BreachError.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { FAULT_VARIABLE, type Fault, faultText } from '../system/faults/fault.ts';
import { Api } from '../system/support/api.ts';
import { Connection } from '../system/support/connection.ts';
import { type Ending, OmsProcess } from '../system/support/omsProcess.ts';
import { BreachError, type ClientRecord, checkRecord, type Sent } from './clientRecord.ts';
import { checkReadModel } from './readModelCheck.ts';

const PROGRAM = resolve(import.meta.dirname, '../system/faults/faultyOms.ts');
/** Compiled once for all processes. */
const COMPILE_CACHE = resolve(import.meta.dirname, '../../node_modules/.cache/oms');
const CONNECTIONS = 2;
const IN_FLIGHT = 8;
const ASK_ROUNDS = 3;

/** Whatever is alive or on the disk now, to be ended and removed when this process must go. */
const living = new Set<Life>();

/** Kills all servers and removes their directories. */
export function endAllLives(): void {
  for (const life of [...living]) life.end();
}

export interface LifeOptions {
  readonly accounts?: number;
  /** The data directory is a disk of its own, of so many MiB; see {@link canMount}. */
  readonly diskMebibytes?: number;
}

const mount = (...arguments_: string[]) => execFileSync('mount', arguments_, { stdio: 'ignore' });
const unmount = (directory: string) => execFileSync('umount', ['--lazy', directory], { stdio: 'ignore' });

/** Whether this machine lets us make a small disk: Linux, and we may mount. */
export function canMount(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'oms-mount-'));
  try {
    mount('-t', 'tmpfs', '-o', 'size=1m', 'oms-test', directory);
    unmount(directory);
    return true;
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export class Life {
  readonly dataDirectory: string;
  #isMounted = false;
  readonly #accounts: number;
  readonly #processes = new Set<OmsProcess>();
  address = '';
  process: OmsProcess | null = null;

  constructor(options: LifeOptions = {}) {
    this.dataDirectory = mkdtempSync(join(tmpdir(), 'oms-life-'));
    this.#accounts = options.accounts ?? 4;
    living.add(this);
    if (options.diskMebibytes === undefined) return;
    mount('-t', 'tmpfs', '-o', `size=${options.diskMebibytes}m`, 'oms-test', this.dataDirectory);
    this.#isMounted = true;
  }

  /** Gives its disk another size. */
  resizeDisk(mebibytes: number): void {
    mount('-o', `remount,size=${mebibytes}m`, this.dataDirectory);
  }

  /** A process on this directory, not waited for. */
  launch(fault: Fault | null = null): OmsProcess {
    const accounts = ['--profile', 'bench', '--bench-accounts', String(this.#accounts)];
    const launched = new OmsProcess(
      ['start', '--port', '0', '--data-dir', this.dataDirectory, '--json', ...accounts],
      { NODE_COMPILE_CACHE: COMPILE_CACHE, ...(fault === null ? {} : { [FAULT_VARIABLE]: faultText(fault) }) },
      PROGRAM,
    );
    this.#processes.add(launched);
    void launched.ended.then(() => this.#processes.delete(launched));
    return launched;
  }

  /** @returns whether it became ready; a server with a fault may die on its way */
  async start(fault: Fault | null = null): Promise<boolean> {
    this.process = this.launch(fault);
    try {
      ({ address: this.address } = await this.process.ready());
      return true;
    } catch (error) {
      if (fault !== null) return false;
      throw new BreachError(`the server did not start again: ${(error as Error).message}`);
    }
  }

  connect(): Promise<Connection> {
    return Connection.connect(this.address);
  }

  /**
   * Asks from several connections at once until `each` has no more or the server is gone.
   * @param inFlight requests without an answer on each connection
   * @throws BreachError when an outcome changed
   */
  async ask(record: ClientRecord, each: () => Sent | undefined, inFlight = IN_FLIGHT): Promise<void> {
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => this.connect().catch(() => null)));
    const worker = async (connection: Connection): Promise<void> => {
      while (connection.closeCode === null) {
        const sent = each();
        if (sent === undefined) return;
        while (!record.answered(sent, await connection.request(sent.op, sent.params))) {
          if (connection.closeCode !== null) return;
        }
      }
    };
    const open = connections.filter((connection) => connection !== null);
    await Promise.all(open.flatMap((connection) => Array.from({ length: inFlight }, () => worker(connection))));
    for (const connection of open) connection.socket.terminate();
  }

  /**
   * Everything that has no answer is sent again, and the newest others too: they must get the same answer. A connection
   * may break on the way, as connections do; then what it left open is asked once more over another.
   */
  async askAgain(record: ClientRecord, others: number): Promise<void> {
    for (let round = 1; round <= ASK_ROUNDS; round++) {
      const again = [...new Set([...record.unanswered(), ...record.sent.slice(-others)])].values();
      await this.ask(record, () => again.next().value);
      if (record.unanswered().length === 0) return;
    }
    const [open] = record.unanswered();
    throw new BreachError(`I13: ${open!.params.clientOrderId} has no definite answer`);
  }

  kill(signal: NodeJS.Signals): Promise<Ending> {
    return this.process!.kill(signal);
  }

  /** Everything has an answer, the same as ever; lists, positions and, after a clean stop, the journal agree with it. */
  async check(record: ClientRecord): Promise<void> {
    await this.askAgain(record, record.sent.length);
    await checkReadModel(new Api(this.address), record);
    const { code, error } = await this.kill('SIGTERM');
    if (code !== 0) throw new BreachError(`a clean stop ended with ${code}: ${error}`);
    const breaches = await checkRecord(this.dataDirectory, record);
    if (breaches.length > 0) throw new BreachError(breaches.slice(0, 5).join('\n'));
  }

  /** Kills what is alive, waits until it is gone, and removes the directory. */
  async finish(): Promise<void> {
    const ends = [...this.#processes].map((each) => each.kill('SIGKILL'));
    await Promise.all(ends);
    this.end();
  }

  /** As {@link finish}, for a process that must not wait. Harmless when repeated. */
  end(): void {
    for (const each of this.#processes) each.child.kill('SIGKILL');
    if (this.#isMounted) unmount(this.dataDirectory);
    this.#isMounted = false;
    rmSync(this.dataDirectory, { recursive: true, force: true, maxRetries: 5 });
    living.delete(this);
  }
}

/** Lives through `story`, and leaves nothing behind however it ends. */
export async function inLife(story: (life: Life) => Promise<void>, options: LifeOptions = {}): Promise<void> {
  const life = new Life(options);
  try {
    await story(life);
  } finally {
    await life.finish();
  }
}
