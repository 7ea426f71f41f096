/** Puts a venue report that cannot be applied aside: kept in the journal, alarmed, never booked. */
import { type Decision, decided } from '../decision.ts';
import type { VenueReport } from '../venue/reports.ts';
import type { OrderEvent, ReportQuarantined } from './events.ts';

export function quarantine(report: VenueReport, code: ReportQuarantined['code']): Decision<OrderEvent> {
  const text = JSON.stringify(report, (_, value) => (typeof value === 'bigint' ? value.toString() : value));
  const executionId = 'executionId' in report ? report.executionId : '';
  return decided([{ type: 'ReportQuarantined', orderId: report.orderId, executionId, code, report: text }]);
}
