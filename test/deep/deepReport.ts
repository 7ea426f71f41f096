/** What a deep run says at its end: a table of faults, doses and breaches with their bounds, or the same as JSON. */
import { isBreached, type Tally } from './deepRun.ts';

/** With no breach in n doses, the chance of one per dose is below 3/n, at 95 % confidence (the rule of three). */
const RULE_OF_THREE = 3;

/** Null when there were breaches, or too few doses to say anything. */
export function failureBound({ doses, breaches, failure }: Tally): number | null {
  return breaches.length > 0 || failure !== null || doses <= RULE_OF_THREE ? null : RULE_OF_THREE / doses;
}

const HEADINGS = ['fault', 'campaign', 'doses', 'wanted', 'breaches', 'failure per dose (95 %)'] as const;
const RIGHT_FROM = 2;

export function reportTable(tallies: readonly Tally[]): string {
  const rows = tallies.map((tally) => {
    const { campaign, doses, breaches } = tally;
    const bound = failureBound(tally);
    return [
      campaign.fault,
      campaign.name,
      doses.toLocaleString('en'),
      campaign.dosesWanted.toLocaleString('en'),
      tally.failure === null ? String(breaches.length) : 'failed',
      campaign.unavailable ?? (bound === null ? '–' : `< ${bound.toPrecision(2)}`),
    ];
  });
  const all = [HEADINGS, ...rows];
  const widths = HEADINGS.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lineOf = (row: readonly string[]) =>
    row
      .map((cell, column) => (column < RIGHT_FROM ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  return [lineOf(HEADINGS), rule, ...rows.map(lineOf)].join('\n');
}

export function reportJson(tallies: readonly Tally[]): string {
  const campaigns = tallies.map((tally) => ({
    name: tally.campaign.name,
    fault: tally.campaign.fault,
    doses: tally.doses,
    dosesWanted: tally.campaign.dosesWanted,
    breaches: tally.breaches,
    failure: tally.failure,
    failureBound: failureBound(tally),
    unavailable: tally.campaign.unavailable ?? null,
  }));
  return JSON.stringify({ ok: !tallies.some(isBreached), campaigns });
}
