/** A dose of overload: orders sent without waiting, many times what the mailbox holds, beside a reader that is stuck. */
import type { Connection } from '../system/support/connection.ts';
import { BreachError, ClientRecord, type Sent } from './clientRecord.ts';
import { inLife } from './life.ts';
import { seededRandom } from './seededRandom.ts';

/** What a mailbox takes, about. */
const MAILBOX = 8_000;
const CONNECTIONS = 4;
const CANCELS = 20;
const ACCOUNT = 'BENCH-0001';

const place = (record: ClientRecord, clientOrderId: string): Sent =>
  record.send('order.place', {
    clientOrderId,
    accountId: ACCOUNT,
    symbol: 'BTC-USD',
    side: 'BUY',
    type: 'LIMIT',
    quantity: '0.001',
    price: '30000',
  });

/** @returns whether it was decided: a server that is overloaded refuses, and has accepted nothing */
async function ask(connection: Connection, record: ClientRecord, sent: Sent): Promise<boolean> {
  return record.answered(sent, await connection.request(sent.op, sent.params));
}

/** @param times how many mailboxes full are sent at once */
export function flood(seed: number, times: number): Promise<void> {
  return inLife(async (life) => {
    const random = seededRandom(seed);
    const record = new ClientRecord();
    await life.start();
    const control = await life.connect();
    const stuck = await life.connect();
    await stuck.subscribe(['orders', 'executions'], ACCOUNT);
    stuck.socket.pause();
    const resting = Array.from({ length: CANCELS }, (_, i) => place(record, `rest-${i}`));
    for (const sent of resting) await ask(control, record, sent);
    const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => life.connect()));
    const flooding = Array.from({ length: MAILBOX * times }, (_, i) =>
      ask(connections[random.below(CONNECTIONS)]!, record, place(record, `flood-${i}`)),
    );
    // Cancels have a lane of their own: none is refused for the load.
    for (const { params, told } of resting) {
      const cancel = record.send('order.cancel', { clientOrderId: `x-${params.clientOrderId}`, orderId: told });
      const answer = await control.request(cancel.op, cancel.params);
      record.answered(cancel, answer);
      // How long it waits is for the benchmark to judge; on a busy machine its outcome may be unknown for a while.
      if (answer?.error?.code === 'OVERLOADED') throw new BreachError('I15: a cancel was refused for the load');
    }
    await Promise.all(flooding);
    for (const { socket } of [control, stuck, ...connections]) socket.terminate();
    await life.check(record);
  });
}
