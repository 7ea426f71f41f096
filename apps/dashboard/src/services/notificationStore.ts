/** What the person should know: shown for a while, kept in the history until cleared. Nothing fails silently. */
import { createStore, useStore } from 'zustand';

export type NotificationKind = 'success' | 'info' | 'warning' | 'error';

export interface Notification {
  readonly id: number;
  readonly kind: NotificationKind;
  readonly title: string;
  readonly detail: string;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly shown: boolean;
}

interface NotificationState {
  /** Newest first. */
  readonly all: readonly Notification[];
}

const KEPT = 500;
const SHOWN_MS: Readonly<Record<NotificationKind, number>> = {
  success: 4_000,
  info: 4_000,
  warning: 8_000,
  error: 12_000,
};

const store = createStore<NotificationState>(() => ({ all: [] }));
let nextId = 1;

export const useNotifications = <T>(select: (state: NotificationState) => T): T => useStore(store, select);

export function notify(kind: NotificationKind, title: string, detail = ''): void {
  const notification = { id: nextId++, kind, title, detail, at: Date.now(), shown: true };
  store.setState(({ all }) => ({ all: [notification, ...all.slice(0, KEPT - 1)] }));
  setTimeout(() => dismiss(notification.id), SHOWN_MS[kind]);
}

/** Out of sight, still in the history. */
export function dismiss(id: number): void {
  store.setState(({ all }) => ({ all: all.map((each) => (each.id === id ? { ...each, shown: false } : each)) }));
}

export const clearNotifications = (): void => store.setState({ all: [] });
