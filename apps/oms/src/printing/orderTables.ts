/** Orders and their execution reports as tables and lines for people. */
import type { ExecutionReport, OrderStatus, OrderView } from '@oms/domain';
import Table from 'cli-table3';
import type { Colors } from './output.ts';

/** Lines between rows carry nothing: only the head is set apart. */
const QUIET_BORDERS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
} as const;

export function quietTable(head: readonly string[], rightAligned: readonly number[], colors: Colors) {
  return new Table({
    head: head.map((title) => colors.dim(title)),
    colAligns: head.map((_, column) => (rightAligned.includes(column) ? 'right' : 'left')),
    chars: QUIET_BORDERS,
    // The colours are ours: cli-table3 would ignore NO_COLOR.
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
}

export function colorStatus(status: OrderStatus, colors: Colors): string {
  switch (status) {
    case 'FILLED':
      return colors.green(status);
    case 'REJECTED':
      return colors.red(status);
    case 'CANCELED':
    case 'EXPIRED':
      return colors.dim(status);
    case 'PENDING_NEW':
    case 'PENDING_CANCEL':
    case 'PENDING_REPLACE':
      return colors.yellow(status);
    case 'NEW':
    case 'PARTIALLY_FILLED':
      return colors.cyan(status);
  }
}

const colorSide = (side: string, colors: Colors): string => (side === 'BUY' ? colors.green(side) : colors.red(side));
const clock = (time: string): string => time.slice(11, 23);
const sizeOf = (order: OrderView): string => order.quantity ?? `${order.quoteQuantity ?? '?'} (quote)`;

export function ordersTable(orders: readonly OrderView[], colors: Colors): string {
  const head = [
    'order',
    'account',
    'symbol',
    'side',
    'type',
    'quantity',
    'price',
    'filled',
    'average',
    'status',
    'created',
  ];
  const table = quietTable(head, [5, 6, 7, 8], colors);
  for (const order of orders) {
    table.push([
      order.orderId,
      order.accountId,
      order.symbol,
      colorSide(order.side, colors),
      order.type,
      sizeOf(order),
      order.price ?? '',
      order.filledQuantity,
      order.averagePrice ?? '',
      colorStatus(order.status, colors),
      order.createdAt.replace('T', ' ').replace('Z', ''),
    ]);
  }
  return table.toString();
}

/** One line that says it all, and the reason under it. */
export function orderSummary(order: OrderView, colors: Colors): string {
  const price = order.price === null ? order.type : `${order.type} ${order.price}`;
  const filled = order.averagePrice === null ? '' : `, filled ${order.filledQuantity} at ${order.averagePrice}`;
  const line = `${order.orderId}  ${colorSide(order.side, colors)} ${sizeOf(order)} ${order.symbol} ${price}  ${colorStatus(order.status, colors)}${filled}`;
  return order.reason === null ? line : `${line}\n  ${describeReason(order.reason)}`;
}

function describeReason(reason: NonNullable<OrderView['reason']>): string {
  const numbers = Object.entries(reason.details).map(([name, value]) => `${name} ${value}`);
  return `${reason.source} ${reason.code}: ${reason.message}${numbers.length === 0 ? '' : ` (${numbers.join(', ')})`}`;
}

export function orderDetails(order: OrderView, colors: Colors): string {
  const rows: (readonly [string, string | null])[] = [
    ['clientOrderId', order.clientOrderId],
    ['account', order.accountId],
    ['time in force', order.expireTime === null ? order.timeInForce : `${order.timeInForce} ${order.expireTime}`],
    ['stop price', order.stopPrice === null ? null : `${order.stopPrice} (${order.triggerSource})`],
    ['filled', `${order.filledQuantity}, leaves ${order.leavesQuantity}`],
    ['fees', order.fees.length === 0 ? null : order.fees.map((fee) => `${fee.amount} ${fee.currency}`).join(', ')],
    [
      'flags',
      [order.postOnly ? 'post-only' : '', order.reduceOnly ? 'reduce-only' : ''].filter(Boolean).join(', ') || null,
    ],
    ['tags', order.tags.length === 0 ? null : order.tags.join(', ')],
    [
      'unanswered',
      order.pendingRequests.map((request) => `${request.kind} ${request.clientOrderId}`).join(', ') || null,
    ],
    ['created', order.createdAt],
    ['updated', `${order.updatedAt} (version ${order.version})`],
  ];
  const lines = rows.flatMap(([name, value]) => (value === null ? [] : [`  ${colors.dim(name.padEnd(14))}${value}`]));
  return [orderSummary(order, colors), ...lines].join('\n');
}

export function timeline(reports: readonly ExecutionReport[], colors: Colors): string {
  if (reports.length === 0) return colors.dim('  no reports yet');
  return reports.map((report) => timelineRow(report, colors)).join('\n');
}

/** One execution report as one line of the order's story. */
export function timelineRow(report: ExecutionReport, colors: Colors): string {
  const trade =
    report.lastQuantity === null
      ? ''
      : `  ${report.lastQuantity} at ${report.lastPrice}${report.liquidity === null ? '' : ` ${report.liquidity.toLowerCase()}`}, fee ${report.fee} ${report.feeCurrency}`;
  const progress = `filled ${report.filledQuantity}, leaves ${report.leavesQuantity}`;
  const line = `  ${colors.dim(clock(report.time))}  ${report.execType.padEnd(16)}${colorStatus(report.status, colors)}${' '.repeat(18 - report.status.length)}${progress}${trade}`;
  return report.reason === null ? line : `${line}\n${' '.repeat(16)}${describeReason(report.reason)}`;
}
