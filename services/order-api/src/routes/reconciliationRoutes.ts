/** Handlers of the routes about the comparison with the venue. */
import { parseResolution } from '@oms/api-contract';
import { numberOfOrderId, partitionOfOrderId, type ReconciliationView, type UnknownRequestView } from '@oms/domain';
import { type Handlers, okay } from '../http/routeHandler.ts';
import { invalid, isRefusal } from '../refusal.ts';
import { PAGE_LENGTH_DEFAULT } from './orderReadRoutes.ts';
import type { RouteContext } from './routeContext.ts';

type ReconciliationOperation = 'getReconciliation' | 'startReconciliation' | 'resolveRequest';

export function reconciliationRoutes(context: RouteContext): Pick<Handlers, ReconciliationOperation> {
  const { desk, house, live, knownAccount } = context;
  return {
    getReconciliation: async ({ query }) => {
      const unknown = knownAccount(query.accountId);
      if (unknown !== null) return unknown;
      const { limit = PAGE_LENGTH_DEFAULT, cursor } = query;
      const after = cursor === undefined ? null : orderIdOf(cursor);
      if (after === undefined) return invalid([{ path: 'cursor', message: 'is none of ours' }]);
      const views = await house.query(() => live.reconciliation(query.accountId ?? null));
      return okay({ ...lastRunOf(views), ...pageOf(views, after, limit), differences: newest(views, limit) });
    },

    startReconciliation: async () => (await desk.startReconciliation()) ?? okay({ started: true }),

    resolveRequest: async ({ params, body, actor }) => {
      const resolution = parseResolution(body);
      if (resolution.errors !== undefined) return invalid(resolution.errors);
      const { orderId, clientOrderId } = params;
      const outcome = await desk.resolveRequest(orderId, clientOrderId, resolution.value, actor);
      return isRefusal(outcome) ? outcome : { status: 200, text: outcome.order.json };
    },
  };
}

/** The run that is longest ago speaks for all partitions. */
function lastRunOf(views: readonly ReconciliationView[]) {
  const lastRunAt = views.some((view) => view.lastRunAt === null)
    ? null
    : (views.map((view) => view.lastRunAt!).sort()[0] ?? null);
  return { lastRunAt, lastRunOrders: views.reduce((sum, view) => sum + view.lastRunOrders, 0) };
}

/** Requests of whole orders, by order id: the cursor is the last order of the page. */
function pageOf(views: readonly ReconciliationView[], after: string | null, limit: number) {
  const all = views.flatMap((view) => view.unknownRequests).sort((a, b) => compareOrders(a.orderId, b.orderId));
  const rest = after === null ? all : all.filter(({ orderId }) => compareOrders(orderId, after) > 0);
  let end = Math.min(limit, rest.length);
  while (end > 0 && end < rest.length && rest[end]!.orderId === rest[end - 1]!.orderId) end++;
  const unknownRequests: readonly UnknownRequestView[] = rest.slice(0, end);
  return { unknownRequests, nextCursor: end < rest.length ? cursorOf(rest[end - 1]!.orderId) : null };
}

const compareOrders = (a: string, b: string): number =>
  (partitionOfOrderId(a) ?? 0) - (partitionOfOrderId(b) ?? 0) || numberOfOrderId(a) - numberOfOrderId(b);

const cursorOf = (orderId: string): string => Buffer.from(orderId).toString('base64url');

/** @returns undefined when it is no cursor of ours */
function orderIdOf(cursor: string): string | undefined {
  const orderId = Buffer.from(cursor, 'base64url').toString('latin1');
  return numberOfOrderId(orderId) < 0 ? undefined : orderId;
}

const newest = (views: readonly ReconciliationView[], limit: number) =>
  views
    .flatMap((view) => view.differences)
    .sort((a, b) => (a.foundAt < b.foundAt ? 1 : a.foundAt > b.foundAt ? -1 : 0))
    .slice(0, limit);
