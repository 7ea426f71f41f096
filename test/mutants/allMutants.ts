/** Every mutant, in the order they are shown. */
import { EDGE_MUTANTS } from './catalog/edgeMutants.ts';
import { JOURNAL_MUTANTS } from './catalog/journalMutants.ts';
import { ORDER_MUTANTS } from './catalog/orderMutants.ts';
import { RECOVERY_MUTANTS } from './catalog/recoveryMutants.ts';
import { RISK_MUTANTS } from './catalog/riskMutants.ts';
import { RUNTIME_MUTANTS } from './catalog/runtimeMutants.ts';
import { VERIFIER_MUTANTS } from './catalog/verifierMutants.ts';
import type { Mutant } from './mutant.ts';

export const ALL_MUTANTS: readonly Mutant[] = [
  ...JOURNAL_MUTANTS,
  ...RECOVERY_MUTANTS,
  ...RUNTIME_MUTANTS,
  ...ORDER_MUTANTS,
  ...RISK_MUTANTS,
  ...EDGE_MUTANTS,
  ...VERIFIER_MUTANTS,
];
