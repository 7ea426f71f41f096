export * from './actorDefinition.ts';
