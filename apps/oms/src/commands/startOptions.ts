/** Checks the options of `oms start` before anything is opened: a wrong one is told at once, with what would be right. */
import path from 'node:path';
import { type AuthSettings, readAuthSettings } from '../access/authSettings.ts';
import { readWebSettings, type WebSettings } from '../access/webSettings.ts';
import { CommandError, usageError } from '../commandError.ts';
import type { StartFlags } from './startCommand.ts';

export interface StartOptions {
  readonly port: number;
  readonly host: string;
  /** Absolute. */
  readonly dataDirectory: string;
  readonly marketData: string;
  readonly venue: 'simulated' | 'manual';
  readonly profile: 'demo' | 'bench';
  readonly benchAccounts?: number;
  readonly role: string;
  readonly auth: AuthSettings;
  /** As people and programs reach the server from elsewhere; null: where it listens. */
  readonly publicUrl: string | null;
  readonly web?: WebSettings;
}

const PORT_DEFAULT = 8080;
const AUTH_DEFAULT = 'off';
const BENCH_ACCOUNTS_MAX = 1_000_000;
const VENUES = ['simulated', 'manual'] as const;
const PROFILES = ['demo', 'bench'] as const;
const ROLES = ['all', 'order-api', 'order-processor', 'risk-engine', 'market-data', 'venue-simulator'] as const;

/** @throws CommandError with exit code 2. */
export function readStartOptions(
  flags: StartFlags,
  environment: Readonly<Record<string, string | undefined>>,
): StartOptions {
  const role = oneOf('--role', flags.role, ROLES);
  if (role !== 'all') {
    throw new CommandError(
      'ROLE_NOT_AVAILABLE',
      `Role ${role} on its own needs the Kafka adapters, which this release does not have.`,
      'Run everything in one process: leave --role out, or give --role all.',
      2,
    );
  }
  const profile = oneOf('--profile', flags.profile, PROFILES);
  // Load is measured without sign-in, on this machine only.
  const auth = profile === 'bench' ? 'off' : readAuthSettings(environment, AUTH_DEFAULT);
  const publicUrl = readPublicUrl(environment.OMS_PUBLIC_URL);
  if (auth === 'off') requireLoopback(flags.host);
  if (auth === 'embedded') requirePublicUrl(flags.host, publicUrl);
  return {
    port: readPort(flags.port, environment.PORT),
    host: flags.host,
    dataDirectory: path.resolve(flags.dataDir ?? nonEmpty(environment.OMS_DATA_DIR) ?? 'data'),
    marketData: readMarketData(flags.marketData),
    venue: oneOf('--venue', flags.venue, VENUES),
    profile,
    ...(flags.benchAccounts === undefined ? {} : { benchAccounts: readBenchAccounts(flags.benchAccounts) }),
    role,
    auth,
    publicUrl,
    web: readWebSettings(environment),
  };
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

function readPort(flag: string | undefined, fallback: string | undefined): number {
  const source = flag === undefined ? 'PORT' : '--port';
  const text = flag ?? nonEmpty(fallback);
  if (text === undefined) return PORT_DEFAULT;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : -1;
  if (port >= 0 && port <= 65_535) return port;
  throw usageError(`${source} must be a whole number from 0 to 65535, not "${text}".`, '0 takes any free port.');
}

function readBenchAccounts(text: string): number {
  const accounts = /^\d{1,7}$/.test(text) ? Number(text) : 0;
  if (accounts >= 1 && accounts <= BENCH_ACCOUNTS_MAX) return accounts;
  throw usageError(`--bench-accounts must be a whole number from 1 to ${BENCH_ACCOUNTS_MAX}, not "${text}".`);
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  throw usageError(`${option} must be one of ${allowed.join(', ')}, not "${value}".`);
}

/** The whole of 127.0.0.0/8 and ::1: nobody outside this machine can reach them. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || /^127(\.\d{1,3}){3}$/.test(host);

function requireLoopback(host: string): void {
  if (isLoopback(host)) return;
  throw new CommandError(
    'SIGN_IN_REQUIRED',
    `Refusing to listen on ${host}: without sign-in, everybody who reaches that address could trade.`,
    'Use a loopback address such as 127.0.0.1 (the default), or turn sign-in on with OMS_AUTH=embedded.',
    2,
  );
}

/** Browsers are sent to the issuer's name, so an address that means "any" cannot be it. */
function requirePublicUrl(host: string, publicUrl: string | null): void {
  if (publicUrl !== null || isLoopback(host)) return;
  throw new CommandError(
    'PUBLIC_URL_REQUIRED',
    `Listening on ${host}, people and programs need a name to sign in at.`,
    'Set OMS_PUBLIC_URL to the address they use, such as https://oms.example.com.',
    2,
  );
}

function readPublicUrl(text: string | undefined): string | null {
  const given = nonEmpty(text);
  if (given === undefined) return null;
  const url = URL.parse(given);
  if (url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  throw usageError(`OMS_PUBLIC_URL must be an address such as https://oms.example.com, not "${given}".`);
}

/** The shape only: whether the tape can be read is found out when it is opened. */
function readMarketData(text: string): string {
  if (/^simulated(:\d{1,15})?$/.test(text)) return text;
  if (/^replay:[^,]+(,(symbol=[A-Z0-9-]+|speed=\d+(\.\d+)?))*$/.test(text)) return text;
  throw usageError(
    `--market-data cannot be "${text}".`,
    'Give simulated, simulated:SEED (a whole number), or replay:FILE[,symbol=BTC-USD][,speed=1].',
  );
}
