/** Whether what the page shows is live: the stream's state, since when, and how long the way to the server takes. */
import type { StreamState } from '@oms/client';
import { createStore, useStore } from 'zustand';

interface ConnectionState {
  readonly state: StreamState;
  readonly detail: string;
  /** Epoch milliseconds of the last change of state. */
  readonly since: number;
  /** The newest measurements of the round trip, oldest first. */
  readonly latenciesMs: readonly number[];
  readonly reconnects: number;
  changed(state: StreamState, detail: string): void;
  answered(latencyMs: number): void;
}

const LATENCIES_KEPT = 60;

export const connectionStore = createStore<ConnectionState>((set, get) => ({
  state: 'CONNECTING',
  detail: '',
  since: Date.now(),
  latenciesMs: [],
  reconnects: 0,
  changed: (state, detail) => {
    const before = get();
    if (before.state === state) return;
    const reconnects = before.reconnects + (state === 'DISCONNECTED' ? 1 : 0);
    set({ state, detail, since: Date.now(), reconnects });
  },
  answered: (latencyMs) => set({ latenciesMs: [...get().latenciesMs.slice(1 - LATENCIES_KEPT), latencyMs] }),
}));

export const useConnection = <T>(select: (state: ConnectionState) => T): T => useStore(connectionStore, select);

/** Nothing on the page is known to be true at this moment. */
export const useStale = (): boolean => useConnection(({ state }) => state !== 'CONNECTED');
