export * from './main.ts';
export * from './orderIndex.ts';
export * from './triggerIndex.ts';
