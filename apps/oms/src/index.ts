export * from './compose/bootstrap.ts';
export * from './compose/embeddedHouse.ts';
export * from './compose/profiles.ts';
