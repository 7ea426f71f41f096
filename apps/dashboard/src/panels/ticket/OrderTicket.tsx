/** The order ticket: every order type and instruction, checked before it leaves, by mouse or keyboard alone. */
import type { InstrumentView } from '@oms/client';
import type { OrderType, Side, TimeInForce } from '@oms/domain';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { atoms, show } from '../../numbers/decimals.ts';
import { useAccount } from '../../services/accountStore.ts';
import { useStale } from '../../services/connectionStore.ts';
import { useMarket } from '../../services/marketStore.ts';
import { describeReason, newClientOrderId, placeOrder } from '../../services/orderActions.ts';
import { session } from '../../services/session.ts';
import { changeSettings, useSettings, useSymbol } from '../../services/settingsStore.ts';
import { useTicketFill } from '../../services/ticketStore.ts';
import {
  type DraftOrder,
  EMPTY_DRAFT,
  mayBeByQuote,
  needsPrice,
  needsStopPrice,
  previewOf,
  problemsOf,
  quantityOfShare,
  requestOf,
} from './draftOrder.ts';
import { Field } from './Field.tsx';
import styles from './OrderTicket.module.css';

export function OrderTicket() {
  const symbol = useSymbol();
  const accountId = useAccount((state) => state.accountId);
  const instrument = useMarket((state) => state.instruments.get(symbol));
  if (accountId === null || instrument === undefined) return <p className={styles.waiting}>Loading …</p>;
  return <Ticket key={`${accountId}/${symbol}`} accountId={accountId} instrument={instrument} />;
}

const TYPES: readonly (readonly [OrderType, string])[] = [
  ['LIMIT', 'Limit'],
  ['MARKET', 'Market'],
  ['STOP', 'Stop'],
  ['STOP_LIMIT', 'Stop limit'],
];
const TIMES_IN_FORCE: readonly (readonly [TimeInForce, string])[] = [
  ['GTC', 'Good till canceled'],
  ['DAY', 'Day (UTC)'],
  ['GTD', 'Good till date'],
  ['IOC', 'Immediate or cancel'],
  ['FOK', 'Fill or kill'],
];
const SHARES = [25n, 50n, 75n, 100n];

interface TicketProps {
  readonly accountId: string;
  readonly instrument: InstrumentView;
}

function Ticket({ accountId, instrument }: TicketProps) {
  const [draft, setDraft] = useState<DraftOrder>(EMPTY_DRAFT);
  const [touched, setTouched] = useState(false);
  const [sending, setSending] = useState(false);
  const [confirming, setConfirming] = useState(false);
  const [refusal, setRefusal] = useState('');
  /** One per intent: kept when an answer was lost, so that trying again cannot double the order. */
  const clientOrderId = useRef(newClientOrderId());
  const oneClick = useSettings((settings) => settings.oneClick);
  const stale = useStale();
  const mayTrade = session.may('trader');
  const ticker = useMarket((state) => state.tickers[instrument.symbol]);
  const touch = (draft.side === 'BUY' ? ticker?.bestAsk : ticker?.bestBid) ?? null;
  const problems = problemsOf(draft, instrument, Date.now());
  const valid = Object.keys(problems).length === 0;
  const preview = previewOf(draft, instrument, touch);
  const byQuote = draft.byQuote && mayBeByQuote(draft);

  const change = (part: Partial<DraftOrder>) => {
    setDraft((before) => ({ ...before, ...part }));
    clientOrderId.current = newClientOrderId();
    setConfirming(false);
    setRefusal('');
  };
  useFilledFromOutside(change);
  const available = useAvailable(instrument, draft.side);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setTouched(true);
    if (!valid || stale || sending || !mayTrade) return;
    if (!oneClick && !confirming) {
      setConfirming(true);
      return;
    }
    setSending(true);
    const order = await placeOrder(requestOf(draft, accountId, instrument.symbol, clientOrderId.current));
    setSending(false);
    setConfirming(false);
    if (order === null) return;
    clientOrderId.current = newClientOrderId();
    setRefusal(order.status === 'REJECTED' ? describeReason(order.reason) : '');
    setTouched(false);
  };

  const problem = (name: keyof typeof problems) => (touched ? problems[name] : undefined);
  const verb = draft.side === 'BUY' ? 'Buy' : 'Sell';
  return (
    <form className={styles.ticket} onSubmit={submit} aria-label="Order ticket" data-stale={stale}>
      <fieldset className={styles.sides}>
        <legend className="hidden">Side</legend>
        {(['BUY', 'SELL'] as const).map((side) => (
          <button
            key={side}
            type="button"
            className={side === 'BUY' ? styles.buy : styles.sell}
            aria-pressed={draft.side === side}
            onClick={() => change({ side, ...(side === 'SELL' ? { byQuote: false } : {}) })}
          >
            {side === 'BUY' ? 'Buy' : 'Sell'}
          </button>
        ))}
      </fieldset>
      <div className={styles.pair}>
        <Field label="Type">
          {(id) => (
            <select id={id} value={draft.type} onChange={(event) => change({ type: event.target.value as OrderType })}>
              {TYPES.map(([type, name]) => (
                <option key={type} value={type}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Time in force" problem={problem('timeInForce')}>
          {(id, invalid) => (
            <select
              id={id}
              value={draft.timeInForce}
              disabled={!needsPrice(draft.type)}
              onChange={(event) => change({ timeInForce: event.target.value as TimeInForce })}
              {...invalid}
            >
              {TIMES_IN_FORCE.map(([timeInForce, name]) => (
                <option key={timeInForce} value={timeInForce}>
                  {name}
                </option>
              ))}
            </select>
          )}
        </Field>
      </div>
      {needsStopPrice(draft.type) && (
        <div className={styles.pair}>
          <Field label={`Stop price (${instrument.quote})`} problem={problem('stopPrice')}>
            {(id, invalid) => (
              <input
                id={id}
                inputMode="decimal"
                autoComplete="off"
                value={draft.stopPrice}
                onChange={(event) => change({ stopPrice: event.target.value.trim() })}
                {...invalid}
              />
            )}
          </Field>
          <Field label="Trigger by">
            {(id) => (
              <select
                id={id}
                value={draft.triggerSource}
                onChange={(event) => change({ triggerSource: event.target.value as DraftOrder['triggerSource'] })}
              >
                <option value="LAST">Last price</option>
                <option value="BID_ASK">Bid / ask</option>
                <option value="MARK">Mark price</option>
              </select>
            )}
          </Field>
        </div>
      )}
      {needsPrice(draft.type) && (
        <Field label={`Price (${instrument.quote})`} problem={problem('price')}>
          {(id, invalid) => (
            <input
              id={id}
              inputMode="decimal"
              autoComplete="off"
              placeholder={touch ?? ''}
              value={draft.price}
              onChange={(event) => change({ price: event.target.value.trim() })}
              {...invalid}
            />
          )}
        </Field>
      )}
      <Field label={`Quantity (${byQuote ? instrument.quote : instrument.base})`} problem={problem('quantity')}>
        {(id, invalid) => (
          <input
            id={id}
            inputMode="decimal"
            autoComplete="off"
            value={draft.quantity}
            onChange={(event) => change({ quantity: event.target.value.trim() })}
            {...invalid}
          />
        )}
      </Field>
      <div className={styles.shares}>
        {SHARES.map((share) => (
          <button
            key={String(share)}
            type="button"
            aria-label={`${share} percent of what is available`}
            onClick={() => {
              const price = atoms(needsPrice(draft.type) && draft.price !== '' ? draft.price : touch);
              change({ quantity: quantityOfShare(share, available, draft.side, price, instrument), byQuote: false });
            }}
          >
            {String(share)} %
          </button>
        ))}
      </div>
      {draft.timeInForce === 'GTD' && needsPrice(draft.type) && (
        <Field label="Expires" problem={problem('expireTime')}>
          {(id, invalid) => (
            <input
              id={id}
              type="datetime-local"
              value={draft.expireTime}
              onChange={(event) => change({ expireTime: event.target.value })}
              {...invalid}
            />
          )}
        </Field>
      )}
      <div className={styles.checks}>
        {mayBeByQuote(draft) && (
          <Check label={`In ${instrument.quote}`} checked={draft.byQuote} onChange={(byQuote) => change({ byQuote })} />
        )}
        {draft.type === 'LIMIT' && (
          <Check label="Post only" checked={draft.postOnly} onChange={(postOnly) => change({ postOnly })} />
        )}
        <Check label="Reduce only" checked={draft.reduceOnly} onChange={(reduceOnly) => change({ reduceOnly })} />
      </div>
      <dl className={styles.preview}>
        <dt>Notional</dt>
        <dd>
          {show(preview?.notional, 2, 2)} {instrument.quote}
        </dd>
        <dt>Fee, at most</dt>
        <dd>
          {show(preview?.fee, 2, 4)} {instrument.quote}
        </dd>
      </dl>
      <button
        type="submit"
        className={draft.side === 'BUY' ? styles.submitBuy : styles.submitSell}
        disabled={stale || !mayTrade}
      >
        {!mayTrade
          ? 'You may look, not trade'
          : stale
            ? 'Not connected'
            : sending
              ? 'Sending …'
              : confirming
                ? `Confirm: ${verb} ${draft.quantity} ${byQuote ? instrument.quote : instrument.base}`
                : `${verb} ${instrument.symbol}`}
      </button>
      {confirming && (
        <button type="button" onClick={() => setConfirming(false)}>
          Back
        </button>
      )}
      <Check
        label="One-click: send without confirming"
        checked={oneClick}
        onChange={(on) => changeSettings({ oneClick: on })}
      />
      <p role="alert" className={styles.refusal}>
        {refusal}
      </p>
    </form>
  );
}

/** Prices clicked in the book and positions to close arrive here. */
function useFilledFromOutside(change: (part: Partial<DraftOrder>) => void): void {
  const fill = useTicketFill();
  const seen = useRef(fill.number);
  useEffect(() => {
    if (seen.current === fill.number) return;
    seen.current = fill.number;
    const { price, quantity, side } = fill;
    change({
      ...(price === undefined ? { type: 'MARKET' as const } : { price, type: 'LIMIT' as const }),
      ...(quantity === undefined ? {} : { quantity, byQuote: false }),
      ...(side === undefined ? {} : { side }),
    });
  });
}

/** What the balance leaves for this side, in atoms of the currency it takes. */
function useAvailable(instrument: InstrumentView, side: Side): bigint {
  const currency = side === 'SELL' && instrument.kind === 'SPOT' ? instrument.base : instrument.quote;
  return atoms(useAccount((state) => state.balances.get(currency)?.available));
}

interface CheckProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}

function Check({ label, checked, onChange }: CheckProps) {
  return (
    <label className={styles.check}>
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.target.checked)} />
      {label}
    </label>
  );
}
