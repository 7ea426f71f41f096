/** Lists and positions of a running server against what its client was told (I12): read models may trail, not differ. */
import { parseDecimal } from '@oms/domain';
import { type Api, eventually } from '../system/support/api.ts';
import type { ExecutionReport, Order } from '../system/support/wire.ts';
import { BreachError, type ClientRecord } from './clientRecord.ts';

const PAGE = 1_000;

export async function checkReadModel(api: Api, record: ClientRecord): Promise<void> {
  const idsByAccount = new Map<string, string[]>();
  for (const { op, params, told } of record.sent) {
    const orderId = told?.split(' ')[0] ?? '';
    if (op !== 'order.place' || orderId === '') continue;
    const accountId = String(params.accountId);
    idsByAccount.set(accountId, [...(idsByAccount.get(accountId) ?? []), orderId]);
  }
  for (const [accountId, orderIds] of idsByAccount) await eventually(() => checkAccount(api, accountId, orderIds));
}

async function checkAccount(api: Api, accountId: string, orderIds: readonly string[]): Promise<void> {
  const orders = await api.all<Order>(`/v1/orders?accountId=${accountId}`, PAGE);
  const listed = orders.map(({ orderId }) => orderId).sort();
  if (listed.join() !== [...orderIds].sort().join()) {
    throw new BreachError(`I12: ${accountId} was told of ${orderIds.length} orders, ${listed.length} are listed`);
  }
  const executions = await api.all<ExecutionReport>(`/v1/executions?accountId=${accountId}`, PAGE);
  const ids = new Set(executions.map(({ orderId, executionId }) => `${orderId} ${executionId}`));
  if (ids.size !== executions.length) throw new BreachError(`I4: ${accountId}: an execution is listed twice`);
  const traded = executions.reduce((sum, { side, lastQuantity }) => sum + signed(side, lastQuantity ?? '0'), 0n);
  const position = parseDecimal((await api.position(accountId))?.quantity ?? '0');
  if (position !== traded)
    throw new BreachError(`I5: ${accountId} traded ${traded} in sum, its position is ${position}`);
}

const signed = (side: string, quantity: string): bigint => (side === 'BUY' ? 1n : -1n) * (parseDecimal(quantity) ?? 0n);
