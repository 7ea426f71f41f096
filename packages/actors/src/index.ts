export * from './actorDefinition.ts';
export * from './cell.ts';
export * from './heap.ts';
export * from './mailbox.ts';
export * from './recovery.ts';
export * from './runtime.ts';
export * from './snapshotCodec.ts';
export * from './sourceSequences.ts';
