export * from './files/dataDirectoryLock.ts';
export * from './files/nodeFileSystem.ts';
export { type FileJournalOptions, openFileJournal } from './journal/fileJournal.ts';
export { journalHeadAt } from './journal/journalHead.ts';
export * from './journal/journalTail.ts';
export * from './readModel/openReadModel.ts';
export { projectWhole } from './readModel/projectWhole.ts';
export * from './snapshots/snapshotFiles.ts';
export * from './systemTime.ts';
