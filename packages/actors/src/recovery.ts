/** Brings the cells to the journal's end: the newest whole snapshot, then the fold of every record after it. */
import { RecordReader } from '@oms/codec';
import { InfrastructureError, type JournalGroup, type SnapshotStore } from '@oms/ports';
import { type Cells, cellKey } from './cell.ts';
import { decodeSnapshot } from './snapshotCodec.ts';
import type { SourceSequences } from './sourceSequences.ts';

export interface RecoveryReport {
  /** Position of the snapshot that was used; 0 for none. */
  readonly snapshotPosition: number;
  /** Files of damaged snapshots that were passed over. */
  readonly damagedSnapshots: readonly string[];
  readonly replayedRecords: number;
  readonly lastPosition: number;
  /** Time of the newest group, epoch milliseconds; 0 when the journal is empty. */
  readonly lastNow: number;
}

/** Told of each record as it is replayed, after its fold. */
export type ReplayObserver = (
  service: Cells['all'][number]['service'],
  event: unknown,
  change: unknown,
  now: number,
) => void;

export function recover(
  cells: Cells,
  journal: { readonly lastPosition: number; read(position: number): Iterable<JournalGroup> },
  snapshots: SnapshotStore | null,
  sources: SourceSequences,
  observer?: ReplayObserver,
): RecoveryReport {
  const { snapshotPosition, damagedSnapshots } = restoreNewest(cells, snapshots, journal.lastPosition, sources);
  for (const cell of cells.all) cell.definition.index?.rebuilt(cell.state);

  let replayedRecords = 0;
  let lastNow = 0;
  for (const group of journal.read(snapshotPosition + 1)) {
    replayedRecords += replayGroup(cells, group, snapshotPosition, sources, observer);
    lastNow = group.now;
  }
  if (replayedRecords === 0) for (const group of journal.read(journal.lastPosition)) lastNow = group.now;
  return {
    snapshotPosition,
    damagedSnapshots,
    replayedRecords,
    lastPosition: journal.lastPosition,
    lastNow,
  };
}

/** A function of its own, so that the snapshot's bytes are gone before the tail is folded. */
function restoreNewest(cells: Cells, snapshots: SnapshotStore | null, lastPosition: number, sources: SourceSequences) {
  const { snapshot, damaged } = snapshots?.load(lastPosition) ?? { snapshot: null, damaged: [] };
  if (snapshot !== null) decodeSnapshot(snapshot.bytes, cells, sources);
  return { snapshotPosition: snapshot?.position ?? 0, damagedSnapshots: damaged };
}

/** Folds a group's records after `afterPosition`. @returns how many. */
export function replayGroup(
  cells: Cells,
  group: JournalGroup,
  afterPosition: number,
  sources: SourceSequences,
  observer?: ReplayObserver,
): number {
  let position = group.firstPosition - 1;
  let replayed = 0;
  const record = new RecordReader(group.payload);
  while (record.next()) {
    position++;
    if (position <= afterPosition) continue;
    replayed++;
    sources.note(record.causeKind, record.causeSequence);
    if (record.service === 0) continue;
    const cell = cells.byKey(cellKey(record.service, record.partition));
    if (cell === undefined) {
      throw new InfrastructureError(
        'CODEC_UNKNOWN_VERSION',
        `journal record ${position} belongs to service ${record.service} partition ${record.partition}, which this process does not host`,
      );
    }
    const { definition, state } = cell;
    for (let i = 0; i < record.eventCount; i++) {
      const event = definition.eventCodec.decode(record.reader);
      const change = definition.evolve(state, event, group.now);
      definition.index?.applied(state, event);
      observer?.(cell.service, event, change, group.now);
    }
  }
  return replayed;
}
