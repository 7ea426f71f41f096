/** Limits against use, the trading state and the kill switch, and requests whose outcome nobody knows. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AlertDialog } from 'radix-ui';
import { useState } from 'react';
import { atoms, show } from '../numbers/decimals.ts';
import { useTimes } from '../numbers/times.ts';
import { useAccount } from '../services/accountStore.ts';
import { useStale } from '../services/connectionStore.ts';
import { client } from '../services/house.ts';
import { notify } from '../services/notificationStore.ts';
import { describeError } from '../services/orderActions.ts';
import { session } from '../services/session.ts';
import styles from './RiskPanel.module.css';

const REFRESH_MS = 2_000;

export function RiskPanel() {
  return (
    <div className={styles.frame}>
      <TradingStates />
      <UnknownRequests />
      <LimitUse />
    </div>
  );
}

function LimitUse() {
  const accountId = useAccount((state) => state.accountId);
  const limits = useQuery({
    queryKey: ['limits', accountId],
    queryFn: () => client.limits(accountId!),
    enabled: accountId !== null,
    refetchInterval: REFRESH_MS,
  });
  return (
    <section aria-label="Limits">
      <h3>Limits of {accountId}</h3>
      {limits.isError && <p role="alert">The limits could not be read: {describeError(limits.error)}</p>}
      <ul className={styles.limits}>
        {limits.data?.effective
          .filter(({ limit }) => limit !== null)
          .map(({ name, limit, used, source }) => (
            <li key={name}>
              <span>{name}</span>
              <Meter label={name} used={used} limit={limit} />
              <span className={styles.numbers}>
                {used === null ? '' : `${show(String(used))} of `}
                {show(String(limit))} <small>({source})</small>
              </span>
            </li>
          ))}
      </ul>
    </section>
  );
}

type Figure = string | number | null;

function Meter({ label, used, limit }: { readonly label: string; readonly used: Figure; readonly limit: Figure }) {
  if (used === null || limit === null) return <span />;
  const whole = atoms(String(limit));
  const part = atoms(String(used));
  const percent = whole === 0n ? 0 : Math.min(100, Math.max(0, Number((part * 100n) / whole)));
  const level = percent >= 90 ? 'high' : percent >= 70 ? 'middle' : 'low';
  return (
    <span className={styles.meter} data-level={level}>
      <meter className="hidden" aria-label={`${label} used`} min={0} max={100} value={percent} />
      <span style={{ width: `${percent}%` }} />
      <b>{percent} %</b>
    </span>
  );
}

function TradingStates() {
  const times = useTimes();
  const queries = useQueryClient();
  const accountId = useAccount((state) => state.accountId);
  const stale = useStale();
  const states = useQuery({
    queryKey: ['tradingStates'],
    queryFn: () => client.tradingStates(),
    refetchInterval: REFRESH_MS,
  });
  const change = useMutation({
    mutationFn: (request: Parameters<typeof client.setTradingState>[0]) => client.setTradingState(request),
    onSuccess: (state) => {
      notify('warning', `${state.scope} ${state.id ?? ''} is ${state.state}`, state.reason);
      void queries.invalidateQueries({ queryKey: ['tradingStates'] });
    },
    onError: (error) => notify('error', 'The trading state was not changed', describeError(error)),
  });
  const mayHalt = session.may('risk-manager');
  const own = states.data?.find(({ scope, id }) => scope === 'ACCOUNT' && id === accountId)?.state ?? 'ACTIVE';
  return (
    <section aria-label="Trading state">
      <h3>Trading state</h3>
      <ul className={styles.states}>
        {states.data?.map(({ scope, id, state, reason, actor, changedAt }) => (
          <li key={`${scope}/${id}`}>
            <strong data-state={state}>{state}</strong> {scope} {id} <small>{reason}</small>{' '}
            <small>
              {actor ?? ''} {times.full(changedAt)}
            </small>
          </li>
        ))}
      </ul>
      <div className={styles.switches}>
        {accountId !== null && mayHalt && (
          <KillSwitch
            what={`account ${accountId}`}
            disabled={stale}
            halted={own === 'HALTED'}
            onConfirm={(reason) =>
              change.mutate({
                scope: 'ACCOUNT',
                id: accountId,
                state: own === 'HALTED' ? 'ACTIVE' : 'HALTED',
                reason,
              })
            }
          />
        )}
        {mayHalt && (
          <KillSwitch
            what="the whole firm"
            disabled={stale}
            halted={states.data?.find(({ scope }) => scope === 'FIRM')?.state === 'HALTED'}
            onConfirm={(reason) => {
              const firm = states.data?.find(({ scope }) => scope === 'FIRM');
              change.mutate({ scope: 'FIRM', state: firm?.state === 'HALTED' ? 'ACTIVE' : 'HALTED', reason });
            }}
          />
        )}
      </div>
    </section>
  );
}

interface KillSwitchProps {
  readonly what: string;
  readonly halted: boolean;
  readonly disabled: boolean;
  readonly onConfirm: (reason: string) => void;
}

function KillSwitch({ what, halted, disabled, onConfirm }: KillSwitchProps) {
  const [reason, setReason] = useState('');
  const verb = halted ? 'Resume' : 'Halt';
  return (
    <AlertDialog.Root onOpenChange={() => setReason('')}>
      <AlertDialog.Trigger className={halted ? '' : styles.kill} disabled={disabled}>
        {verb} {what}
      </AlertDialog.Trigger>
      <AlertDialog.Portal>
        <AlertDialog.Overlay className="overlay" />
        <AlertDialog.Content className="dialog">
          <AlertDialog.Title>
            {verb} {what}?
          </AlertDialog.Title>
          <AlertDialog.Description>
            {halted
              ? 'New orders are taken again. Another person than the one who halted has to do this.'
              : 'Every open order is canceled and no new one is taken until somebody else lifts it.'}
          </AlertDialog.Description>
          <label>
            Reason
            {/* biome-ignore lint/a11y/noAutofocus: a dialog's first field */}
            <input autoFocus value={reason} onChange={(event) => setReason(event.target.value)} maxLength={200} />
          </label>
          <div className="dialogButtons">
            <AlertDialog.Cancel>Back</AlertDialog.Cancel>
            <AlertDialog.Action
              className={halted ? '' : styles.kill}
              disabled={reason.trim() === ''}
              onClick={() => onConfirm(reason.trim())}
            >
              {verb} {what}
            </AlertDialog.Action>
          </div>
        </AlertDialog.Content>
      </AlertDialog.Portal>
    </AlertDialog.Root>
  );
}

function UnknownRequests() {
  const times = useTimes();
  const orders = useAccount((state) => state.orders);
  const unknown = [...orders.values()].flatMap((order) =>
    order.pendingRequests.filter(({ outcome }) => outcome === 'unknown').map((request) => ({ order, request })),
  );
  if (unknown.length === 0) return null;
  return (
    <section aria-label="Requests with unknown outcome">
      <h3>Unknown requests</h3>
      <ul>
        {unknown.map(({ order, request }) => (
          <li key={`${order.orderId}/${request.clientOrderId}`}>
            {request.kind} of {order.orderId} ({order.symbol}), sent {times.full(request.sentAt)}: the venue has not
            answered.
          </li>
        ))}
      </ul>
    </section>
  );
}
