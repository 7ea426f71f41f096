/** The read model on the test's own thread, over a journal in memory: what the worker does, without the worker. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { ReadModelHost } from '../../src/readModel/readModelHost.ts';
import type { QueryName, ReadModelNotice } from '../../src/readModel/workerMessages.ts';
import type { FedJournal } from './fedJournal.ts';

export interface HostedReadModel {
  readonly notices: readonly ReadModelNotice[];
  /** Projects all there is. @returns the position reached */
  level(busy?: boolean): Promise<number>;
  /** Runs one turn of the event loop: at most one chunk. */
  turn(): Promise<void>;
  ask<T>(name: QueryName, ...parameters: unknown[]): Promise<T>;
  close(): void;
}

export const temporaryDirectory = (): { readonly path: string; readonly remove: () => void } => {
  const path = mkdtempSync(join(tmpdir(), 'oms-read-model-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
};

/** Small enough that a short journal has several of everything. */
const LIMITS = { sliceEvents: 100, chunkEvents: 350, riskStatesRecords: 900 };

/** Turns without progress after which there is none to come; folding risk events again takes a few. */
const IDLE_TURNS = 100;

export function hostReadModel(databaseFile: string, journal: FedJournal): HostedReadModel {
  const notices: ReadModelNotice[] = [];
  const asked = new Map<number, PromiseWithResolvers<unknown>>();
  let position = 0;
  let lastId = 0;
  const host = new ReadModelHost({
    databaseFile,
    durablePosition: journal.lastPosition,
    openGroups: journal.open,
    limits: LIMITS,
    send: (message) => {
      if (message.kind === 'notice') notices.push(message.notice);
      else if (message.kind === 'ready' || message.kind === 'projected') position = message.position;
      else if (message.kind === 'answer') asked.get(message.id)!.resolve(message.value);
      else asked.get(message.id)!.reject(new Error(`${message.code}: ${message.message}`));
    },
  });
  host.start();
  return {
    notices,
    async level(busy = false) {
      host.receive({ kind: 'durable', position: journal.lastPosition, busy });
      for (let idle = 0; idle < IDLE_TURNS; idle++) {
        const before = position;
        // While orders come fast it rests between chunks, by timer.
        if (busy) await setTimeout(1);
        else await setImmediate();
        if (position !== before) idle = 0;
      }
      return position;
    },
    async turn() {
      await setImmediate();
    },
    ask(name, ...parameters) {
      const id = ++lastId;
      const answer = Promise.withResolvers<unknown>();
      asked.set(id, answer);
      host.receive({ kind: 'query', id, name, parameters });
      return answer.promise as Promise<never>;
    },
    close: () => host.receive({ kind: 'close' }),
  };
}
