/**
 * Makes the next snapshot from the one before it and the journal's durable records after that, beside whoever writes
 * the journal and without touching his state: the same fold as a start, in cells of its own.
 */
import { type AnyActor, Cells, createCell, recover, SourceSequences, writeSnapshot } from '@oms/actors';
import { journalHeadAt, openSnapshotFiles, readJournal } from '@oms/adapter-embedded';
import { orderProcessor } from '@oms/order-processor';
import type { FileSystem } from '@oms/ports';
import { riskEngine } from '@oms/risk-engine';
import { createVenueSimulator } from '@oms/venue-simulator';

export interface SnapshotTask {
  readonly journalDirectory: string;
  readonly snapshotDirectory: string;
  /** Of accounts; the venue is one cell. */
  readonly partitions: number;
  /** A durable position that ends a group. */
  readonly position: number;
}

/** Without its index: what is derived for decisions is of no use where nothing is decided. */
function withoutIndex(definition: AnyActor): AnyActor {
  const { index: _, ...rest } = definition;
  return rest;
}

/** What an event means never depends on an actor's options. */
function foldingCells(partitions: number): Cells {
  const cells = Array.from({ length: partitions }, (_, partition) => [
    createCell(withoutIndex(orderProcessor()), partition),
    createCell(withoutIndex(riskEngine()), partition),
  ]);
  return new Cells([...cells.flat(), createCell(withoutIndex(createVenueSimulator({ mode: 'manual', seed: '' })), 0)]);
}

/** @throws InfrastructureError SNAPSHOT_WRITE_FAILED, JOURNAL_DAMAGED, CODEC_*; the former snapshots stay as they were */
export async function makeSnapshot(task: SnapshotTask, fileSystem?: FileSystem): Promise<void> {
  const { journalDirectory, snapshotDirectory, position } = task;
  const store = openSnapshotFiles(snapshotDirectory, fileSystem);
  const cells = foldingCells(task.partitions);
  const sources = new SourceSequences();
  const durable = {
    lastPosition: position,
    read: (from: number) => readJournal(journalDirectory, from, position, fileSystem),
  };
  recover(cells, durable, store, sources);
  const head = journalHeadAt(journalDirectory, position, fileSystem);
  await store.save(head, (writer) => writeSnapshot(cells, sources, writer));
}
