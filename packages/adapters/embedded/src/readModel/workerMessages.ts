/** What the main thread and the projector's worker tell each other. */
import type { InfrastructureErrorCode } from '@oms/ports';
import type { DocumentQueries } from './documentQueries.ts';

export interface WorkerStart {
  readonly journalDirectory: string;
  readonly databaseFile: string;
  /** Everything up to here may be projected from the start. */
  readonly durablePosition: number;
}

export type QueryName = keyof DocumentQueries;

export type ToWorker =
  /** `busy`: orders come so fast that they need the processor more than the lists do. */
  | { readonly kind: 'durable'; readonly position: number; readonly busy: boolean }
  | { readonly kind: 'query'; readonly id: number; readonly name: QueryName; readonly parameters: readonly unknown[] }
  | { readonly kind: 'close' };

/** Something an operator should know. */
export interface ReadModelNotice {
  readonly code: 'READ_MODEL_REBUILT' | 'PROJECTION_STOPPED' | 'PROJECTOR_RESTARTED';
  readonly message: string;
}

export type FromWorker =
  | { readonly kind: 'ready'; readonly position: number; readonly time: number }
  /** Also answers every `durable`, when there was nothing to do. */
  | { readonly kind: 'projected'; readonly position: number; readonly time: number }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | {
      readonly kind: 'failure';
      readonly id: number;
      readonly code: InfrastructureErrorCode;
      readonly message: string;
    }
  | { readonly kind: 'notice'; readonly notice: ReadModelNotice };
