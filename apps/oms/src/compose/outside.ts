/**
 * What the server touches of the world around it, as ports. `oms start` has the operating system's; a program that
 * tests the server gives its own, which fail or end the process at a moment they choose. No option or environment
 * variable of `oms` leads here.
 */
import { nodeFileSystem } from '@oms/adapter-embedded';
import {
  SNAPSHOT_TIMING,
  type SnapshotTask,
  type SnapshotThread,
  type SnapshotTiming,
  startSnapshotThread,
} from '@oms/house';
import type { CommandGateway, FileSystem, Journal } from '@oms/ports';

export interface Outside {
  /** Journal and snapshots go through it. */
  readonly fileSystem: FileSystem;
  /** Size of a journal segment; the journal's own choice when left out. */
  readonly segmentBytes?: number;
  readonly snapshotTiming: SnapshotTiming;
  readonly startSnapshot: (task: SnapshotTask) => SnapshotThread;
  /** What the house writes to, around the journal on disk. */
  readonly journal: (onDisk: Journal) => Journal;
  /** What the API hands commands to, around the house. */
  readonly gateway: (house: CommandGateway) => CommandGateway;
}

export const OPERATING_SYSTEM: Outside = {
  fileSystem: nodeFileSystem,
  snapshotTiming: SNAPSHOT_TIMING,
  startSnapshot: startSnapshotThread,
  journal: (onDisk) => onDisk,
  gateway: (house) => house,
};
