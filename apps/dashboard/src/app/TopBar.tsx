/** The bar above the panels: account, connection, layout presets, theme, time zone, notification history. */
import type { DockviewApi } from 'dockview-react';
import { Dialog, DropdownMenu } from 'radix-ui';
import menu from '../components/menu.module.css';
import { useTimes } from '../numbers/times.ts';
import { chooseAccount, useAccount } from '../services/accountStore.ts';
import { useConnection } from '../services/connectionStore.ts';
import { clearNotifications, useNotifications } from '../services/notificationStore.ts';
import { session } from '../services/session.ts';
import { changeSettings, type Settings, useSettings } from '../services/settingsStore.ts';
import { applyPreset, PRESETS, togglePanel } from './layouts.ts';
import { PANEL_NAMES, titleOf } from './panels.tsx';

export function TopBar({ dock }: { readonly dock: DockviewApi | null }) {
  return (
    <header className="topBar">
      <strong className="brand">crypto-oms</strong>
      <AccountChoice />
      <Connection />
      <span className="grow" />
      <LayoutMenu dock={dock} />
      <Preferences />
      <History />
      <Person />
    </header>
  );
}

function AccountChoice() {
  const accounts = useAccount((state) => state.accounts);
  const accountId = useAccount((state) => state.accountId);
  return (
    <select
      aria-label="Account"
      value={accountId ?? ''}
      onChange={(event) => chooseAccount(event.target.value)}
      disabled={accounts.length === 0}
    >
      {accountId === null && <option value="">No account</option>}
      {accounts.map((account) => (
        <option key={account.accountId} value={account.accountId}>
          {account.accountId} · {account.name}
          {account.tradingState === 'ACTIVE' ? '' : ` · ${account.tradingState}`}
        </option>
      ))}
    </select>
  );
}

function Person() {
  if (session.name === null) return null;
  return (
    <>
      <span>{session.name}</span>
      <button type="button" onClick={() => void session.signOut()}>
        Sign out
      </button>
    </>
  );
}

const WORDS = {
  CONNECTED: 'Live',
  CONNECTING: 'Connecting …',
  DISCONNECTED: 'Disconnected: figures are old, entry is off',
  CLOSED: 'Closed',
} as const;

function Connection() {
  const state = useConnection((connection) => connection.state);
  const latencyMs = useConnection((connection) => connection.latenciesMs.at(-1));
  return (
    <span role="status" className="connection" data-state={state}>
      <span aria-hidden="true">{state === 'CONNECTED' ? '●' : '○'}</span> {WORDS[state]}
      {state === 'CONNECTED' && latencyMs !== undefined ? ` · ${latencyMs.toFixed(0)} ms` : ''}
    </span>
  );
}

function LayoutMenu({ dock }: { readonly dock: DockviewApi | null }) {
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger disabled={dock === null}>Layout</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menu.menu} align="end" sideOffset={4}>
          <DropdownMenu.Label className="menuLabel">Presets</DropdownMenu.Label>
          {PRESETS.map((preset) => (
            <DropdownMenu.Item
              key={preset}
              className={menu.item}
              onSelect={() => dock !== null && applyPreset(dock, preset)}
            >
              {preset[0]!.toUpperCase() + preset.slice(1)}
            </DropdownMenu.Item>
          ))}
          <DropdownMenu.Label className="menuLabel">Panels</DropdownMenu.Label>
          {PANEL_NAMES.map((name) => (
            <DropdownMenu.CheckboxItem
              key={name}
              className={menu.item}
              checked={dock?.getPanel(name) !== undefined}
              onCheckedChange={() => dock !== null && togglePanel(dock, name)}
            >
              <span className={menu.check} aria-hidden="true">
                {dock?.getPanel(name) === undefined ? '' : '✓'}
              </span>
              {titleOf(name)}
            </DropdownMenu.CheckboxItem>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}

function Preferences() {
  const theme = useSettings((settings) => settings.theme);
  const timeZone = useSettings((settings) => settings.timeZone);
  return (
    <>
      <select
        aria-label="Theme"
        value={theme}
        onChange={(event) => changeSettings({ theme: event.target.value as Settings['theme'] })}
      >
        <option value="system">System theme</option>
        <option value="dark">Dark</option>
        <option value="light">Light</option>
      </select>
      <select
        aria-label="Time zone"
        value={timeZone}
        onChange={(event) => changeSettings({ timeZone: event.target.value as Settings['timeZone'] })}
      >
        <option value="local">Local time</option>
        <option value="utc">UTC</option>
      </select>
    </>
  );
}

function History() {
  const all = useNotifications((state) => state.all);
  const times = useTimes();
  return (
    <Dialog.Root>
      <Dialog.Trigger>Messages ({all.length})</Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="overlay" />
        <Dialog.Content className="dialog wide">
          <Dialog.Title>Messages</Dialog.Title>
          <Dialog.Description>Everything this page has told you, newest first.</Dialog.Description>
          <ol className="history">
            {all.map(({ id, kind, title, detail, at }) => (
              <li key={id} data-kind={kind}>
                <time>{times.full(at)}</time> <strong>{title}</strong> {detail}
              </li>
            ))}
          </ol>
          <div className="dialogButtons">
            <button type="button" onClick={clearNotifications}>
              Clear
            </button>
            <Dialog.Close>Close</Dialog.Close>
          </div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
