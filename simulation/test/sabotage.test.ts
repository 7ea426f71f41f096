/**
 * The simulation finds what it is there to find: with one thing broken on purpose, few seeds are needed to see it, and
 * the breach names the invariant. Without, the same seeds are clean.
 */
import type { AnyActor } from '@oms/actors';
import { NOTHING, type OrderProcessorMessage, type RiskEngineMessage } from '@oms/domain';
import type { FileSystem, Journal, JournalGroup } from '@oms/ports';
import { describe, expect, it } from 'vitest';
import { type FaultFocus, type Sabotage, simulateSeed } from '../src/index.ts';

const SEEDS_MAX = 200;
const MINUTES = 0.25;

/** A journal that says "durable" as soon as it was asked, and writes behind everybody's back. */
class HastyJournal implements Journal {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get lastPosition(): number {
    return this.#journal.lastPosition;
  }

  get durablePosition(): number {
    return this.#journal.lastPosition;
  }

  get head() {
    return this.#journal.head;
  }

  get epoch(): number {
    return this.#journal.epoch;
  }

  append(group: JournalGroup): void {
    this.#journal.append(group);
    this.#journal.flush().catch(() => undefined);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  read(position: number): Iterable<JournalGroup> {
    return this.#journal.read(position);
  }

  close(): Promise<void> {
    return this.#journal.close();
  }
}

/** A disk whose cache is never written: a sync does nothing. */
const withoutSync = (fileSystem: FileSystem): FileSystem => ({
  makeDirectory: (path) => fileSystem.makeDirectory(path),
  list: (directory) => fileSystem.list(directory),
  rename: (from, to) => fileSystem.rename(from, to),
  remove: (path) => fileSystem.remove(path),
  syncDirectory: (path) => fileSystem.syncDirectory(path),
  open: (path, mode) => ({ ...fileSystem.open(path, mode), datasync: async () => {}, datasyncNow: () => {} }),
});

type Receive = AnyActor['receive'];

/** Decides some messages otherwise. */
const deciding = (definition: AnyActor, change: (receive: Receive) => Receive): AnyActor => ({
  ...definition,
  receive: change(definition.receive),
});

const dropping =
  (drops: (message: OrderProcessorMessage | RiskEngineMessage) => boolean) =>
  (definition: AnyActor): AnyActor =>
    deciding(definition, (receive) => (message, state, context) => {
      if (drops(message)) return NOTHING;
      return receive(message, state, context);
    });

/** Knows no order by its clientOrderId: every repeat is a new order. */
const withoutMemory = (definition: AnyActor): AnyActor =>
  deciding(definition, (receive) => (message, state, context) => {
    if (message.type !== 'PlaceOrder') return receive(message, state, context);
    const orders = Object.create(state.orders, { placedAs: { value: () => null } });
    return receive(message, { ...state, orders }, context);
  });

interface Case {
  readonly name: string;
  readonly sabotage: Sabotage;
  readonly focus: FaultFocus | null;
  readonly finds: RegExp;
}

const CASES: readonly Case[] = [
  {
    name: 'an answer before the sync',
    sabotage: { journal: (journal) => new HastyJournal(journal) },
    focus: 'disk',
    finds: /I1:|I9:/,
  },
  {
    name: 'a sync that does nothing',
    sabotage: { fileSystem: withoutSync },
    focus: 'disk',
    finds: /I1:|does not start: .* was durable/,
  },
  {
    name: 'no memory of clientOrderIds',
    sabotage: { orderProcessor: withoutMemory },
    focus: 'messages',
    finds: /is used twice/,
  },
  {
    name: 'a hold that is not released',
    sabotage: { riskEngine: dropping((message) => message.type === 'ReleaseHold') },
    focus: null,
    finds: /I6:/,
  },
  {
    name: 'a fill that is not settled',
    sabotage: { riskEngine: dropping((message) => message.type === 'SettleFill') },
    focus: null,
    finds: /I5:/,
  },
];

/** The first seed that finds something, and what. */
async function search({ sabotage, focus }: Case): Promise<{ readonly seed: number; readonly breaches: string } | null> {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const { breaches } = await simulateSeed({ seed, minutes: MINUTES, focus, sabotage });
    if (breaches.length > 0) return { seed, breaches: breaches.join('\n') };
  }
  return null;
}

describe('finds', () => {
  it.each(CASES)('$name', async (each) => {
    const found = await search(each);
    expect(found?.breaches).toMatch(each.finds);
  });
});
