/** I12: what lists show, projected from the journal on the disk, is what the house itself shows. */
import { isDeepStrictEqual } from 'node:util';
import { JournalTail, projectWhole } from '@oms/adapter-embedded';
import { type BalanceView, type PositionView, viewOfOrder } from '@oms/domain';
import type { EmbeddedHouse } from '@oms/house';
import type { FileSystem } from '@oms/ports';
import { JOURNAL_DIRECTORY } from '../house/houseProcess.ts';
import type { Chronicle } from '../world/chronicle.ts';

export function checkProjections(
  house: EmbeddedHouse,
  durablePosition: number,
  fileSystem: FileSystem,
  chronicle: Chronicle,
): void {
  const same = (what: string, live: unknown, projected: unknown): void => {
    if (isDeepStrictEqual(live, projected)) return;
    chronicle.breach(`I12: ${what}: ${JSON.stringify(live)} in the house, ${JSON.stringify(projected)} in the lists`);
  };
  const openGroups = (from: number) => new JournalTail(JOURNAL_DIRECTORY, from, fileSystem);
  projectWhole(openGroups, durablePosition, (lists) => {
    for (const state of house.orderStates()) {
      for (const order of state.orders.values()) {
        same(`order ${order.orderId}`, viewOfOrder(order), lists.order(order.orderId));
      }
    }
    same('positions', house.positions(null).map(positionText).sort(), lists.positions(null).map(positionText).sort());
    same('balances', house.balances(null).map(balanceText).sort(), lists.balances(null).map(balanceText).sort());
  });
}

/** No journal has mark prices; sequences are the account's here and the last change's there. */
const positionText = ({ accountId, symbol, quantity, averagePrice, realizedPnl }: PositionView): string =>
  [accountId, symbol, quantity, averagePrice, realizedPnl].join(' ');

const balanceText = ({ accountId, currency, total, held, available }: BalanceView): string =>
  [accountId, currency, total, held, available].join(' ');
