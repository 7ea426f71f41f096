/** Is it all well: connection, round trip, and the house's own figures as the `system` channel tells them. */
import { useEffect, useState } from 'react';
import { Sparkline } from '../components/Sparkline.tsx';
import { show } from '../numbers/decimals.ts';
import { useTimes } from '../numbers/times.ts';
import { useConnection } from '../services/connectionStore.ts';
import { stream } from '../services/house.ts';
import styles from './SystemStatus.module.css';

/** The members of a `system` push. */
interface HouseFigures {
  readonly ready: boolean;
  readonly lastPosition: number;
  readonly durablePosition: number;
  readonly queueDepth: number;
  readonly openOrders: number;
  readonly ordersTotal: number;
  readonly quarantinedTotal: number;
  readonly projectionPosition: number;
  readonly projectionStalenessMs: number;
  readonly lastBatchSize: number;
  readonly fsyncMsP99: number;
  readonly time: string;
}

export function SystemStatus() {
  const { figures, ordersPerSecond } = useHouseFigures();
  const connection = useConnection((state) => state);
  const times = useTimes();
  const latencyMs = connection.latenciesMs.at(-1);
  return (
    <section className={styles.frame} aria-label="System status" data-stale={connection.state !== 'CONNECTED'}>
      <dl className={styles.figures}>
        <dt>Connection</dt>
        <dd>
          {connection.state} <small>since {times.clock(connection.since)}</small> {connection.detail}
        </dd>
        <dt>Round trip</dt>
        <dd>
          {latencyMs === undefined ? '–' : `${latencyMs.toFixed(1)} ms`} <Sparkline values={connection.latenciesMs} />
        </dd>
        <dt>Reconnects</dt>
        <dd>{connection.reconnects}</dd>
        {figures !== null && (
          <>
            <dt>Order processor</dt>
            <dd>{figures.ready ? 'ready' : 'not ready'}</dd>
            <dt>Orders/s</dt>
            <dd>{show(ordersPerSecond.toFixed(0))}</dd>
            <dt>Orders</dt>
            <dd>
              {show(String(figures.ordersTotal))}, {show(String(figures.openOrders))} open
            </dd>
            <dt>Journal</dt>
            <dd>
              position {show(String(figures.durablePosition))}, fsync P99 {figures.fsyncMsP99.toFixed(2)} ms
            </dd>
            <dt>Queue</dt>
            <dd>{figures.queueDepth} waiting</dd>
            <dt>Read model lag</dt>
            <dd>
              {figures.projectionStalenessMs.toFixed(0)} ms,{' '}
              {show(String(Math.max(0, figures.durablePosition - figures.projectionPosition)))} records
            </dd>
            <dt>Put aside</dt>
            <dd className={figures.quarantinedTotal > 0 ? 'sell' : ''}>{figures.quarantinedTotal}</dd>
          </>
        )}
      </dl>
    </section>
  );
}

function useHouseFigures() {
  const [figures, setFigures] = useState<HouseFigures | null>(null);
  const [ordersPerSecond, setOrdersPerSecond] = useState(0);
  useEffect(() => {
    let before: HouseFigures | null = null;
    const subscription = stream.subscribe('system', {
      data: (data) => {
        const next = data as HouseFigures;
        const passedMs = before === null ? 0 : Date.parse(next.time) - Date.parse(before.time);
        if (before !== null && passedMs > 0) {
          setOrdersPerSecond(((next.ordersTotal - before.ordersTotal) * 1_000) / passedMs);
        }
        before = next;
        setFigures(next);
      },
    });
    return () => stream.unsubscribe(subscription);
  }, []);
  return { figures, ordersPerSecond };
}
