/** Faults in writing the journal: what was acknowledged must be on the disk, once, and in its place. */
import type { Mutant } from '../mutant.ts';

const WRITER = 'packages/adapters/embedded/src/journal/segmentWriter.ts';
const JOURNAL = 'packages/adapters/embedded/src/journal/fileJournal.ts';

export const JOURNAL_MUTANTS: readonly Mutant[] = [
  {
    name: 'no-fsync',
    breaks: 'I1: what was acknowledged is gone after a power loss',
    file: WRITER,
    find: '    await file.datasync();\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/journal/powerLoss.test.ts'],
  },
  {
    name: 'fsync-tried-again',
    breaks: 'I1: after a failed fsync the second one says that all is well, and the pages are gone',
    file: WRITER,
    find: 'await file.datasync();',
    replace: 'await file.datasync().catch(() => file.datasync());',
    checks: ['packages/adapters/embedded/test/journal/fileJournal.contract.test.ts'],
  },
  {
    name: 'flush-error-swallowed',
    breaks: 'I1: a failed write is acknowledged',
    file: JOURNAL,
    find: '      throw this.#failure;\n    }\n    batch.reset();',
    replace: '    }\n    batch.reset();',
    checks: ['packages/adapters/embedded/test/journal/fileJournal.contract.test.ts'],
  },
  {
    name: 'durable-before-flushed',
    breaks: 'I1: what is appended during a flush counts as durable with it',
    file: JOURNAL,
    find: 'this.#durablePosition = position;',
    replace: 'this.#durablePosition = this.#lastPosition;',
    checks: ['packages/adapters/embedded/test/journal/durablePosition.test.ts'],
  },
  {
    name: 'segment-name-not-synced',
    breaks: 'I1: after a power loss the newest segment has no name, and its groups are gone',
    file: WRITER,
    find: '    await fileSystem.syncDirectory(directory);\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/journal/fileJournal.test.ts'],
  },
  {
    name: 'position-gap-appended',
    breaks: 'I9: the journal has a gap in its positions',
    file: JOURNAL,
    find: 'if (group.firstPosition !== this.#lastPosition + 1) {',
    replace: 'if (group.firstPosition <= this.#lastPosition) {',
    checks: ['packages/adapters/embedded/test/journal/fileJournal.contract.test.ts'],
  },
  {
    name: 'foreign-epoch-appended',
    breaks: 'I11: a writer whose ownership is over writes on',
    file: JOURNAL,
    find: 'if (group.epoch !== this.epoch) {',
    replace: 'if (group.epoch > this.epoch) {',
    checks: ['packages/adapters/embedded/test/journal/fileJournal.contract.test.ts'],
  },
  {
    name: 'epoch-not-raised',
    breaks: 'I11: two owners, one after the other, write under the same epoch',
    file: 'packages/adapters/embedded/src/journal/recoverJournal.ts',
    find: 'if (wanted === null) return highest + 1;',
    replace: 'if (wanted === null) return Math.max(highest, 1);',
    checks: ['packages/adapters/embedded/test/journal/fileJournal.test.ts'],
  },
  {
    name: 'reader-ahead-of-fsync',
    breaks: 'I1: a projection shows what a power loss takes back',
    file: 'packages/adapters/embedded/src/journal/journalTail.ts',
    find: '      if (frame.firstPosition + frame.recordCount - 1 > throughPosition) return null;\n',
    replace: '',
    checks: ['packages/adapters/embedded/test/journal/journalTail.test.ts'],
  },
  {
    name: 'lock-not-taken',
    breaks: 'I11: two processes write to one data directory',
    file: 'packages/adapters/embedded/src/files/dataDirectoryLock.ts',
    find: 'PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE',
    replace: 'PRAGMA locking_mode = NORMAL; BEGIN DEFERRED',
    checks: ['packages/adapters/embedded/test/files/dataDirectoryLock.test.ts'],
  },
];
