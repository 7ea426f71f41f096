/**
 * Binary layouts of journal events and state snapshots. A service describes its own like this:
 *
 *     const layout: EventTable<LampEvent> = {
 *       LampLit: { number: 200, fields: { lampId: text8, at: time, brightness: nullable(u8) } },
 *       LampOut: { number: 201, fields: { lampId: text8, reason: oneOf('ASKED', 'BROKEN') } },
 *     };
 *     export const lampEventCodec: Codec<LampEvent> = eventCodec<LampEvent>(layout);
 *
 *     const lamp = struct<Lamp>('Lamp', { lampId: text8, litAt: nullable(time) });
 *     export const lampStateCodec: Codec<LampState> = stateCodec<LampState>({
 *       name: 'LampState',
 *       fields: { lamps: mapBy('lampId', lamp), litCount: count },
 *     });
 *
 * Fields are written in the order of the table. Once bytes exist, a layout changes only by a new version (`older`).
 */
export * from './eventCodec.ts';
export * from './fieldTypes.ts';
export * from './layouts/orderEvents.ts';
export * from './layouts/ordersState.ts';
export * from './layouts/riskEvents.ts';
export * from './layouts/riskState.ts';
export * from './layouts/venueEvents.ts';
export * from './layoutVersions.ts';
export { malformed } from './malformed.ts';
export * from './recordCodec.ts';
export * from './runtimeEvents.ts';
export * from './stateCodec.ts';
