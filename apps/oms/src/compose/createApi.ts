/** Puts the order API in front of the house, as the options and the environment say; follows a renewed certificate. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { systemClock, systemScheduler } from '@oms/adapter-embedded';
import { createOrderApi, type OrderApi, type OrderApiOptions } from '@oms/order-api';
import { PLAIN_WEB, readTlsIdentity, type WebSettings } from '../access/webSettings.ts';
import type { StartOptions } from './startOms.ts';

const CERTIFICATE_LOOKED_AT_EVERY_MS = 10_000;

type Served = Pick<
  OrderApiOptions,
  'house' | 'live' | 'readModel' | 'market' | 'instruments' | 'status' | 'access' | 'dashboardSignIn' | 'venueFaults'
>;

/** @param closers gets what ends with the server */
export function createApi(
  options: StartOptions,
  rateLimited: boolean,
  closers: (() => unknown)[],
  served: Served,
): OrderApi {
  const { tls, trustedProxies, allowedOrigins } = options.web ?? PLAIN_WEB;
  const api = createOrderApi({
    ...served,
    clock: systemClock,
    scheduler: systemScheduler,
    // Tokens are dated by the world, the journal by a clock that never goes back.
    worldClock: { now: () => Date.now() },
    trustedProxies,
    allowedOrigins,
    tls: tls === null ? null : readTlsIdentity(tls),
    behindTls: options.publicUrl?.startsWith('https:') === true,
    manualVenue: options.venue === 'manual',
    dashboardDirectory: builtDashboard(),
    ...(rateLimited ? {} : { rateLimiter: null }),
    onFault: (fault, requestId) =>
      options.onNotice?.({ code: 'API_FAULT', message: `request ${requestId ?? '(none)'}: ${textOf(fault)}` }),
  });
  if (tls !== null) closers.push(followCertificate(api, tls, options));
  return api;
}

/** A certificate that was renewed on disk is taken over; one that cannot be used changes nothing. */
function followCertificate(api: OrderApi, tls: NonNullable<WebSettings['tls']>, { onNotice }: StartOptions) {
  const versionOf = () => `${changedAt(tls.certificateFile)} ${changedAt(tls.keyFile)}`;
  let version = versionOf();
  const timer = systemScheduler.every(CERTIFICATE_LOOKED_AT_EVERY_MS, () => {
    const found = versionOf();
    if (found === version) return;
    version = found;
    try {
      api.renewCertificate(readTlsIdentity(tls));
      onNotice?.({ code: 'CERTIFICATE_RENEWED', message: tls.certificateFile });
    } catch (error) {
      onNotice?.({ code: 'CERTIFICATE_UNUSABLE', message: `${tls.certificateFile}: the old one goes on; ${error}` });
    }
  });
  return () => timer.cancel();
}

const changedAt = (file: string): number => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Where `npm start` builds the dashboard; null when nobody has. */
function builtDashboard(): string | null {
  const directory = fileURLToPath(new URL('../../../dashboard/dist', import.meta.url));
  return existsSync(join(directory, 'index.html')) ? directory : null;
}

const textOf = (fault: unknown): string => (fault instanceof Error ? (fault.stack ?? fault.message) : String(fault));
