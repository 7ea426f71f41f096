/** Which order the detail panel shows. */
import { createStore, useStore } from 'zustand';

const store = createStore<{ readonly orderId: string | null }>(() => ({ orderId: null }));

export const useDetailOrderId = (): string | null => useStore(store, ({ orderId }) => orderId);
export const openOrderDetail = (orderId: string | null): void => store.setState({ orderId });
