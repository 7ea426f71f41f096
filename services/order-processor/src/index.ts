export * from './orderIndex.ts';
export * from './orderProcessor.ts';
export * from './triggerIndex.ts';
