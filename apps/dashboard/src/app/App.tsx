/** The whole screen: the bar above, the dock of panels, notifications, and how keys get everywhere. */
import { type DockviewApi, DockviewReact, type IDockviewPanelHeaderProps } from 'dockview-react';
import 'dockview-react/dist/styles/dockview.css';
import { useEffect, useRef, useState } from 'react';
import { useDetailOrderId } from '../services/detailStore.ts';
import { applyPreset, firstPreset, restoreLayout, saveLayout, showPanel } from './layouts.ts';
import { Notices } from './Notices.tsx';
import { PANEL_COMPONENTS } from './panels.tsx';
import { ShortcutSheet } from './ShortcutSheet.tsx';
import { TopBar } from './TopBar.tsx';
import { useShortcuts } from './useShortcuts.ts';

/** Only the title: a button within a tab could not be reached by keyboard. The layout menu opens and closes panels. */
function PanelTab({ api }: IDockviewPanelHeaderProps) {
  return <span className="panelTab">{api.title}</span>;
}

export function App() {
  const [dock, setDock] = useState<DockviewApi | null>(null);
  const [sheetOpen, setSheetOpen] = useState(false);
  useShortcuts(dock, () => setSheetOpen(true));
  useDetailPanel(dock);
  return (
    <div className="app">
      <TopBar dock={dock} />
      <main className="dock" aria-label="Panels">
        <DockviewReact
          className="dockTheme"
          components={PANEL_COMPONENTS}
          defaultTabComponent={PanelTab}
          onReady={({ api }) => {
            if (!restoreLayout(api)) applyPreset(api, firstPreset(api));
            api.onDidLayoutChange(() => saveLayout(api));
            setDock(api);
          }}
        />
      </main>
      <Notices />
      <ShortcutSheet open={sheetOpen} onOpenChange={setSheetOpen} />
    </div>
  );
}

/** Choosing an order anywhere brings its detail to the front. */
function useDetailPanel(dock: DockviewApi | null): void {
  const orderId = useDetailOrderId();
  const before = useRef(orderId);
  useEffect(() => {
    if (dock === null || orderId === null || before.current === orderId) return;
    before.current = orderId;
    showPanel(dock, 'orderDetail');
  }, [dock, orderId]);
}
