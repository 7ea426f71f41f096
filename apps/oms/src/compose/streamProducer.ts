/**
 * Turns folded events into what the private channels carry, for accounts that somebody listens to. Built at the
 * fold, while the order is exactly as the event left it; handed over once durable.
 */

import type { ServiceName } from '@oms/actors';
import {
  balanceViews,
  executionReportOf,
  type MarketView,
  type OrderChange,
  type OrderEvent,
  positionViews,
  type RiskChange,
  type RiskState,
  viewOfOrder,
} from '@oms/domain';
import type { AccountStreamSink } from '@oms/ports';

export interface StreamProducer {
  applied(service: ServiceName, event: unknown, change: unknown, now: number): (() => void) | undefined;
}

export function createStreamProducer(
  sink: AccountStreamSink,
  market: MarketView,
  riskStateOf: (accountId: string) => RiskState,
): StreamProducer {
  return {
    applied(service, event, change, now) {
      if (change === null) return undefined;
      if (service === 'order-processor') return reported(sink, event as OrderEvent, change as OrderChange, now);
      if (service === 'risk-engine') return moved(sink, market, riskStateOf, change as RiskChange);
      return undefined;
    },
  };
}

function reported(
  sink: AccountStreamSink,
  event: OrderEvent,
  change: OrderChange,
  now: number,
): (() => void) | undefined {
  const { order, execType, sequence } = change;
  if (execType === null || !sink.listens(order.accountId)) return undefined;
  const report = executionReportOf(event, execType, order, sequence, now);
  const view = viewOfOrder(order);
  return () => sink.reported(view.accountId, sequence, report, view);
}

function moved(
  sink: AccountStreamSink,
  market: MarketView,
  riskStateOf: (accountId: string) => RiskState,
  change: RiskChange,
): (() => void) | undefined {
  const { accountId, positionSymbol, currencies } = change;
  if (!sink.listens(accountId)) return undefined;
  const state = riskStateOf(accountId);
  const positions = positionSymbol === null ? [] : positionViews(state, accountId, market);
  const position = positions.find((view) => view.symbol === positionSymbol);
  const balances = balanceViews(state, accountId).filter((view) => currencies.includes(view.currency));
  const byCurrency = new Map(balances.map((view) => [view.currency, view]));
  return () => {
    if (position !== undefined) sink.position(accountId, position.sequence, position);
    currencies.forEach((currency, i) => {
      const balance = byCurrency.get(currency);
      if (balance === undefined) return;
      // The fold counted one change per currency; the last listed has the newest sequence.
      const sequence = balance.sequence - (currencies.length - 1 - i);
      sink.balance(accountId, sequence, { ...balance, sequence });
    });
  };
}
