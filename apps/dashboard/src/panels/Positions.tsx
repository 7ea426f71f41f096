/** Positions with their profit at the current mark: close one, or turn it around, by way of the ticket. */
import type { PositionView } from '@oms/domain';
import { useMemo } from 'react';
import { type Column, DataTable } from '../components/DataTable.tsx';
import { atoms, formatDecimal, notionalOf, show, showSigned } from '../numbers/decimals.ts';
import { useAccount } from '../services/accountStore.ts';
import { useMarket } from '../services/marketStore.ts';
import { changeSettings } from '../services/settingsStore.ts';
import { fillTicket } from '../services/ticketStore.ts';

export function Positions() {
  const positions = useAccount((state) => state.positions);
  const loaded = useAccount((state) => state.loaded);
  const rows = useMemo(
    () => [...positions.values()].filter((position) => atoms(position.quantity) !== 0n || position.realizedPnl !== '0'),
    [positions],
  );
  return (
    <DataTable
      label="Positions"
      data={rows}
      columns={COLUMNS}
      rowKey={(position) => position.symbol}
      empty={loaded ? 'No positions.' : 'Loading …'}
      exportName="positions"
    />
  );
}

const COLUMNS: Column<PositionView>[] = [
  { id: 'symbol', header: 'Symbol', accessorFn: (position) => position.symbol },
  {
    id: 'quantity',
    header: 'Quantity',
    accessorFn: (position) => position.quantity,
    cell: ({ row }) => (
      <span className={row.original.quantity.startsWith('-') ? 'sell' : 'buy'}>{show(row.original.quantity)}</span>
    ),
  },
  {
    id: 'averagePrice',
    header: 'Average',
    accessorFn: (position) => position.averagePrice,
    cell: ({ row }) => show(row.original.averagePrice, 2, 2),
  },
  {
    id: 'markPrice',
    header: 'Mark',
    accessorFn: (position) => position.markPrice,
    cell: ({ row }) => <Mark position={row.original} />,
  },
  {
    id: 'unrealizedPnl',
    header: 'Unrealized',
    accessorFn: (position) => position.unrealizedPnl,
    cell: ({ row }) => <Unrealized position={row.original} />,
  },
  {
    id: 'realizedPnl',
    header: 'Realized',
    accessorFn: (position) => position.realizedPnl,
    cell: ({ row }) => <Pnl value={atoms(row.original.realizedPnl)} />,
  },
  { id: 'actions', header: '', enableSorting: false, cell: ({ row }) => <Actions position={row.original} /> },
];

const useMark = ({ symbol, markPrice }: PositionView): string | null =>
  useMarket((state) => state.tickers[symbol]?.mark) ?? markPrice;

function Mark({ position }: { readonly position: PositionView }) {
  return <span>{show(useMark(position), 2, 2)}</span>;
}

/** Quantity × (mark − average): what the server says at its last report, carried on with the live mark. */
function Unrealized({ position }: { readonly position: PositionView }) {
  const mark = useMark(position);
  if (mark === null || position.averagePrice === null) return <span>–</span>;
  return <Pnl value={notionalOf(atoms(mark) - atoms(position.averagePrice), atoms(position.quantity))} />;
}

function Pnl({ value }: { readonly value: bigint }) {
  return <span className={value < 0n ? 'sell' : value > 0n ? 'buy' : ''}>{showSigned(value)}</span>;
}

function Actions({ position }: { readonly position: PositionView }) {
  const quantity = atoms(position.quantity);
  if (quantity === 0n) return null;
  const side = quantity > 0n ? 'SELL' : 'BUY';
  const size = quantity > 0n ? quantity : -quantity;
  const prepare = (times: bigint) => {
    changeSettings({ symbol: position.symbol });
    // The ticket of that symbol has to be there before it can be filled.
    setTimeout(() => fillTicket({ side, quantity: formatDecimal(size * times) }));
  };
  return (
    <span className="actions">
      <button type="button" aria-label={`Close ${position.symbol}`} onClick={() => prepare(1n)}>
        Close
      </button>
      <button type="button" aria-label={`Reverse ${position.symbol}`} onClick={() => prepare(2n)}>
        Reverse
      </button>
    </span>
  );
}
