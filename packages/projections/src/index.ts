export * from './documents.ts';
export * from './projector.ts';
