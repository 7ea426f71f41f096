/** After the run: the stopped server's journal must hold every order that was acknowledged, and break no rule. */
import type { Output } from '../printing/output.ts';
import { createProgressBar } from '../printing/progressBar.ts';
import { verifyDataDirectory } from '../verify/index.ts';
import type { JournalCheck } from './benchReport.ts';

/** Refused and unanswered orders are journalled too, so the journal may hold more than was acknowledged, never less. */
export async function checkJournal(directory: string, acknowledged: number, output: Output): Promise<JournalCheck> {
  const bar = createProgressBar(output, 'Verifying the journal');
  const report = await verifyDataDirectory(directory, { onProgress: bar.update });
  bar.done();
  const failedChecks = report.checks.filter((check) => !check.ok).map((check) => check.id);
  const inJournal = report.orders;
  return { ok: report.ok && inJournal >= acknowledged, acknowledged, inJournal, failedChecks };
}
