/** Every panel by name: what it is called and what draws it. Layouts and presets refer to these names. */
import type { ComponentType, FunctionComponent } from 'react';
import { PanelBoundary } from '../components/PanelBoundary.tsx';
import { Balances } from '../panels/Balances.tsx';
import { MarketWatch } from '../panels/MarketWatch.tsx';
import { OrderBook } from '../panels/OrderBook.tsx';
import { OrderDetail } from '../panels/OrderDetail.tsx';
import { Orders } from '../panels/Orders.tsx';
import { Positions } from '../panels/Positions.tsx';
import { PriceChart } from '../panels/PriceChart.tsx';
import { RiskPanel } from '../panels/RiskPanel.tsx';
import { SystemStatus } from '../panels/SystemStatus.tsx';
import { TradeHistory } from '../panels/TradeHistory.tsx';
import { OrderTicket } from '../panels/ticket/OrderTicket.tsx';

const DRAWN = {
  marketWatch: ['Market watch', MarketWatch],
  chart: ['Chart', PriceChart],
  orderBook: ['Order book', OrderBook],
  ticket: ['Order ticket', OrderTicket],
  orders: ['Orders', Orders],
  trades: ['Trade history', TradeHistory],
  positions: ['Positions', Positions],
  balances: ['Balances', Balances],
  orderDetail: ['Order detail', OrderDetail],
  risk: ['Risk', RiskPanel],
  system: ['System', SystemStatus],
} as const satisfies Record<string, readonly [string, ComponentType]>;

export type PanelName = keyof typeof DRAWN;
export const PANEL_NAMES = Object.keys(DRAWN) as readonly PanelName[];

export const titleOf = (name: PanelName): string => DRAWN[name][0];

/** As the dock wants them: by name, each within a boundary of its own. */
export const PANEL_COMPONENTS: Record<string, FunctionComponent> = Object.fromEntries(
  PANEL_NAMES.map((name) => {
    const [title, Panel] = DRAWN[name];
    return [
      name,
      () => (
        <PanelBoundary name={title}>
          <Panel />
        </PanelBoundary>
      ),
    ];
  }),
);
