/** What other panels put into the order ticket: a clicked price of the book, the size of a position to close. */
import type { Side } from '@oms/domain';
import { createStore, useStore } from 'zustand';

export interface TicketFill {
  /** Counts up, so that the same price clicked again fills again. */
  readonly number: number;
  readonly price?: string;
  readonly quantity?: string;
  readonly side?: Side;
}

export const ticketStore = createStore<TicketFill>(() => ({ number: 0 }));
export const useTicketFill = (): TicketFill => useStore(ticketStore);

export const fillTicket = (fill: Omit<TicketFill, 'number'>): void =>
  ticketStore.setState({ ...fill, number: ticketStore.getState().number + 1 }, true);
