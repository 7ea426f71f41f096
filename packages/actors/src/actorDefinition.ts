/**
 * What a stateful service gives the runtime: a pure decision, a fold, and how its events and state become bytes.
 * One actor is one partition of one service; it owns its state alone.
 */
import type { Decision, DecisionContext } from '@oms/domain';
import type { Codec } from '@oms/ports';

export type ServiceName = 'order-processor' | 'risk-engine' | 'venue-simulator';

/** Number of each service in journal records; never reused. 0 is the runtime itself. */
export const SERVICE_NUMBERS: Readonly<Record<ServiceName, number>> = {
  'order-processor': 1,
  'risk-engine': 2,
  'venue-simulator': 3,
};

/** Messages only need a type name to be routed, logged and quarantined. */
export interface Message {
  readonly type: string;
}

export interface ActorDefinition<State, In extends Message, Event> {
  readonly service: ServiceName;
  readonly eventCodec: Codec<Event>;
  readonly stateCodec: Codec<State>;
  initialState(partition: number): State;
  /** Decides; never changes the state. Throwing quarantines the message. */
  receive(message: In, state: State, context: DecisionContext): Decision<Event>;
  /**
   * Folds one event in. Throwing is a broken invariant. `now` is the time of the event's batch.
   * @returns what changed, for whoever streams it; the runtime does not look at it
   */
  evolve(state: State, event: Event, now: number): unknown;
  /**
   * Keeps indexes that are derived from the state (trigger prices, expiries); told of every event after its fold,
   * live and in replay, and of the whole state after a snapshot was loaded.
   */
  readonly index?: ActorIndex<State, In, Event>;
}

export interface ActorIndex<State, In, Event> {
  rebuilt(state: State): void;
  applied(state: State, event: Event): void;
  /** Messages that are due by time or because the market moved; the runtime asks at the start of every batch. */
  due(state: State, context: DecisionContext): readonly In[];
}
