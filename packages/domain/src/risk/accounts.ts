/** Opens accounts and lists instruments: what an operator or the start-up configuration brings in. */
import { type Decision, decided, NOTHING, replyTo } from '../decision.ts';
import { type Instrument, validateInstrument } from '../instrument.ts';
import { InvariantError } from '../invariant.ts';
import type { ListInstrument, OpenAccount } from '../messages.ts';
import { reason } from '../reason.ts';
import type { RiskEvent } from './events.ts';
import type { AccountRisk, RiskState } from './state.ts';

export function openAccount(message: OpenAccount, state: RiskState): Decision<RiskEvent> {
  const { accountId, name, kind, deskId } = message;
  const existing = state.accounts.get(accountId);
  if (existing !== undefined) {
    if (isSameAccount(existing, message)) return decided<RiskEvent>([], [], replyTo(message.replyTo, 'REPEATED', null));
    const why = reason('OMS', 'ACCOUNT_EXISTS', `account ${accountId} exists with other data`, { accountId });
    return decided<RiskEvent>([], [], replyTo(message.replyTo, 'REFUSED', null, why));
  }
  const deposits = message.deposits.map(
    ({ currency, amount }): RiskEvent => ({ type: 'FundsDeposited', accountId, currency, amount }),
  );
  return decided<RiskEvent>(
    [{ type: 'AccountOpened', accountId, name, kind, deskId }, ...deposits],
    [{ to: 'order-processor', message: { type: 'RegisterAccount', accountId } }],
    replyTo(message.replyTo, 'ACCEPTED', null),
  );
}

/** The same account again: equal words, and in every currency the deposits it was opened with. */
function isSameAccount(account: AccountRisk, { name, kind, deskId, deposits }: OpenAccount): boolean {
  if (account.name !== name || account.kind !== kind || account.deskId !== deskId) return false;
  const asked = new Map<string, bigint>();
  for (const { currency, amount } of deposits) asked.set(currency, (asked.get(currency) ?? 0n) + amount);
  for (const [currency, { deposited }] of account.balances) {
    if (deposited !== (asked.get(currency) ?? 0n)) return false;
    asked.delete(currency);
  }
  return [...asked.values()].every((amount) => amount === 0n);
}

/**
 * Listing the identical definition again changes nothing.
 * @throws InvariantError when the definition breaks its own rules, or changes what balances and positions rest on
 */
export function listInstrument({ instrument }: ListInstrument, state: RiskState): Decision<RiskEvent> {
  const problem = validateInstrument(instrument);
  if (problem !== null) throw new InvariantError(`instrument ${instrument.symbol}: ${problem}`);
  const listed = state.instruments.get(instrument.symbol);
  if (listed !== undefined) {
    if (isSameInstrument(listed, instrument)) return NOTHING;
    if (listed.kind !== instrument.kind || listed.base !== instrument.base || listed.quote !== instrument.quote) {
      throw new InvariantError(`instrument ${instrument.symbol} cannot change its kind or currencies`);
    }
  }
  return decided([{ type: 'InstrumentListed', instrument }]);
}

const isSameInstrument = (a: Instrument, b: Instrument): boolean =>
  (Object.keys(a) as (keyof Instrument)[]).every((member) => a[member] === b[member]);
