/**
 * What the comparison with the venue journals: runs go forward in time, a difference that is gone was found before,
 * and an operator settles only requests of orders there are, with a reason (I14).
 */
import type { DifferenceKind, ReconciliationEvent } from '@oms/domain';
import type { Findings } from '../findings.ts';
import type { PackedTable } from '../memory/packedTable.ts';
import type { OrderFacts } from './orderFacts.ts';

interface Subject {
  readonly kind: DifferenceKind;
  readonly orderId: string;
  readonly accountId: string;
  readonly symbol: string;
}

const keyOf = ({ kind, orderId, accountId, symbol }: Subject): string => [kind, orderId, accountId, symbol].join(' ');

export class ReconciliationChecks {
  readonly #findings: Findings;
  readonly #standing = new Set<string>();
  /** By partition. */
  readonly #lastRunAt = new Map<number, number>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  apply(event: ReconciliationEvent, orders: PackedTable<OrderFacts>, position: number, partition: number): void {
    switch (event.type) {
      case 'ReconciliationCompleted':
        this.#completed(event.startedAt, position, partition);
        return;
      case 'ReconciliationDifferenceFound':
        if (event.repaired) this.#standing.delete(keyOf(event));
        else this.#standing.add(keyOf(event));
        return;
      case 'ReconciliationDifferenceResolved':
        this.#findings.expect(
          this.#standing.delete(keyOf(event)),
          'I14',
          position,
          () => `the difference ${keyOf(event)} is gone, but none was found`,
        );
        return;
      case 'RequestResolved': {
        const { orderId, clientOrderId, reason, actor } = event;
        const order = orders.get(orderId);
        const waits = event.kind === 'NEW' ? order?.phase === 'SUBMITTED' : order?.requests?.has(clientOrderId);
        this.#findings.expect(
          waits === true && reason !== '',
          'I14',
          position,
          () => `${actor ?? 'nobody'} settles request ${clientOrderId} of order ${orderId}, which does not wait`,
        );
        return;
      }
    }
  }

  /** Of one partition; a restart under a clock that stands still may begin at the same time again. */
  #completed(startedAt: number, position: number, partition: number): void {
    const before = this.#lastRunAt.get(partition) ?? 0;
    this.#findings.expect(
      startedAt >= before,
      'I9',
      position,
      () => `the comparison with the venue begun at ${startedAt} follows that of ${before}`,
    );
    this.#lastRunAt.set(partition, startedAt);
  }
}
