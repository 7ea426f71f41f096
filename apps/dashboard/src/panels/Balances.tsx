/** Balances by currency: what there is, what open orders and margin hold of it, what is left. */
import type { BalanceView } from '@oms/domain';
import { useMemo } from 'react';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { show } from '../numbers/decimals.ts';
import { useAccount } from '../services/accountStore.ts';

const amount = (id: 'total' | 'held' | 'available', header: string): Column<BalanceView> => ({
  id,
  header,
  accessorFn: (balance) => balance[id],
  cell: ({ row }) => show(row.original[id], 2),
});

const COLUMNS: Column<BalanceView>[] = [
  { id: 'currency', header: 'Currency', accessorFn: (balance) => balance.currency },
  amount('total', 'Total'),
  amount('held', 'Held'),
  amount('available', 'Available'),
];

export function Balances() {
  const balances = useAccount((state) => state.balances);
  const loaded = useAccount((state) => state.loaded);
  const rows = useMemo(() => [...balances.values()], [balances]);
  return (
    <DataTable
      label="Balances"
      data={rows}
      columns={COLUMNS}
      rowKey={(balance) => balance.currency}
      empty={loaded ? 'No balances.' : 'Loading …'}
      exportName="balances"
    />
  );
}
