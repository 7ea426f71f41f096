/** What a person reads once the server is ready: where it is, what it recovered, and what to try next. */
import type { StartOptions } from '../commands/startOptions.ts';
import type { Output } from './output.ts';

/** The part of a running system that the banner tells about. */
export interface RunningSystem {
  readonly address: string;
  readonly recovery: Recovery;
}

export interface Recovery {
  readonly lastPosition: number;
  readonly replayedRecords: number;
  readonly cut: { readonly cutBytes: number };
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

export function describeRecovery({ lastPosition, replayedRecords, cut }: Recovery): string {
  if (lastPosition === 0) return 'nothing yet: a new journal';
  const count = (value: number) => value.toLocaleString('en-US');
  const journal = `up to position ${count(lastPosition)} (${count(replayedRecords)} records replayed)`;
  if (cut.cutBytes === 0) return journal;
  return `${journal}; ${count(cut.cutBytes)} bytes of an unfinished, unacknowledged write were cut`;
}
