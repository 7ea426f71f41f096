/** Keys that work everywhere: Alt and a letter, so that they never take one away from typing. */
import type { DockviewApi } from 'dockview-react';
import { useEffect } from 'react';
import { accountStore } from '../services/accountStore.ts';
import { cancelAllOrders } from '../services/orderActions.ts';
import { fillTicket } from '../services/ticketStore.ts';
import { showPanel } from './layouts.ts';
import type { PanelName } from './panels.tsx';

export interface Shortcut {
  /** As the person presses it. */
  readonly keys: string;
  readonly code: string;
  readonly meaning: string;
  readonly run: (dock: DockviewApi) => void;
}

const panel = (keys: string, code: string, name: PanelName, title: string): Shortcut => ({
  keys,
  code,
  meaning: `Go to ${title}`,
  run: (dock) => {
    showPanel(dock, name);
    dock.getPanel(name)?.view.content.element.querySelector<HTMLElement>('input, select, button')?.focus();
  },
});

export const SHORTCUTS: readonly Shortcut[] = [
  { keys: 'Alt+B', code: 'KeyB', meaning: 'Buy: ticket ready to buy', run: (dock) => prepare(dock, 'BUY') },
  { keys: 'Alt+S', code: 'KeyS', meaning: 'Sell: ticket ready to sell', run: (dock) => prepare(dock, 'SELL') },
  {
    keys: 'Alt+X',
    code: 'KeyX',
    meaning: 'Cancel all open orders of the account',
    run: () => {
      const { accountId } = accountStore.getState();
      if (accountId !== null) void cancelAllOrders(accountId);
    },
  },
  panel('Alt+M', 'KeyM', 'marketWatch', 'the market watch'),
  panel('Alt+K', 'KeyK', 'orderBook', 'the order book'),
  panel('Alt+O', 'KeyO', 'orders', 'the orders'),
  panel('Alt+P', 'KeyP', 'positions', 'the positions'),
  panel('Alt+H', 'KeyH', 'trades', 'the trade history'),
  panel('Alt+L', 'KeyL', 'balances', 'the balances'),
  panel('Alt+R', 'KeyR', 'risk', 'risk'),
  panel('Alt+Y', 'KeyY', 'system', 'the system status'),
];

function prepare(dock: DockviewApi, side: 'BUY' | 'SELL'): void {
  showPanel(dock, 'ticket');
  fillTicket({ side, price: '' });
  dock.getPanel('ticket')?.view.content.element.querySelector<HTMLElement>('input[inputmode="decimal"]')?.focus();
}

export function useShortcuts(dock: DockviewApi | null, onHelp: () => void): void {
  useEffect(() => {
    if (dock === null) return;
    const pressed = (event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLElement && event.target.closest('input, textarea, select') !== null;
      if (event.key === '?' && !typing) {
        onHelp();
        return;
      }
      if (!event.altKey || event.ctrlKey || event.metaKey) return;
      const shortcut = SHORTCUTS.find(({ code }) => code === event.code);
      if (shortcut === undefined) return;
      event.preventDefault();
      shortcut.run(dock);
    };
    window.addEventListener('keydown', pressed);
    return () => window.removeEventListener('keydown', pressed);
  }, [dock, onHelp]);
}
