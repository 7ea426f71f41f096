export * from './badTokens.ts';
export * from './faultyFileSystem.ts';
export * from './manualTime.ts';
export * from './memoryJournal.ts';
export * from './ordersSpecification.ts';
export * from './tokenIssuer.ts';
