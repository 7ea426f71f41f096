/** What a person reads once the server is ready: where it is, what it recovered, and what to try next. */
import path from 'node:path';
import type { StartOptions } from '../commands/startOptions.ts';
import type { Output } from './output.ts';

/** The part of a running system that the banner tells about. */
export interface RunningSystem {
  readonly address: string;
  readonly recovery: Recovery;
  /** Passwords of a new data directory; null at every later start. */
  readonly firstSignIn: FirstSignIn | null;
}

export interface FirstSignIn {
  readonly users: readonly { readonly id: string; readonly password: string }[];
}

export interface Recovery {
  readonly lastPosition: number;
  readonly replayedRecords: number;
  readonly cut: { readonly cutBytes: number };
}

const SERVER_DEFAULT = 'http://127.0.0.1:8080';

export function printBanner(output: Output, options: StartOptions, running: RunningSystem, startMs: number): void {
  const { bold, cyan, dim, green } = output.colors;
  const row = (name: string, value: string) => output.line(`  ${dim(name.padEnd(14))}${value}`);
  output.line();
  output.line(`${green('●')} ${bold('crypto-oms')} is ready ${dim(`(${(startMs / 1000).toFixed(1)} s)`)}`);
  output.line();
  row('address', cyan(running.address));
  row('data', options.dataDirectory);
  row('market data', options.marketData);
  row('venue', options.venue);
  row('profile', options.profile);
  row('recovered', describeRecovery(running.recovery));
  row('sign-in', describeSignIn(options));
  if (running.firstSignIn !== null) printPasswords(output, running.firstSignIn);
  output.line();
  const header = options.auth === 'embedded' ? `-H "Authorization: Bearer $(${tokenCommand(options, running)})" ` : '';
  output.line(`  ${dim('Try:')} curl ${header}${running.address}/v1/instruments`);
  output.line(`  ${dim('API:')} ${running.address}/docs/api   ${dim('Stop: Ctrl-C')}`);
  output.line();
}

function describeSignIn({ auth }: StartOptions): string {
  if (auth === 'off') return 'off: whoever reaches this address may do everything';
  return auth === 'embedded' ? 'on: people by password, programs by `npx oms token --role ROLE`' : `at ${auth.issuer}`;
}

/** With what it needs to know when the server is not where it looks by itself. */
function tokenCommand({ dataDirectory }: StartOptions, { address }: RunningSystem): string {
  const server = address === SERVER_DEFAULT ? '' : ` --server ${address}`;
  const directory = dataDirectory === path.resolve('data') ? '' : ` --data-dir ${dataDirectory}`;
  return `npx oms token${server}${directory}`;
}

/** The only time they are shown: the server keeps no more than their hashes. */
function printPasswords(output: Output, { users }: FirstSignIn): void {
  output.line();
  output.line(`  ${output.colors.bold('Passwords')}, shown this once (a new one: npx oms identity new-password USER):`);
  for (const { id, password } of users) output.line(`    ${id.padEnd(12)}${password}`);
}

export function describeRecovery({ lastPosition, replayedRecords, cut }: Recovery): string {
  if (lastPosition === 0) return 'nothing yet: a new journal';
  const count = (value: number) => value.toLocaleString('en-US');
  const journal = `up to position ${count(lastPosition)} (${count(replayedRecords)} records replayed)`;
  if (cut.cutBytes === 0) return journal;
  return `${journal}; ${count(cut.cutBytes)} bytes of an unfinished, unacknowledged write were cut`;
}
