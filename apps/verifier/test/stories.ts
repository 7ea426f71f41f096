/** Histories of the real house that the tests verify, harm and falsify. */
import { decimal } from '@oms/domain';
import { House } from './history.ts';

/**
 * One order filled, one canceled, one open; the shortest history with something of everything in it.
 * @param opened where it happens; else a house of its own
 */
export async function shortHistory(opened?: House): Promise<House> {
  const house = opened ?? (await new House().open());
  const filled = await house.place();
  await house.venue('ack', filled);
  await house.venue('fill', filled);
  const canceled = await house.place({ price: decimal('90') });
  await house.venue('ack', canceled);
  await house.cancel(canceled);
  await house.venue('cancel', canceled);
  const open = await house.place({ side: 'SELL', price: decimal('101'), quantity: decimal('2') }, 'B');
  await house.venue('ack', open);
  return house;
}

/** Every kind of event an order can have, on both kinds of instrument. */
export async function longHistory(): Promise<House> {
  const house = await shortHistory();
  await house.limits('ACCOUNT', 'A', { openOrdersMax: 50 });
  const grown = await house.place({ quantity: decimal('1') });
  await house.venue('ack', grown);
  await house.venue('fill', grown, { quantity: '0.4' });
  await house.replace(grown, '2', '101');
  await house.venue('replace-accept', grown);
  await house.replace(grown, '3');
  await house.venue('replace-reject', grown);
  await house.replace(grown, '0.4');
  await house.venue('replace-accept', grown);
  const bought = await house.place({ type: 'MARKET', price: null, quantity: null, quoteQuantity: decimal('250') });
  await house.venue('ack', bought);
  await house.venue('fill', bought, { quantity: '2.5', price: '100' });
  const stop = await house.place({ type: 'STOP_LIMIT', side: 'SELL', stopPrice: decimal('95'), price: decimal('94') });
  await house.replace(stop, '0.5');
  house.quote('95');
  await house.runtime.step();
  await house.venue('ack', stop);
  await house.venue('fill', stop, { quantity: '0.2', price: '95' });
  await house.venue('cancel', stop);
  await house.venue('fill', stop, { quantity: '0.1', price: '95' });
  house.quote('100');
  const over = await house.place({ quantity: decimal('0.5') });
  await house.venue('fill', over, { quantity: '0.7' });
  await house.venue('trade-cancel', over);
  const corrected = await house.place({ quantity: decimal('0.5') });
  await house.venue('fill', corrected);
  await house.venue('trade-correct', corrected, { quantity: '0.3', price: '99' });
  for (const [side, quantity] of [
    ['SELL', '3'],
    ['BUY', '5'],
    ['SELL', '1'],
  ] as const) {
    const perpetual = await house.place({ symbol: 'BTC-PERP', side, quantity: decimal(quantity) }, 'B');
    await house.venue('fill', perpetual, { price: side === 'BUY' ? '98' : '103' });
  }
  const shrinking = await house.place(
    { symbol: 'BTC-PERP', side: 'SELL', quantity: decimal('1'), reduceOnly: true },
    'B',
  );
  await house.venue('ack', shrinking);
  const closing = await house.place({ symbol: 'BTC-PERP', side: 'SELL', quantity: decimal('0.6') }, 'B');
  await house.venue('fill', closing);
  await house.venue('replace-accept', shrinking);
  await house.place({ quantity: decimal('0.00000001') });
  const rejected = await house.place();
  await house.venue('reject', rejected);
  const late = await house.place();
  await house.cancel(late);
  await house.venue('cancel-reject', late);
  await house.place({ timeInForce: 'GTD', expireTime: house.time.now() + 1_000 });
  house.time.jump(2_000);
  await house.runtime.step();
  await house.tradingState('HALTED', 'risk');
  await house.tradingState('ACTIVE', 'another');
  return house;
}
