/** Doses for a whole process: paused and woken, a second one on its data, and a storm of retries over a restart. */
import { setTimeout as sleep } from 'node:timers/promises';
import { BreachError, ClientRecord } from './clientRecord.ts';
import { inLife, type Life } from './life.ts';
import { ACCOUNTS, nextRequest } from './orderFlow.ts';
import { seededRandom } from './seededRandom.ts';

/** Requests after the one at which the server is stopped. */
const AFTER_THE_PAUSE = 300;

/** A second process on the same data is refused with the reason, and has changed nothing. */
async function expectSecondRefused(life: Life): Promise<void> {
  const { code, error } = await life.launch().ended;
  if (code !== 1 || !error.includes('DATA_DIRECTORY_LOCKED')) {
    throw new BreachError(`I11: a second process on the same data ended with ${code}: ${error}`);
  }
}

/**
 * SIGSTOP under load: its clients lose patience and send again, a second process wants its data; then SIGCONT, and
 * everybody gets the one outcome. How long it sleeps does not matter to what must hold.
 */
export function pausedOwner(seed: number, pauseMs: number): Promise<void> {
  return inLife(async (life) => {
    const random = seededRandom(seed);
    const record = new ClientRecord();
    await life.start();
    // Opened before: nobody accepts a connection for a process that is stopped.
    const other = await life.connect();
    const pause = async () => {
      life.process!.child.kill('SIGSTOP');
      const retries = record
        .unanswered()
        .map(async (sent) => [sent, await other.request(sent.op, sent.params)] as const);
      try {
        await expectSecondRefused(life);
        await sleep(pauseMs);
      } finally {
        life.process!.child.kill('SIGCONT');
      }
      for (const [sent, answer] of await Promise.all(retries)) record.answered(sent, answer);
    };
    const pauseAt = 50 + random.below(200);
    let paused: Promise<unknown> = Promise.resolve();
    let failure: unknown = null;
    await life.ask(record, () => {
      if (record.sent.length === pauseAt) paused = pause().catch((error: unknown) => (failure = error));
      return record.sent.length < pauseAt + AFTER_THE_PAUSE ? nextRequest(record) : undefined;
    });
    await paused;
    if (failure !== null) throw failure;
    other.socket.terminate();
    await life.check(record);
  });
}

/** A second process is refused and harms nothing; the lock of one that was killed stands in nobody's way. */
export function secondProcess(): Promise<void> {
  return inLife(async (life) => {
    const record = new ClientRecord();
    const more = (count: number) => {
      const last = record.sent.length + count;
      return life.ask(record, () => (record.sent.length < last ? nextRequest(record) : undefined));
    };
    await life.start();
    await more(100);
    await Promise.all([expectSecondRefused(life), more(200)]);
    await life.kill('SIGKILL');
    await life.start();
    await more(100);
    await life.check(record);
  });
}

export interface Storm {
  readonly keys: number;
  /** How often each order is sent. */
  readonly copies: number;
}

/** Clients that all waited: half of them on each of two connections. */
const STORM_IN_FLIGHT = 500;

/** Every order many times in any sequence over two connections, and the server killed in the middle of it. */
export function retryStorm(seed: number, { keys, copies }: Storm): Promise<void> {
  return inLife(async (life) => {
    const random = seededRandom(seed);
    const record = new ClientRecord();
    for (let key = 0; key < keys; key++) {
      const params = { accountId: ACCOUNTS[key % ACCOUNTS.length], symbol: 'BTC-USD', side: 'BUY', quantity: '0.001' };
      const terms = key % 3 === 0 ? { type: 'MARKET' } : { type: 'LIMIT', price: '30000' };
      record.send('order.place', { ...params, ...terms, clientOrderId: `s-${seed}-${key}` });
    }
    const queue = Array.from({ length: copies }, () => record.sent).flat();
    for (let i = queue.length - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [queue[i], queue[j]] = [queue[j]!, queue[i]!];
    }
    const killAt = Math.floor(queue.length * (0.2 + 0.6 * random.next()));
    let next = 0;
    const nextCopy = () => {
      if (next === killAt) life.process!.child.kill('SIGKILL');
      return queue[next++];
    };
    await life.start();
    await life.ask(record, nextCopy, STORM_IN_FLIGHT);
    await life.process!.ended;
    await life.start();
    await life.ask(record, nextCopy, STORM_IN_FLIGHT);
    await life.check(record);
  });
}
