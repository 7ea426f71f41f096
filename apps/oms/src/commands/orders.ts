/** Runs the order commands against a server and prints what came of it. */
import { randomUUID } from 'node:crypto';
import { OmsClient, type PlaceOutcome, type TokenOption } from '@oms/client';
import type { OrderView } from '@oms/domain';
import { localToken } from '../access/localSignIn.ts';
import { usageError } from '../commandError.ts';
import type { CommandContext } from '../main.ts';
import { orderDetails, orderSummary, ordersTable, timeline } from '../printing/orderTables.ts';
import { createOutput, type Output } from '../printing/output.ts';
import { followOrder } from './followOrder.ts';
import type { CancelFlags, ConnectionFlags, ListFlags, PlaceFlags, ReplaceFlags, ShowFlags } from './orderCommands.ts';
import { cancelAllRequestOf, ordersFilterOf, placeRequestOf, replaceRequestOf } from './orderRequests.ts';

interface Session {
  readonly client: OmsClient;
  readonly server: { readonly url: string; readonly token?: TokenOption };
  readonly output: Output;
}

/** A person waits: a server that is not there should be told within a second or two. */
const ATTEMPTS_MAX = 3;

function sessionOf(flags: ConnectionFlags, context: CommandContext): Session {
  if (!URL.canParse(flags.url) || !/^https?:/.test(flags.url)) {
    throw usageError(`--url must be an http address such as http://127.0.0.1:8080, not "${flags.url}".`);
  }
  const server = { url: flags.url, ...localToken(flags.url, 'trader', context.environment) };
  return {
    client: new OmsClient({ ...server, attemptsMax: ATTEMPTS_MAX }),
    server,
    output: createOutput(context.streams, flags.json === true),
  };
}

const newClientOrderId = (): string => `cli-${randomUUID()}`;

export async function placeOrder(flags: PlaceFlags, context: CommandContext): Promise<number> {
  const { client, server, output } = sessionOf(flags, context);
  const request = placeRequestOf(flags, newClientOrderId);
  // Said before it is sent: whoever loses the answer can ask for it by this id.
  if (!output.json) output.note(`clientOrderId ${request.clientOrderId}`);
  const placed = await client.place(request);
  const accepted = placed.outcome === 'ACCEPTED';
  if (flags.watch === true && placed.outcome !== 'REFUSED') {
    const order = await followOrder(client, server, placed.order, output);
    return order.status === 'REJECTED' ? 1 : 0;
  }
  if (output.json) output.jsonLine(placed);
  else printPlaced(placed, output);
  return accepted ? 0 : 1;
}

function printPlaced({ outcome, order, replayed }: PlaceOutcome, output: Output): void {
  if (replayed) output.note('This clientOrderId was placed before: the same order, as it stands now.');
  output.line(orderSummary(order, output.colors));
  if (outcome === 'UNDECIDED') output.note(`Stored, not decided yet. Ask again: oms order show ${order.orderId}`);
}

export async function replaceOrder(orderId: string, flags: ReplaceFlags, context: CommandContext): Promise<number> {
  const { client, output } = sessionOf(flags, context);
  return printRequested(await client.replace(orderId, replaceRequestOf(flags, newClientOrderId)), output);
}

export async function cancelOrder(
  orderId: string | undefined,
  flags: CancelFlags,
  context: CommandContext,
): Promise<number> {
  const { client, output } = sessionOf(flags, context);
  if (flags.all === true) {
    if (orderId !== undefined) throw usageError('Give either an orderId or --all.');
    const answer = await client.cancelAll(cancelAllRequestOf(flags));
    if (output.json) output.jsonLine(answer);
    else output.line('Cancel requested for all orders that match.');
    return 0;
  }
  if (orderId === undefined) throw usageError('Which order?', 'Give an orderId, or --all with --account.');
  return printRequested(await client.cancel(orderId, flags.clientOrderId), output);
}

function printRequested(order: OrderView, output: Output): number {
  if (output.json) output.jsonLine(order);
  else output.line(orderSummary(order, output.colors));
  return 0;
}

export async function listOrders(flags: ListFlags, context: CommandContext): Promise<number> {
  const { client, output } = sessionOf(flags, context);
  const page = await client.orders(ordersFilterOf(flags));
  if (output.json) {
    output.jsonLine(page);
    return 0;
  }
  if (page.items.length === 0) output.note('No orders match.');
  else output.line(ordersTable(page.items, output.colors));
  if (page.nextCursor !== null) output.note(`There are more: --cursor ${page.nextCursor}`);
  return 0;
}

export async function showOrder(
  orderId: string | undefined,
  flags: ShowFlags,
  context: CommandContext,
): Promise<number> {
  const { client, server, output } = sessionOf(flags, context);
  const order = await findOrder(client, orderId, flags);
  if (flags.watch === true) {
    if (!output.json) output.line(orderDetails(order, output.colors));
    await followOrder(client, server, order, output);
    return 0;
  }
  const events = await client.orderEvents(order.orderId);
  if (output.json) output.jsonLine({ order, events });
  else output.line(`${orderDetails(order, output.colors)}\n\n${timeline(events, output.colors)}`);
  return 0;
}

function findOrder(client: OmsClient, orderId: string | undefined, flags: ShowFlags): Promise<OrderView> {
  if (orderId !== undefined) return client.order(orderId);
  if (flags.clientOrderId !== undefined && flags.account !== undefined) {
    return client.orderByClientOrderId(flags.account, flags.clientOrderId);
  }
  throw usageError('Which order?', 'Give an orderId, or --client-order-id together with --account.');
}
