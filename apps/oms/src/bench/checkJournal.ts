/**
 * After the run: the stopped server's journal must break no rule (oms verify), and hold everything acknowledged exactly
 * once. Read with the verifier's own reader, not with the code that wrote it.
 */
import path from 'node:path';
import { piecesOf, recordsOf, segmentFilesOf, verifyDataDirectory } from '@oms/verifier';
import type { Output } from '../printing/output.ts';
import { createProgressBar } from '../printing/progressBar.ts';
import { Acknowledged } from './acknowledged.ts';
import type { JournalCheck } from './benchReport.ts';

const GROUPS_PER_TURN = 256;
/** Each request of a client has one of these, whatever becomes of it. */
const REQUESTS: ReadonlySet<string> = new Set(['OrderPlaced', 'ReplaceRequested', 'CancelRequested']);

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
  const lookBar = createProgressBar(output, 'Looking up what was acknowledged');
  const search = new Search(acknowledged, idPrefix);
  await search.through(path.join(dataDirectory, 'journal'), (position) =>
    lookBar.update(position, report.lastPosition),
  );
  lookBar.done();
  const missing = acknowledged.count - search.found.count;
  const doubled = search.doubled.count;
  const ok = report.ok && missing === 0 && doubled === 0;
  return { ok, acknowledged: acknowledged.count, missing, doubled, failedChecks, payloadBytes: search.payloadBytes };
}

class Search {
  readonly found = new Acknowledged();
  readonly doubled = new Acknowledged();
  /** Of all groups from the first request on. */
  payloadBytes = 0;
  readonly #wanted: Acknowledged;
  readonly #idPrefix: string;
  #seen = false;

  constructor(wanted: Acknowledged, idPrefix: string) {
    this.#wanted = wanted;
    this.#idPrefix = idPrefix;
  }

  async through(journalDirectory: string, onProgress: (position: number) => void): Promise<void> {
    let groups = 0;
    for (const segment of segmentFilesOf(journalDirectory)) {
      for (const piece of piecesOf(segment)) {
        if (piece.kind !== 'frame') continue;
        for (const { events } of recordsOf(piece.payload, piece.firstPosition)) {
          for (const event of events) if (REQUESTS.has(event.type)) this.#request(event as Request);
        }
        // What the server wrote at its start, the accounts above all, is not the orders'.
        if (this.#seen) this.payloadBytes += piece.payload.length;
        if (++groups % GROUPS_PER_TURN !== 0) continue;
        onProgress(piece.firstPosition);
        await new Promise(setImmediate);
      }
    }
  }

  #request({ clientOrderId }: Request): void {
    if (!clientOrderId.startsWith(this.#idPrefix)) return;
    this.#seen = true;
    const number = Number(clientOrderId.slice(this.#idPrefix.length));
    if (this.#wanted.has(number) && !this.found.add(number)) this.doubled.add(number);
  }
}

interface Request {
  readonly clientOrderId: string;
}
