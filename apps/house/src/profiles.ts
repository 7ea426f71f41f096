/** What a new data directory starts with: accounts, their funds and limits. `demo` is for people, `bench` for load. */
import { decimal, type OpenAccount, type RiskLimits } from '@oms/domain';

export type ProfileName = 'demo' | 'bench';

export interface Profile {
  readonly accounts: readonly Omit<OpenAccount, 'type' | 'replyTo'>[];
  readonly defaultLimits: RiskLimits;
  /** Whether requests over HTTP are counted against a rate limit. */
  readonly rateLimited: boolean;
}

const deposit = (currency: string, amount: string) => ({ currency, amount: decimal(amount) });

const DEMO_LIMITS: RiskLimits = {
  orderQuantityMax: decimal('1000000'),
  orderNotionalMax: decimal('1000000'),
  priceCollarRate: decimal('0.1'),
  submitsPerSecondMax: 200,
  replacesPerSecondMax: 200,
  openOrdersMax: 1_000,
  openNotionalMax: decimal('5000000'),
  positionQuantityMax: decimal('1000000'),
  dailyLossMax: decimal('250000'),
  repeatedOrdersMax: 20,
  repeatedOrderWindowMs: 1_000,
};

const DEMO_ACCOUNTS = [
  { name: 'Alpha market making', kind: 'HOUSE', deskId: 'market-making', usd: '5000000' },
  { name: 'Beta arbitrage', kind: 'HOUSE', deskId: 'market-making', usd: '2500000' },
  { name: 'Gamma momentum', kind: 'HOUSE', deskId: 'systematic', usd: '1000000' },
  { name: 'Delta Capital', kind: 'CLIENT', deskId: 'agency', usd: '1000000' },
  { name: 'Epsilon Family Office', kind: 'CLIENT', deskId: 'agency', usd: '250000' },
] as const;

const demo: Profile = {
  accounts: DEMO_ACCOUNTS.map(({ name, kind, deskId, usd }, i) => ({
    accountId: `DEMO-${String(i + 1).padStart(4, '0')}`,
    name,
    kind,
    deskId,
    deposits: [
      deposit('USD', usd),
      deposit('BTC', '20'),
      deposit('ETH', '200'),
      deposit('SOL', '2000'),
      deposit('XRP', '100000'),
    ],
  })),
  defaultLimits: DEMO_LIMITS,
  rateLimited: true,
};

const BENCH_LIMITS: RiskLimits = {
  orderQuantityMax: decimal('1000000000'),
  orderNotionalMax: decimal('1000000000'),
  priceCollarRate: decimal('0.9'),
  submitsPerSecondMax: 1_000_000,
  replacesPerSecondMax: 1_000_000,
  openOrdersMax: 100_000_000,
  openNotionalMax: decimal('90000000000'),
  positionQuantityMax: decimal('90000000000'),
  dailyLossMax: decimal('90000000000'),
  repeatedOrdersMax: 0,
  repeatedOrderWindowMs: 1_000,
};

export const BENCH_ACCOUNTS_DEFAULT = 1_000;

/** @param number from 1 */
export const benchAccountId = (number: number): string => `BENCH-${String(number).padStart(4, '0')}`;

/** The profile for load, with as many accounts as a benchmark asks for. */
export const benchProfile = (accounts: number): Profile => ({
  accounts: Array.from({ length: accounts }, (_, i) => ({
    accountId: benchAccountId(i + 1),
    name: `Benchmark account ${i + 1}`,
    kind: 'HOUSE',
    deskId: 'bench',
    deposits: ['USD', 'BTC', 'ETH', 'SOL', 'XRP'].map((currency) => deposit(currency, '10000000000')),
  })),
  defaultLimits: BENCH_LIMITS,
  rateLimited: false,
});

export const PROFILES: Readonly<Record<ProfileName, Profile>> = { demo, bench: benchProfile(BENCH_ACCOUNTS_DEFAULT) };
