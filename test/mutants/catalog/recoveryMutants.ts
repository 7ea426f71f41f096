/** Faults in starting again: a torn tail is cut exactly, damage is refused, and snapshot and journal make one state. */
import type { Mutant } from '../mutant.ts';

const FRAME = 'packages/adapters/embedded/src/journal/groupFrame.ts';
const CHAIN = 'packages/adapters/embedded/src/journal/frameChain.ts';
const REPAIR = 'packages/adapters/embedded/src/journal/repairTail.ts';
const RECOVER = 'packages/adapters/embedded/src/journal/recoverJournal.ts';
const SNAPSHOTS = 'packages/adapters/embedded/src/snapshots/snapshotFiles.ts';
const RECOVERY = 'packages/actors/src/recovery.ts';

export const RECOVERY_MUTANTS: readonly Mutant[] = [
  {
    name: 'checksum-ignored',
    breaks: 'I9: bits that rotted are folded into the state',
    file: FRAME,
    find: 'if (actual !== crc) return torn(',
    replace: 'if (actual !== crc && length < 0) return torn(',
    checks: ['packages/adapters/embedded/test/journal/powerLoss.test.ts'],
  },
  {
    name: 'frame-chain-ignored',
    breaks: 'I9: groups of another journal pass for this one’s',
    file: CHAIN,
    find: 'if (previousCrc !== this.crc) return',
    replace: 'if (previousCrc < 0) return',
    checks: ['packages/adapters/embedded/test/journal/tornTail.test.ts'],
  },
  {
    name: 'position-skipped',
    breaks: 'I9: a group that is missing goes unnoticed',
    file: CHAIN,
    find: 'if (firstPosition !== this.nextPosition) return',
    replace: 'if (firstPosition < this.nextPosition) return',
    checks: ['packages/adapters/embedded/test/journal/tornTail.test.ts'],
  },
  {
    name: 'epoch-goes-back',
    breaks: 'I11: groups of an owner that was fenced off are read',
    file: CHAIN,
    find: 'if (epoch < this.epoch) return',
    replace: 'if (epoch < 0) return',
    checks: ['packages/adapters/embedded/test/journal/tornTail.test.ts'],
  },
  {
    name: 'torn-bytes-left',
    breaks: 'I9: bytes of a torn write stay behind the end and are taken for damage, or for a group, later',
    file: REPAIR,
    find: 'const writer = new ByteWriter(Math.max(usedEnd, validEnd + MARK_BYTES) - lastWriteAt);',
    replace: 'const writer = new ByteWriter(validEnd + MARK_BYTES - lastWriteAt);',
    checks: ['packages/adapters/embedded/test/journal/powerLoss.test.ts'],
  },
  {
    name: 'tail-cut-too-far',
    breaks: 'I1: the last whole write goes with the torn one',
    file: REPAIR,
    find: '  writer.bytes.set(bytes.subarray(lastWriteAt, validEnd));\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/journal/fileJournal.test.ts'],
  },
  {
    name: 'repair-not-synced',
    breaks: 'I1: what was read at the start and told since was never on the disk',
    file: REPAIR,
    find: '      file.datasyncNow();\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/journal/powerLoss.test.ts'],
  },
  {
    name: 'middle-damage-cut',
    breaks: 'I1: damage before the end is cut like a torn write, with every group after it',
    file: RECOVER,
    find: '  if (damage !== null) throw journalDamaged(scan.path, scan.validEnd, damage);\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/journal/tornTail.test.ts'],
  },
  {
    name: 'missing-end-accepted',
    breaks: 'I1: a journal that ends before its snapshot starts all the same',
    file: RECOVER,
    find: 'if (lastPosition >= expectedPosition) return;',
    replace: 'if (lastPosition >= 0) return;',
    checks: ['packages/adapters/embedded/test/journal/tornTail.test.ts'],
  },
  {
    name: 'missing-segment-accepted',
    breaks: 'I9: a segment that was removed goes unnoticed',
    file: RECOVER,
    find: 'if (previousFirstPosition === before) return;',
    replace: 'if (previousFirstPosition >= 0) return;',
    checks: ['packages/adapters/embedded/test/journal/tornTail.test.ts'],
  },
  {
    name: 'snapshot-without-tail',
    breaks: 'I10: what was decided after the snapshot is forgotten',
    file: RECOVERY,
    find: 'for (const group of journal.read(snapshotPosition + 1)) {',
    replace: 'for (const group of snapshotPosition > 0 ? [] : journal.read(1)) {',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
  {
    name: 'snapshot-group-folded-again',
    breaks: 'I10: records that the snapshot has are folded a second time',
    file: RECOVERY,
    find: '    if (position <= afterPosition) continue;\n',
    replace: '',
    checks: ['packages/actors/test/recovery.test.ts'],
  },
  {
    name: 'snapshot-newer-than-journal',
    breaks: 'I2: the state holds what no journal record tells',
    file: SNAPSHOTS,
    find: '      if (position > maxPosition) continue;\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/snapshots/snapshotFiles.test.ts'],
  },
  {
    name: 'snapshot-checksum-ignored',
    breaks: 'I10: a damaged snapshot is loaded instead of the older one',
    file: SNAPSHOTS,
    find: '  if (crc32(state) !== view.getUint32(STATE_CRC_AT, true)) return null;\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/snapshots/snapshotFiles.test.ts'],
  },
  {
    name: 'snapshot-not-synced',
    breaks: 'I10: after a power loss the newest snapshot is an empty file',
    file: SNAPSHOTS,
    find: '  file.datasyncNow();\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/snapshots/snapshotFiles.test.ts'],
  },
  {
    name: 'sources-not-replayed',
    breaks: 'I1: after a restart a message of another log counts a second time',
    file: RECOVERY,
    find: '    sources.note(record.causeKind, record.causeSequence);\n',
    replace: '',
    checks: ['packages/actors/test/runtime.test.ts'],
  },
];
