/** The presets of the dock: which panels, where, how large. What the person moves is kept in the browser. */
import type { DockviewApi } from 'dockview-react';
import { type PanelName, titleOf } from './panels.tsx';

export type Preset = 'trading' | 'risk' | 'monitoring' | 'phone';
export const PRESETS: readonly Preset[] = ['trading', 'risk', 'monitoring', 'phone'];

/** Below it panels side by side are too narrow to read. */
const PHONE_WIDTH = 700;

export const firstPreset = (api: DockviewApi): Preset => (api.width < PHONE_WIDTH ? 'phone' : 'trading');

const KEY = 'oms.layout';
/** Raised when panels were renamed: an old layout would name what is no longer there. */
const VERSION = 1;

export function applyPreset(api: DockviewApi, preset: Preset): void {
  api.clear();
  LAYOUTS[preset](api);
}

/** Restores what the person left. @returns false when there is nothing usable */
export function restoreLayout(api: DockviewApi): boolean {
  try {
    const stored = JSON.parse(localStorage.getItem(KEY) ?? 'null');
    if (stored?.version !== VERSION) return false;
    api.fromJSON(stored.layout);
    return api.panels.length > 0;
  } catch {
    api.clear();
    return false;
  }
}

export const saveLayout = (api: DockviewApi): void =>
  localStorage.setItem(KEY, JSON.stringify({ version: VERSION, layout: api.toJSON() }));

type Direction = 'left' | 'right' | 'above' | 'below';
/** Beside or within another panel, or along a whole edge of the dock. */
type Place = { readonly beside: PanelName; readonly direction: Direction | 'within' } | { readonly edge: Direction };

function add(api: DockviewApi, name: PanelName, place: Place | null): void {
  api.addPanel({
    id: name,
    component: name,
    title: titleOf(name),
    ...(place === null ? {} : { position: positionOf(place) }),
  });
}

const positionOf = (place: Place) =>
  'edge' in place ? { direction: place.edge } : { referencePanel: place.beside, direction: place.direction };

/** A part of the dock's width or height, and never less than what can be read. */
const share = (part: number, whole: number, least: number): number => Math.max(least, Math.round(whole * part));

const LAYOUTS: Readonly<Record<Preset, (api: DockviewApi) => void>> = {
  trading: (api) => {
    add(api, 'chart', null);
    add(api, 'orders', { beside: 'chart', direction: 'below' });
    for (const name of ['trades', 'positions', 'balances', 'orderDetail'] as const) {
      add(api, name, { beside: 'orders', direction: 'within' });
    }
    add(api, 'orderBook', { beside: 'chart', direction: 'right' });
    add(api, 'marketWatch', { edge: 'left' });
    add(api, 'ticket', { edge: 'right' });
    api.getPanel('marketWatch')?.group.api.setSize({ width: share(0.2, api.width, 350) });
    api.getPanel('ticket')?.group.api.setSize({ width: share(0.17, api.width, 280) });
    api.getPanel('orderBook')?.group.api.setSize({ width: share(0.26, api.width, 380) });
    api.getPanel('orders')?.group.api.setSize({ height: share(0.33, api.height, 200) });
    activate(api, 'orders');
  },
  risk: (api) => {
    add(api, 'risk', null);
    add(api, 'positions', { beside: 'risk', direction: 'right' });
    add(api, 'balances', { beside: 'positions', direction: 'below' });
    add(api, 'orders', { beside: 'risk', direction: 'below' });
    add(api, 'orderDetail', { beside: 'orders', direction: 'within' });
    activate(api, 'orders');
  },
  monitoring: (api) => {
    add(api, 'system', null);
    add(api, 'marketWatch', { beside: 'system', direction: 'right' });
    add(api, 'orders', { beside: 'system', direction: 'below' });
    add(api, 'trades', { beside: 'marketWatch', direction: 'below' });
  },
  phone: (api) => {
    add(api, 'orderBook', null);
    for (const name of ['ticket', 'orders', 'positions', 'marketWatch', 'chart', 'balances', 'risk'] as const) {
      add(api, name, { beside: 'orderBook', direction: 'within' });
    }
    activate(api, 'ticket');
  },
};

function activate(api: DockviewApi, name: PanelName): void {
  api.getPanel(name)?.api.setActive();
}

/** Brings a panel to the front, adding it where there is none. */
export function showPanel(api: DockviewApi, name: PanelName): void {
  const panel = api.getPanel(name);
  if (panel === undefined) add(api, name, null);
  activate(api, name);
}

export function togglePanel(api: DockviewApi, name: PanelName): void {
  const panel = api.getPanel(name);
  if (panel === undefined) showPanel(api, name);
  else api.removePanel(panel);
}
