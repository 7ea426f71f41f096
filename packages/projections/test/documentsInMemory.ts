/** A store for tests: keeps what it is given and gives copies back. */
import type { AuditEntry, ExecutionReport } from '@oms/domain';
import { isOpen } from '@oms/domain';
import type { DocumentChanges, DocumentSource, OrderDocument } from '../src/documents.ts';

export class DocumentsInMemory implements DocumentSource {
  readonly orders = new Map<string, OrderDocument>();
  readonly reports: ExecutionReport[] = [];
  readonly audit: AuditEntry[] = [];
  /** Orders that were read back. */
  readonly loaded: string[] = [];

  write(changes: DocumentChanges): void {
    for (const document of [...changes.placedOrders, ...changes.changedOrders]) {
      this.orders.set(document.order.orderId, structuredClone(document));
    }
    this.reports.push(...changes.executions.map((execution) => execution.report));
    this.audit.push(...changes.audit.map((document) => document.entry));
  }

  order(orderId: string): OrderDocument | null {
    this.loaded.push(orderId);
    return structuredClone(this.orders.get(orderId) ?? null);
  }

  *openOrders(): Iterable<OrderDocument> {
    for (const document of this.orders.values()) if (isOpen(document.order)) yield structuredClone(document);
  }

  reportSequence(accountId: string): number {
    return this.reports.findLast((report) => report.accountId === accountId)?.sequence ?? 0;
  }

  ordinals(): { orders: number; executions: number; audit: number } {
    return { orders: this.orders.size, executions: this.reports.length, audit: this.audit.length };
  }

  lastAudit(action: string): AuditEntry | null {
    return this.audit.findLast((entry) => entry.action === action) ?? null;
  }
}
