/** How the server meets the web: TLS of its own, proxies it believes, origins it allows. Read from the environment. */
import { readFileSync } from 'node:fs';
import { BlockList, isIP } from 'node:net';
import type { TlsIdentity } from '@oms/order-api';
import { usageError } from '../commandError.ts';
import { listOf, textOf } from './settingText.ts';

export interface WebSettings {
  /** Files of the certificate chain and its key, PEM; null: HTTP. */
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null;
  readonly trustedProxies: readonly string[];
  readonly allowedOrigins: readonly string[];
}

export const PLAIN_WEB: WebSettings = { tls: null, trustedProxies: [], allowedOrigins: [] };

type Environment = Readonly<Record<string, string | undefined>>;

/** @throws CommandError with exit code 2 */
export function readWebSettings(environment: Environment): WebSettings {
  const certificateFile = textOf(environment.OMS_TLS_CERT);
  const keyFile = textOf(environment.OMS_TLS_KEY);
  if ((certificateFile === null) !== (keyFile === null)) {
    throw usageError('Set both OMS_TLS_CERT and OMS_TLS_KEY, or neither.');
  }
  return {
    tls: certificateFile === null || keyFile === null ? null : { certificateFile, keyFile },
    trustedProxies: listOf(environment.OMS_TRUSTED_PROXIES).map(checkedProxy),
    allowedOrigins: listOf(environment.OMS_ALLOWED_ORIGINS).map(checkedOrigin),
  };
}

/** @throws CommandError when a file cannot be read */
export function readTlsIdentity({ certificateFile, keyFile }: NonNullable<WebSettings['tls']>): TlsIdentity {
  const read = (variable: string, file: string): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch (error) {
      throw usageError(`${variable}: ${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
    }
  };
  return { certificate: read('OMS_TLS_CERT', certificateFile), key: read('OMS_TLS_KEY', keyFile) };
}

/** An address, or a network such as 10.0.0.0/8. Everything would mean that anybody may say where he is. */
function checkedProxy(text: string): string {
  const [address = '', bits] = text.split('/');
  const version = isIP(address);
  const isNetwork = bits === undefined || (/^\d{1,3}$/.test(bits) && isSubnet(address, Number(bits), version));
  if (version !== 0 && isNetwork) return text;
  throw usageError(`OMS_TRUSTED_PROXIES: "${text}" is neither an address nor a network such as 10.0.0.0/8.`);
}

function isSubnet(address: string, bits: number, version: number): boolean {
  if (bits === 0) return false;
  try {
    new BlockList().addSubnet(address, bits, version === 6 ? 'ipv6' : 'ipv4');
    return true;
  } catch {
    return false;
  }
}

function checkedOrigin(text: string): string {
  if (URL.canParse(text) && new URL(text).origin === text) return text;
  throw usageError(`OMS_ALLOWED_ORIGINS: "${text}" is no origin such as https://desk.example.com.`);
}
