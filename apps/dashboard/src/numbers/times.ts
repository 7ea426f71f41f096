/** Times as the person chose to see them: their own zone, or UTC. */
import { useSettings } from '../services/settingsStore.ts';

const of = (timeZone: string | undefined, options: Intl.DateTimeFormatOptions) =>
  new Intl.DateTimeFormat(undefined, { ...options, ...(timeZone === undefined ? {} : { timeZone }) });

const CLOCK: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
};
const FULL: Intl.DateTimeFormatOptions = { ...CLOCK, year: 'numeric', month: '2-digit', day: '2-digit' };

const formats = {
  local: { clock: of(undefined, CLOCK), full: of(undefined, FULL) },
  utc: { clock: of('UTC', CLOCK), full: of('UTC', FULL) },
};

export interface Times {
  /** "14:03:59" */
  clock(time: string | number): string;
  /** Date and time. */
  full(time: string | number): string;
}

export function useTimes(): Times {
  const zone = useSettings((settings) => settings.timeZone);
  const { clock, full } = formats[zone];
  return { clock: (time) => clock.format(new Date(time)), full: (time) => full.format(new Date(time)) };
}
