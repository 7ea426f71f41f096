/** A held-back report as it stands in the journal: JSON with decimals as strings. */
import { decimal, formatDecimal, type VenueReport } from '@oms/domain';

/** The members that are decimals, in every kind of report that has them. */
const DECIMALS = new Set(['quantity', 'price', 'fee', 'quote']);

export const formatReport = (report: VenueReport): string =>
  JSON.stringify(report, (_, value: unknown) => (typeof value === 'bigint' ? formatDecimal(value) : value));

/** Reads what {@link formatReport} wrote; the round trip is exact. */
export const parseReport = (text: string): VenueReport =>
  JSON.parse(text, (name, value: unknown) => (DECIMALS.has(name) ? decimal(String(value)) : value)) as VenueReport;
