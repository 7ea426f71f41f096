export * from './orderIndex.ts';
export * from './main.ts';
export * from './triggerIndex.ts';
