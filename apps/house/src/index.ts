export * from './bootstrap.ts';
export * from './embeddedHouse.ts';
export * from './makeSnapshot.ts';
export * from './profiles.ts';
export * from './snapshotKeeper.ts';
export * from './snapshotThread.ts';
