export * from './accountProjection.ts';
export * from './clientOrderIds.ts';
export * from './documents.ts';
export * from './orderHistory.ts';
export * from './projector.ts';
export * from './varint.ts';
