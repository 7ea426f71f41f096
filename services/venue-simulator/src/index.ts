export { NO_FAULTS } from './faultSwitches.ts';
export * from './main.ts';
export { CLOSED_ORDERS_MAX } from './recentlyClosed.ts';
export { createVenueSimulator, type VenueSimulatorOptions } from './venueSimulator.ts';
export { initialVenueState, type VenueState } from './venueState.ts';
export { venueStateCodec } from './venueStateCodec.ts';
