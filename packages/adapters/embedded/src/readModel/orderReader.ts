/** Orders and reports as they are shown, folded from the histories. For one query: it keeps what it folded. */
import { type ExecutionReport, type OrderView, viewOfOrder } from '@oms/domain';
import { isKnownAs, type NumberedReport, orderOfHistory, reportsOfHistory } from '@oms/projections';
import type { OrderHistories } from './orderHistories.ts';
import { readStored } from './storedBody.ts';

export class OrderReader {
  readonly #histories: OrderHistories;
  /** By order ordinal. */
  readonly #reports = new Map<number, readonly NumberedReport[]>();

  constructor(histories: OrderHistories) {
    this.#histories = histories;
  }

  view(ordinal: number): OrderView {
    return readStored(() => viewOfOrder(orderOfHistory(this.#histories.read(ordinal))));
  }

  /** Oldest first. */
  reports(ordinal: number): readonly NumberedReport[] {
    let reports = this.#reports.get(ordinal);
    if (reports === undefined) {
      reports = readStored(() => reportsOfHistory(this.#histories.read(ordinal)));
      this.#reports.set(ordinal, reports);
    }
    return reports;
  }

  reportAt(ordinal: number, executionOrdinal: number): ExecutionReport | null {
    return this.reports(ordinal).find((each) => each.executionOrdinal === executionOrdinal)?.report ?? null;
  }

  /** Those with sequences from `from` to before `end`. */
  reportsBySequence(ordinal: number, from: number, end: number): readonly ExecutionReport[] {
    return this.reports(ordinal)
      .filter(({ report }) => report.sequence >= from && report.sequence < end)
      .map(({ report }) => report);
  }

  isKnownAs(ordinal: number, accountId: string, clientOrderId: string): boolean {
    return readStored(() => isKnownAs(this.#histories.read(ordinal), accountId, clientOrderId));
  }
}
