/** Prints what happens to one order, from its beginning until it is closed. */
import { type OmsClient, OmsStream, type TokenOption } from '@oms/client';
import { openNodeSocket } from '@oms/client/node';
import type { ExecutionReport, OrderStatus, OrderView } from '@oms/domain';
import { timelineRow } from '../printing/orderTables.ts';
import type { Output } from '../printing/output.ts';

const CLOSED: ReadonlySet<OrderStatus> = new Set(['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED']);

/** @returns the order once it is closed. */
export async function followOrder(
  client: OmsClient,
  { url, ...token }: { readonly url: string; readonly token?: TokenOption },
  order: OrderView,
  output: Output,
): Promise<OrderView> {
  const stream = new OmsStream({ url, ...token, openSocket: openNodeSocket });
  try {
    await printUntilClosed(client, stream, order, output);
  } finally {
    stream.close();
  }
  return client.order(order.orderId);
}

/** Subscribes before it reads the past, so that nothing falls in between; reports seen in both print once. */
async function printUntilClosed(client: OmsClient, stream: OmsStream, order: OrderView, output: Output): Promise<void> {
  const seen = new Set<number>();
  const early: ExecutionReport[] = [];
  let catchingUp = true;
  const { promise: closed, resolve, reject } = Promise.withResolvers<void>();
  const print = (report: ExecutionReport): void => {
    if (report.orderId !== order.orderId || seen.has(report.sequence)) return;
    seen.add(report.sequence);
    if (output.json) output.jsonLine(report);
    else output.line(timelineRow(report, output.colors));
    if (CLOSED.has(report.status)) resolve();
  };
  stream.subscribeAccount('executions', order.accountId, {
    data: (report) => (catchingUp ? early.push(report) : print(report)),
    refused: reject,
  });
  // A refusal while we still wait for the ping is dealt with by the last await.
  closed.catch(() => undefined);
  await stream.ping();
  for (const report of await client.orderEvents(order.orderId)) print(report);
  catchingUp = false;
  for (const report of early) print(report);
  await closed;
}
