/**
 * A table of any length: sorted and filtered by TanStack Table, of which only the rows in view are drawn. Sorting,
 * column choice and export are the same everywhere.
 */
import {
  type ColumnDef,
  columnFilteringFeature,
  columnVisibilityFeature,
  createFilteredRowModel,
  createSortedRowModel,
  filterFns,
  globalFilteringFeature,
  type RowData,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import { ColumnMenu } from './ColumnMenu.tsx';
import styles from './DataTable.module.css';
import { downloadCsv } from './downloadCsv.ts';

export const features = tableFeatures({
  rowSortingFeature,
  columnFilteringFeature,
  columnVisibilityFeature,
  globalFilteringFeature,
  sortedRowModel: createSortedRowModel(),
  filteredRowModel: createFilteredRowModel(),
  sortFns,
  filterFns,
});
export type Column<T extends RowData> = ColumnDef<typeof features, T>;

interface DataTableProps<T extends RowData> {
  readonly label: string;
  readonly data: readonly T[];
  readonly columns: Column<T>[];
  readonly rowKey: (row: T) => string;
  readonly empty: string;
  readonly toolbar?: ReactNode;
  readonly initialSort?: { readonly id: string; readonly desc: boolean };
  readonly rowClass?: (row: T) => string;
  readonly onRow?: (row: T) => void;
  readonly exportName: string;
}

const ROW_HEIGHT = 28;

export function DataTable<T extends RowData>(props: DataTableProps<T>) {
  const { label, data, columns, rowKey, empty, toolbar, initialSort, rowClass, onRow, exportName } = props;
  const table = useTable({
    features,
    data: data as T[],
    columns,
    getRowId: rowKey,
    ...(initialSort === undefined ? {} : { initialState: { sorting: [{ ...initialSort }] } }),
  });
  const { rows } = table.getRowModel();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const before = items[0]?.start ?? 0;
  const after = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const visible = table.getVisibleLeafColumns();
  return (
    <div className={styles.frame}>
      <div className={styles.toolbar}>
        {toolbar}
        <input
          type="search"
          className={styles.search}
          placeholder="Filter"
          aria-label={`Filter ${label}`}
          onChange={(event) => table.setGlobalFilter(event.target.value)}
        />
        <ColumnMenu
          label={label}
          columns={table.getAllLeafColumns().map((column) => ({
            id: column.id,
            title: String(column.columnDef.header ?? column.id),
            shown: column.getIsVisible(),
            toggle: () => column.toggleVisibility(),
          }))}
        />
        <button
          type="button"
          onClick={() =>
            downloadCsv(
              exportName,
              visible.filter((column) => column.accessorFn !== undefined).map((column) => column.id),
              rows.map((row) =>
                visible.filter((column) => column.accessorFn !== undefined).map((column) => row.getValue(column.id)),
              ),
            )
          }
        >
          CSV
        </button>
      </div>
      <div className={styles.scroller} ref={scroller}>
        <table className={styles.table} aria-label={label} aria-rowcount={rows.length + 1}>
          <thead>
            {table.getHeaderGroups().map((group) => (
              <tr key={group.id}>
                {group.headers.map((header) => {
                  const sorted = header.column.getIsSorted();
                  return (
                    <th
                      key={header.id}
                      aria-sort={sorted === 'asc' ? 'ascending' : sorted === 'desc' ? 'descending' : 'none'}
                    >
                      {header.column.getCanSort() ? (
                        <button type="button" className={styles.sort} onClick={header.column.getToggleSortingHandler()}>
                          <table.FlexRender header={header} />
                          <span aria-hidden="true">{sorted === 'asc' ? ' ▲' : sorted === 'desc' ? ' ▼' : ''}</span>
                        </button>
                      ) : (
                        <table.FlexRender header={header} />
                      )}
                    </th>
                  );
                })}
              </tr>
            ))}
          </thead>
          <tbody>
            {before > 0 && <tr style={{ height: before }} />}
            {items.map((item) => {
              const row = rows[item.index]!;
              return (
                <tr
                  key={row.id}
                  aria-rowindex={item.index + 2}
                  className={rowClass?.(row.original) ?? ''}
                  onDoubleClick={() => onRow?.(row.original)}
                >
                  {row.getVisibleCells().map((cell) => (
                    <td key={cell.id}>
                      <table.FlexRender cell={cell} />
                    </td>
                  ))}
                </tr>
              );
            })}
            {after > 0 && <tr style={{ height: after }} />}
          </tbody>
        </table>
        {rows.length === 0 && <p className={styles.empty}>{empty}</p>}
      </div>
    </div>
  );
}
