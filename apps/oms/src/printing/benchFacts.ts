/** What the figures of a benchmark depend on, in words: the same on the terminal and in the HTML report. */
import type { BenchReport, BenchSettings } from '../bench/benchReport.ts';

/** Columns that every table of rounds begins with. */
export const LATENCY_COLUMNS = ['offered/s', 'achieved/s', 'p50 ms', 'p90', 'p99', 'p99.9', 'max'] as const;

export const count = (value: number): string => Math.round(value).toLocaleString('en-US');
export const milliseconds = (value: number): string => value.toFixed(value < 10 ? 2 : 1);
export const percent = (share: number): string => `${Math.round(share * 100)} %`;
export const ratio = (value: number): string => value.toFixed(value < 10 ? 2 : 0);

export function factsOf(report: BenchReport): (readonly [string, string])[] {
  const { machine, fsync, settings } = report;
  const syncs =
    fsync === null
      ? 'not measured: not our server'
      : `p50 ${milliseconds(fsync.p50Ms)} ms, p99 ${milliseconds(fsync.p99Ms)} ms, of 4 KiB blocks`;
  return [
    ['durability', settings.durability],
    ['transport', transportOf(settings)],
    ['mix', mixOf(settings)],
    [
      'load',
      `${count(settings.accounts)} accounts${skewOf(settings)}, ${settings.symbols} symbols, ${settings.payloadBytes} bytes per order, ${settings.answerBytes} per answer, seed ${settings.seed}, ${settings.warmupSeconds} s warm-up not counted`,
    ],
    ['fsync', syncs],
    [
      'machine',
      `${machine.cores} × ${machine.cpu}, ${machine.memoryGiB} GiB, ${machine.platform}; generator and server share it`,
    ],
    ['node', machine.node],
  ];
}

function transportOf({ transport, connections, batch }: BenchSettings): string {
  const over = `${connections} connections`;
  if (transport === 'ws') return `WebSocket, one order per message, pipelined over ${over}`;
  if (transport === 'rest') return `REST, one order per request, pipelined over ${over}`;
  return `REST, ${batch} orders per request, over ${over}`;
}

function mixOf({ mix, trades }: BenchSettings): string {
  const others = mix.new === 1 ? '' : `, ${percent(mix.replace)} replaces, ${percent(mix.cancel)} cancels`;
  return `${percent(mix.new)} new LIMIT orders near the market, ${percent(trades)} of them priced to trade${others}`;
}

const skewOf = ({ skew }: BenchSettings): string => (skew === 0 ? '' : ` (${percent(skew)} of the orders on one)`);
