/**
 * Places where a test can put something broken in, to see that the simulation finds it. Each takes a part of the house
 * and gives the one that is used instead. Nothing in the project does so but tests.
 */
import type { AnyActor } from '@oms/actors';
import type { FileSystem, Journal } from '@oms/ports';

export interface Sabotage {
  readonly fileSystem?: (fileSystem: FileSystem) => FileSystem;
  readonly journal?: (journal: Journal) => Journal;
  readonly orderProcessor?: (definition: AnyActor) => AnyActor;
  readonly riskEngine?: (definition: AnyActor) => AnyActor;
}

export const NO_SABOTAGE: Sabotage = {};
