/** One order's whole life: every report with its numbers, what it was refused for, and the time between the steps. */
import { useQuery } from '@tanstack/react-query';
import { show } from '../numbers/decimals.ts';
import { useTimes } from '../numbers/times.ts';
import { useAccount } from '../services/accountStore.ts';
import { useDetailOrderId } from '../services/detailStore.ts';
import { client } from '../services/house.ts';
import { describeReason } from '../services/orderActions.ts';
import styles from './OrderDetail.module.css';

export function OrderDetail() {
  const orderId = useDetailOrderId();
  const live = useAccount((state) => (orderId === null ? undefined : state.orders.get(orderId)));
  const times = useTimes();
  const events = useQuery({
    queryKey: ['orderEvents', orderId, live?.version],
    queryFn: () => client.orderEvents(orderId!),
    enabled: orderId !== null,
    placeholderData: (before) => before,
  });
  if (orderId === null)
    return <p className={styles.empty}>Choose an order in the blotter: double click, or Details.</p>;
  const reports = (events.data ?? []).filter((report) => report.orderId === orderId);
  return (
    <section className={styles.frame} aria-label={`Order ${orderId}`}>
      <header>
        <h2>{orderId}</h2>
        {live !== undefined && (
          <p>
            <span className={live.side === 'BUY' ? 'buy' : 'sell'}>{live.side}</span>{' '}
            {show(live.quantity ?? live.quoteQuantity)} {live.symbol} {live.type}{' '}
            {live.price === null ? '' : `at ${show(live.price, 2)}`} · {live.timeInForce} ·{' '}
            <strong>{live.status}</strong> · client order id <code>{live.clientOrderId}</code>
          </p>
        )}
        {live?.reason != null && <p className={styles.reason}>{describeReason(live.reason)}</p>}
        {events.isError && <p role="alert">The timeline could not be read: {events.error.message}</p>}
      </header>
      <ol className={styles.timeline}>
        {reports.map((report, index) => {
          const before = reports[index - 1];
          const gapMs = before === undefined ? 0 : Date.parse(report.time) - Date.parse(before.time);
          return (
            <li key={report.sequence}>
              <time dateTime={report.time}>{times.full(report.time)}</time>
              <span className={styles.gap}>{index === 0 ? '' : `+${gapMs} ms`}</span>
              <strong>{report.execType}</strong>
              <span>
                {report.lastQuantity !== null && `${show(report.lastQuantity)} at ${show(report.lastPrice, 2)}`}
                {report.fee !== null && `, fee ${show(report.fee, 2)} ${report.feeCurrency} (${report.liquidity})`}
                {report.reason !== null && describeReason(report.reason)}
              </span>
              <span className={styles.numbers}>
                {report.status} · filled {show(report.filledQuantity)} · leaves {show(report.leavesQuantity)}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
