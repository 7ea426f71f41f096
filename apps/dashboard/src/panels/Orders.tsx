/** The orders blotter: open ones or all, amended in place, canceled one, selected by filter, or all. */
import type { OrderView } from '@oms/domain';
import { useMemo, useState } from 'react';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { show } from '../numbers/decimals.ts';
import { type Times, useTimes } from '../numbers/times.ts';
import { isOpen, useAccount } from '../services/accountStore.ts';
import { useStale } from '../services/connectionStore.ts';
import { openOrderDetail } from '../services/detailStore.ts';
import { cancelAllOrders, cancelOrder, describeReason, replaceOrder } from '../services/orderActions.ts';

export function Orders() {
  const [scope, setScope] = useState<'open' | 'all'>('open');
  const orders = useAccount((state) => state.orders);
  const accountId = useAccount((state) => state.accountId);
  const loaded = useAccount((state) => state.loaded);
  const stale = useStale();
  const times = useTimes();
  const rows = useMemo(() => [...orders.values()].filter((order) => scope === 'all' || isOpen(order)), [orders, scope]);
  const columns = useMemo(() => columnsOf(times, stale), [times, stale]);
  return (
    <DataTable
      label={scope === 'open' ? 'Open orders' : 'All orders'}
      data={rows}
      columns={columns}
      rowKey={(order) => order.orderId}
      empty={!loaded ? 'Loading …' : scope === 'open' ? 'No open orders.' : 'No orders yet.'}
      initialSort={{ id: 'createdAt', desc: true }}
      exportName="orders"
      rowClass={(order) => (order.pendingRequests.length > 0 ? 'pending' : '')}
      onRow={(order) => openOrderDetail(order.orderId)}
      toolbar={
        <>
          {(['open', 'all'] as const).map((each) => (
            <button key={each} type="button" aria-pressed={scope === each} onClick={() => setScope(each)}>
              {each === 'open' ? 'Open' : 'All'}
            </button>
          ))}
          <button
            type="button"
            disabled={stale || accountId === null}
            onClick={() => accountId !== null && void cancelAllOrders(accountId)}
          >
            Cancel all
          </button>
        </>
      }
    />
  );
}

function columnsOf(times: Times, stale: boolean): Column<OrderView>[] {
  return [
    {
      id: 'createdAt',
      header: 'Time',
      accessorFn: (order) => order.createdAt,
      cell: ({ row }) => times.clock(row.original.createdAt),
    },
    { id: 'symbol', header: 'Symbol', accessorFn: (order) => order.symbol },
    {
      id: 'side',
      header: 'Side',
      accessorFn: (order) => order.side,
      cell: ({ row }) => <span className={row.original.side === 'BUY' ? 'buy' : 'sell'}>{row.original.side}</span>,
    },
    { id: 'type', header: 'Type', accessorFn: (order) => order.type },
    {
      id: 'quantity',
      header: 'Quantity',
      accessorFn: (order) => order.quantity ?? order.quoteQuantity,
      sortFn: byNumber((order) => order.quantity ?? order.quoteQuantity),
      cell: ({ row }) => <Amendable order={row.original} member="quantity" stale={stale} />,
    },
    {
      id: 'price',
      header: 'Price',
      accessorFn: (order) => order.price,
      sortFn: byNumber((order) => order.price),
      cell: ({ row }) => <Amendable order={row.original} member="price" stale={stale} />,
    },
    {
      id: 'filledQuantity',
      header: 'Filled',
      accessorFn: (order) => order.filledQuantity,
      sortFn: byNumber((order) => order.filledQuantity),
      cell: ({ row }) => show(row.original.filledQuantity),
    },
    {
      id: 'averagePrice',
      header: 'Average',
      accessorFn: (order) => order.averagePrice,
      sortFn: byNumber((order) => order.averagePrice),
      cell: ({ row }) => show(row.original.averagePrice, 2, 2),
    },
    {
      id: 'status',
      header: 'Status',
      accessorFn: (order) => order.status,
      cell: ({ row }) => (
        <span className="status" data-status={row.original.status} title={describeReason(row.original.reason)}>
          {row.original.status}
          {row.original.pendingRequests.some(({ outcome }) => outcome === 'unknown') ? ' · UNKNOWN' : ''}
        </span>
      ),
    },
    {
      id: 'actions',
      header: '',
      enableSorting: false,
      cell: ({ row }) => (
        <span className="actions">
          <button
            type="button"
            aria-label={`Details of ${row.original.orderId}`}
            onClick={() => openOrderDetail(row.original.orderId)}
          >
            Details
          </button>
          {isOpen(row.original) && (
            <button
              type="button"
              disabled={stale}
              aria-label={`Cancel ${row.original.orderId}`}
              onClick={() => void cancelOrder(row.original)}
            >
              Cancel
            </button>
          )}
        </span>
      ),
    },
  ];
}

/** Only for sorting: which of two decimals is larger does not need their last digit. */
const byNumber =
  (of: (order: OrderView) => string | null) =>
  (one: { original: OrderView }, other: { original: OrderView }): number =>
    Number(of(one.original) ?? 0) - Number(of(other.original) ?? 0);

interface AmendableProps {
  readonly order: OrderView;
  readonly member: 'quantity' | 'price';
  readonly stale: boolean;
}

/** A number that a double click or Enter makes editable; Enter asks for the change, Escape leaves it. */
function Amendable({ order, member, stale }: AmendableProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const value = order[member] ?? (member === 'quantity' ? order.quoteQuantity : null);
  if (draft === null) {
    if (!isOpen(order) || order[member] === null || stale) return <span>{show(value)}</span>;
    return (
      <button
        type="button"
        className="inPlace"
        aria-label={`Change ${member} of ${order.orderId}, now ${value}`}
        onClick={() => setDraft(value ?? '')}
      >
        {show(value)}
      </button>
    );
  }
  return (
    <input
      // biome-ignore lint/a11y/noAutofocus: the person has just asked to edit this very number
      autoFocus
      className="inPlace"
      aria-label={`New ${member} of ${order.orderId}`}
      inputMode="decimal"
      value={draft}
      onChange={(event) => setDraft(event.target.value.trim())}
      onBlur={() => setDraft(null)}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setDraft(null);
        if (event.key !== 'Enter') return;
        if (draft !== value) void replaceOrder(order, { [member]: draft });
        setDraft(null);
      }}
    />
  );
}
