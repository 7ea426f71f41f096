/** What the person chose, kept in the browser: theme, time zone, the symbol everything shows, one-click mode. */
import { createStore, useStore } from 'zustand';

export interface Settings {
  readonly theme: 'dark' | 'light' | 'system';
  readonly timeZone: 'local' | 'utc';
  readonly symbol: string;
  readonly favourites: readonly string[];
  /** Orders leave without the confirmation step. */
  readonly oneClick: boolean;
}

const KEY = 'oms.settings';
const DEFAULTS: Settings = {
  theme: 'system',
  timeZone: 'local',
  symbol: 'BTC-USD',
  favourites: [],
  oneClick: false,
};

function stored(): Partial<Settings> {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? '{}') as Partial<Settings>;
  } catch {
    return {};
  }
}

export const settingsStore = createStore<Settings>(() => ({ ...DEFAULTS, ...stored() }));

settingsStore.subscribe((settings) => localStorage.setItem(KEY, JSON.stringify(settings)));

export const useSettings = <T>(select: (settings: Settings) => T): T => useStore(settingsStore, select);
export const changeSettings = (change: Partial<Settings>): void => settingsStore.setState(change);

/** The symbol that chart, book and ticket show. */
export const useSymbol = (): string => useSettings((settings) => settings.symbol);
