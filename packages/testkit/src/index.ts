
export * from './ordersSpecification.ts';
export * from './manualTime.ts';
export * from './memoryJournal.ts';
