export { type Exhausted, type ExhaustOptions, exhaust } from './exhaustive/exhaust.ts';
export { FAULT_FOCUSES, type FaultFocus } from './faults/faultPlan.ts';
export type { Sabotage } from './house/sabotage.ts';
export { type RangeOptions, type RangeReport, rerunOf, runSeeds } from './runSeeds.ts';
export { type SeedReport, type SimulationOptions, simulateSeed } from './simulate.ts';
