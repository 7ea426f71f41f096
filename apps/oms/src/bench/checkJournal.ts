/**
 * After the run: the stopped server's journal must break no rule (oms verify), and hold every acknowledged order
 * exactly once. Read with the verifier's own reader, not with the code that wrote it.
 */
import path from 'node:path';
import type { Output } from '../printing/output.ts';
import { createProgressBar } from '../printing/progressBar.ts';
import { verifyDataDirectory } from '../verify/index.ts';
import { recordsOf } from '../verify/journal/records.ts';
import { piecesOf, segmentFilesOf } from '../verify/journal/segments.ts';
import type { Acknowledged } from './acknowledged.ts';
import type { JournalCheck } from './benchReport.ts';

export async function checkJournal(
  dataDirectory: string,
  acknowledged: Acknowledged,
  idPrefix: string,
  output: Output,
): Promise<JournalCheck> {
  const bar = createProgressBar(output, 'Verifying the journal');
  const report = await verifyDataDirectory(dataDirectory, { onProgress: bar.update });
  bar.done();
  const failedChecks = report.checks.filter((check) => !check.ok).map((check) => check.id);
  const found = new Map<number, number>();
  for (const number of numbersIn(path.join(dataDirectory, 'journal'), idPrefix)) {
    if (acknowledged.has(number)) found.set(number, (found.get(number) ?? 0) + 1);
  }
  const missing = acknowledged.count - found.size;
  const doubled = [...found.values()].filter((times) => times > 1).length;
  const ok = report.ok && missing === 0 && doubled === 0;
  return { ok, acknowledged: acknowledged.count, missing, doubled, failedChecks };
}

/** The numbers of this run's orders, in the order they were placed. */
function* numbersIn(journalDirectory: string, idPrefix: string): Generator<number> {
  for (const segment of segmentFilesOf(journalDirectory)) {
    for (const piece of piecesOf(segment)) {
      if (piece.kind !== 'frame') continue;
      for (const { events } of recordsOf(piece.payload, piece.firstPosition)) {
        for (const event of events) {
          if (event.type !== 'OrderPlaced' || !event.clientOrderId.startsWith(idPrefix)) continue;
          yield Number(event.clientOrderId.slice(idPrefix.length));
        }
      }
    }
  }
}
