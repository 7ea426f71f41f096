/** What kind of house a seed runs: partitions, instruments, accounts and limits, file sizes, room in the mailbox. */
import { decimal, type Instrument, type RiskLimits } from '@oms/domain';
import type { Profile } from '@oms/house';
import { defaultInstruments } from '@oms/market-data';
import type { SeededRandom } from '../world/seededRandom.ts';

export interface HouseSetup {
  readonly seed: string;
  readonly partitions: number;
  readonly instruments: readonly Instrument[];
  readonly profile: Profile;
  readonly segmentBytes: number;
  /** Records after which a snapshot is due. */
  readonly snapshotRecords: number;
  readonly mailboxCapacity: { readonly ordinary: number; readonly urgent: number };
  readonly decisionWaitMs: number;
  /** When the venue's silence counts as UNKNOWN, and how often it is asked for everything. */
  readonly venuePatience: { readonly requestTimeoutMs: number; readonly reconcileEveryMs: number };
}

const SYMBOLS = [['BTC-USD'], ['BTC-USD', 'BTC-PERP'], ['ETH-USD', 'SOL-USD']];
const DESKS = ['agency', 'systematic'];

const limits = (size: bigint): RiskLimits => ({
  orderQuantityMax: decimal('1000'),
  orderNotionalMax: decimal('20000') * size,
  priceCollarRate: decimal('0.1'),
  submitsPerSecondMax: 10 * Number(size),
  replacesPerSecondMax: 10 * Number(size),
  openOrdersMax: 10 * Number(size),
  openNotionalMax: decimal('50000') * size,
  positionQuantityMax: decimal('5') * size,
  dailyLossMax: decimal('2000') * size,
  repeatedOrdersMax: 3 * Number(size),
  repeatedOrderWindowMs: 1_000,
});

export const WIDE_LIMITS = limits(20n);
export const NARROW_LIMITS = limits(1n);

export function drawSetup(seed: string, random: SeededRandom): HouseSetup {
  const symbols = random.pick(SYMBOLS);
  const instruments = defaultInstruments().filter(({ symbol }) => symbols.includes(symbol));
  const accounts = Array.from({ length: random.between(2, 4) }, (_, i) => ({
    accountId: `SIM-${i + 1}`,
    name: `Simulated account ${i + 1}`,
    kind: 'CLIENT',
    deskId: DESKS[i % DESKS.length]!,
    deposits: [
      { currency: 'USD', amount: decimal(random.pick(['20000', '1000000'])) },
      { currency: 'BTC', amount: decimal('5') },
      { currency: 'ETH', amount: decimal('50') },
      { currency: 'SOL', amount: decimal('500') },
    ],
  }));
  const isCramped = random.chance(0.2);
  return {
    seed,
    partitions: random.between(1, 2),
    instruments,
    profile: { accounts, defaultLimits: random.chance(0.3) ? NARROW_LIMITS : WIDE_LIMITS, rateLimited: false },
    segmentBytes: random.pick([16, 64, 256]) * 1024,
    snapshotRecords: random.pick([200, 1_000, 5_000]),
    mailboxCapacity: isCramped ? { ordinary: 4, urgent: 256 } : { ordinary: 1_024, urgent: 4_096 },
    decisionWaitMs: random.pick([200, 2_000]),
    venuePatience: { requestTimeoutMs: random.pick([500, 1_000]), reconcileEveryMs: random.pick([1_000, 2_000]) },
  };
}
