/** Two toy actors over the real runtime: a counter that tells an echo, which answers. */
import { type ActorDefinition, type AnyActor, Runtime, type RuntimeOptions } from '@oms/actors';
import { type Decision, decided, type InstrumentCatalog, InvariantError, type MarketView, replyTo } from '@oms/domain';
import { type Codec, InfrastructureError, type Journal, type SnapshotStore } from '@oms/ports';
import { ManualTime } from '@oms/testkit';

export interface Added {
  readonly type: 'Added';
  readonly amount: number;
}

export interface ToyMessage {
  readonly type: 'Add' | 'Echo' | 'Throw' | 'Break' | 'Ask';
  readonly amount: number;
  readonly replyTo: number | null;
}

export interface ToyState {
  total: number;
  times: number;
}

const number: Codec<number> = {
  encode(value, writer) {
    writer.reserve(8);
    writer.view.setFloat64(writer.length, value, true);
    writer.length += 8;
  },
  decode(reader) {
    const value = reader.view.getFloat64(reader.offset, true);
    reader.offset += 8;
    return value;
  },
};

/** The one amount that the toys' event codec cannot write. */
export const UNWRITABLE = 13;

const eventCodec: Codec<Added> = {
  encode(event, writer) {
    number.encode(event.amount, writer);
    if (event.amount === UNWRITABLE) throw new InfrastructureError('CODEC_MALFORMED', '13 does not fit');
  },
  decode: (reader) => ({ type: 'Added', amount: number.decode(reader) }),
};

const stateCodec: Codec<ToyState> = {
  encode(state, writer) {
    number.encode(state.total, writer);
    number.encode(state.times, writer);
  },
  decode: (reader) => ({ total: number.decode(reader), times: number.decode(reader) }),
};

const evolve = (state: ToyState, event: Added): number => {
  if (event.amount < 0) throw new InvariantError('a negative amount was booked');
  state.total += event.amount;
  state.times++;
  return state.total;
};

const add = (message: ToyMessage): Added[] => [{ type: 'Added', amount: message.amount }];

/** Adds, passes it on, and lets the echo answer; Throw throws; Break decides what no fold allows; Ask only answers. */
export function counter(): ActorDefinition<ToyState, ToyMessage, Added> {
  return {
    service: 'order-processor',
    eventCodec,
    stateCodec,
    initialState: () => ({ total: 0, times: 0 }),
    evolve,
    receive(message, state): Decision<Added> {
      switch (message.type) {
        case 'Throw':
          throw new TypeError(`cannot add ${message.amount} to ${state.total}`);
        case 'Break':
          return decided([{ type: 'Added', amount: -1 }]);
        case 'Ask':
          return decided([], [], replyTo(message.replyTo, 'REPEATED', null));
        default: {
          // The toys' messages are not the domain's; routing only looks at `to`.
          const echo = { to: 'risk-engine', message: { ...message, type: 'Echo' } } as never;
          return decided(add(message), [echo], replyTo(message.replyTo, 'ACCEPTED', null));
        }
      }
    },
  };
}

function echo(): ActorDefinition<ToyState, ToyMessage, Added> {
  return { ...counter(), service: 'risk-engine', receive: (message) => decided(add(message)) };
}

const NO_MARKET: MarketView = { prices: () => undefined, book: () => undefined };
const NO_INSTRUMENTS: InstrumentCatalog = new Map();

export interface Answered {
  readonly total: number;
  readonly quarantinedAt: number | null;
}

export class ToyHouse {
  readonly time = new ManualTime();
  readonly delivered: { readonly replyTo: number; readonly answered: Answered }[] = [];
  readonly released: unknown[] = [];
  readonly durable: number[] = [];
  failure: { readonly error: unknown; readonly evidence: string | null } | null = null;
  readonly runtime: Runtime<Answered>;

  constructor(
    journal: Journal,
    snapshots: SnapshotStore | null = null,
    changes: Partial<RuntimeOptions<Answered>> = {},
    actors: readonly (() => AnyActor)[] = [counter, echo],
  ) {
    this.runtime = new Runtime<Answered>({
      actors: actors.map((create) => ({ create, partitions: 1 })),
      journal,
      snapshots,
      clock: this.time,
      scheduler: this.time,
      market: NO_MARKET,
      instruments: NO_INSTRUMENTS,
      hooks: {
        answer: (_answer, cell) => ({ total: (cell.state as ToyState).total, quarantinedAt: null }),
        quarantined: (position) => ({ total: Number.NaN, quarantinedAt: position }),
        deliver: (replyTo, answered) => this.delivered.push({ replyTo, answered }),
        applied: (_service, event) => () => this.released.push(event),
        durable: (position) => this.durable.push(position),
        failed: (error, evidence) => {
          this.failure = { error, evidence };
        },
      },
      ...changes,
    });
  }

  state(service: 'order-processor' | 'risk-engine' = 'order-processor'): ToyState {
    return this.runtime.cells.of(service, 0)!.state as ToyState;
  }

  send(
    type: ToyMessage['type'],
    amount: number,
    replyTo: number | null = null,
    source?: { kind: number; sequence: number },
  ) {
    return this.runtime.submit('order-processor', 0, { type, amount, replyTo } as ToyMessage, 'ordinary', source);
  }
}
