/** Every trade of the account, with its price, fee and liquidity; busts and corrections too. */
import type { ExecutionReport } from '@oms/domain';
import { useMemo } from 'react';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { show } from '../numbers/decimals.ts';
import { type Times, useTimes } from '../numbers/times.ts';
import { useAccount } from '../services/accountStore.ts';
import { openOrderDetail } from '../services/detailStore.ts';

export function TradeHistory() {
  const trades = useAccount((state) => state.trades);
  const loaded = useAccount((state) => state.loaded);
  const times = useTimes();
  const columns = useMemo(() => columnsOf(times), [times]);
  return (
    <DataTable
      label="Trade history"
      data={trades}
      columns={columns}
      rowKey={(report) => `${report.orderId}/${report.executionId}`}
      empty={loaded ? 'No trades yet.' : 'Loading …'}
      exportName="trades"
      onRow={(report) => openOrderDetail(report.orderId)}
    />
  );
}

const columnsOf = (times: Times): Column<ExecutionReport>[] => [
  { id: 'time', header: 'Time', accessorFn: ({ time }) => time, cell: ({ row }) => times.full(row.original.time) },
  { id: 'symbol', header: 'Symbol', accessorFn: ({ symbol }) => symbol },
  {
    id: 'side',
    header: 'Side',
    accessorFn: ({ side }) => side,
    cell: ({ row }) => <span className={row.original.side === 'BUY' ? 'buy' : 'sell'}>{row.original.side}</span>,
  },
  { id: 'execType', header: 'Kind', accessorFn: ({ execType }) => execType },
  {
    id: 'lastQuantity',
    header: 'Quantity',
    accessorFn: (report) => report.lastQuantity,
    cell: ({ row }) => show(row.original.lastQuantity),
  },
  {
    id: 'lastPrice',
    header: 'Price',
    accessorFn: (report) => report.lastPrice,
    cell: ({ row }) => show(row.original.lastPrice, 2),
  },
  {
    id: 'fee',
    header: 'Fee',
    accessorFn: ({ fee }) => fee,
    cell: ({ row }) => `${show(row.original.fee, 2)} ${row.original.feeCurrency ?? ''}`,
  },
  { id: 'liquidity', header: 'Liquidity', accessorFn: ({ liquidity }) => liquidity },
];
