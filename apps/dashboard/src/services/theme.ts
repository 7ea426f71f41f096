/** The theme on the page: what the person chose, or what the system says; applied before anything draws in colours. */
import { createStore, useStore } from 'zustand';
import { settingsStore } from './settingsStore.ts';

type Theme = 'dark' | 'light';

const systemIsDark = window.matchMedia('(prefers-color-scheme: dark)');
const store = createStore<{ readonly theme: Theme }>(() => ({ theme: 'dark' }));

function apply(): void {
  const chosen = settingsStore.getState().theme;
  const theme = chosen === 'system' ? (systemIsDark.matches ? 'dark' : 'light') : chosen;
  document.documentElement.dataset.theme = theme;
  store.setState({ theme });
}

/** Applies the theme now and whenever the choice or the system's changes. */
export function followTheme(): void {
  apply();
  settingsStore.subscribe(apply);
  systemIsDark.addEventListener('change', apply);
}

export const useTheme = (): Theme => useStore(store, ({ theme }) => theme);
