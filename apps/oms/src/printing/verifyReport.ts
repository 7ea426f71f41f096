/** The verdict of `oms verify` as a table, with the breaches under it. */
import type { VerifyReport } from '@oms/verifier';
import { quietTable } from './orderTables.ts';
import type { Output } from './output.ts';

const BREACHES_SHOWN = 10;

export function printVerifyReport(report: VerifyReport, output: Output): void {
  const { colors } = output;
  const table = quietTable(['', 'check', '', 'checked', 'breaches'], [3, 4], colors);
  for (const check of report.checks) {
    const mark = check.ok ? colors.green('✓') : colors.red('✗');
    const breaches = check.breaches.length === 0 ? '0' : colors.red(String(check.breaches.length));
    table.push([mark, check.id, check.title, check.checked.toLocaleString('en-US'), breaches]);
  }
  output.line(table.toString());
  for (const check of report.checks) {
    for (const breach of check.breaches.slice(0, BREACHES_SHOWN)) output.line(`${colors.red(check.id)} ${breach}`);
    const more = check.breaches.length - BREACHES_SHOWN;
    if (more > 0) output.line(`${check.id} … and ${more} more; --json shows all`);
  }
  for (const check of report.checks) {
    for (const excused of check.excused.slice(0, BREACHES_SHOWN))
      output.line(colors.dim(`${check.id} excused: ${excused}`));
  }
  output.line();
  output.line(`last position ${report.lastPosition.toLocaleString('en-US')}, state hash ${report.stateHash}`);
  output.line(`head ${report.head.position}:${report.head.hash}`);
  if (report.cut !== null) output.line(`an unfinished, unacknowledged write at the end: ${JSON.stringify(report.cut)}`);
  output.line(report.ok ? colors.green('Everything holds.') : colors.red('Not everything holds: see above.'));
}
