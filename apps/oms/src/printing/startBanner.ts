/** What a person reads once the server is ready: where it is, what it recovered, and what to try next. */
import type { StartOptions } from '../commands/startOptions.ts';
import type { Output } from './output.ts';

/** The part of a running system that the banner tells about. */
export interface RunningSystem {
  readonly address: string;
  readonly recovery: Readonly<Record<string, unknown>> | object;
}

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
  output.line();
  output.line(`  ${dim('Try:')} curl ${running.address}/v1/instruments`);
  output.line(`  ${dim('API:')} ${running.address}/docs/api   ${dim('Stop: Ctrl-C')}`);
  output.line();
}

export function describeRecovery(recovery: object): string {
  const { lastPosition, cutBytes } = recovery as { lastPosition?: unknown; cutBytes?: unknown };
  const position = typeof lastPosition === 'number' ? lastPosition : 0;
  const journal = position === 0 ? 'a new journal' : `up to position ${position.toLocaleString('en-US')}`;
  if (typeof cutBytes !== 'number' || cutBytes === 0) return journal;
  return `${journal}; ${cutBytes} bytes of an unfinished, unacknowledged write were cut`;
}
