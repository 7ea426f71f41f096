/**
 * Puts what the profile describes into the journal: instruments, default limits, accounts. Safe to run at every
 * start: what is there already is left alone, and limits that somebody changed are not overwritten.
 */
import type { Instrument, RiskEngineMessage, RiskState } from '@oms/domain';
import { partitionOf } from '@oms/domain';
import type { CommandGateway } from '@oms/ports';
import type { Profile } from './profiles.ts';

/** Well below what a mailbox holds. */
const ACCOUNTS_AT_ONCE = 10_000;

export async function bootstrap(
  house: CommandGateway,
  riskStates: readonly RiskState[],
  instruments: readonly Instrument[],
  profile: Profile,
): Promise<void> {
  const submit = (partition: number, build: (replyTo: number) => RiskEngineMessage) =>
    new Promise<void>((resolve, reject) => {
      const taken = house.submit(
        partition,
        'urgent',
        (replyTo) => ({ to: 'risk-engine', message: build(replyTo) }),
        (answer) => {
          if (answer.outcome === 'REFUSED') reject(new Error(`start-up was refused: ${answer.reason?.message}`));
          else resolve();
        },
      );
      if (!taken) reject(new Error('the mailbox is full at start-up'));
    });

  for (const state of riskStates) {
    const first = state.accounts.size === 0;
    for (const instrument of instruments) {
      house.submit(
        state.partition,
        'urgent',
        () => ({ to: 'risk-engine', message: { type: 'ListInstrument', instrument } }),
        () => {},
      );
    }
    if (!first) continue;
    await submit(state.partition, (replyTo) => ({
      type: 'ChangeLimits',
      scope: 'DEFAULT',
      id: '',
      limits: profile.defaultLimits,
      actor: 'start-up',
      replyTo,
    }));
  }
  const missing = profile.accounts.filter(
    (account) => !riskStates.some((state) => state.accounts.has(account.accountId)),
  );
  for (let first = 0; first < missing.length; first += ACCOUNTS_AT_ONCE) {
    await Promise.all(
      missing.slice(first, first + ACCOUNTS_AT_ONCE).map((account) =>
        submit(partitionOf(account.accountId, house.partitions), (replyTo) => ({
          type: 'OpenAccount',
          ...account,
          replyTo,
        })),
      ),
    );
  }
}
