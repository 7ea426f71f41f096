/** A caller whose answer was lost finds exactly the order that was placed with what it sent. */
import { decimal } from '@oms/domain';
import { terms } from '@oms/testkit';
import { expect, it } from 'vitest';
import { TestHouse } from './testHouse.ts';

it('finds an order by its id and its terms, and none that was placed under the id with other terms', async () => {
  const house = await TestHouse.open();
  await house.draw('BTC-USD', ['99 x 5'], ['101 x 5']);
  const { order } = await house.place('c1', { price: decimal('90') });
  const { accountId } = order!;
  const found = (clientOrderId: string, price: string) =>
    house.house.orderPlacedWith(accountId, clientOrderId, terms({ price: decimal(price) }));
  expect(found('c1', '90')).toEqual(house.order(order!.orderId));
  expect(found('c1', '91')).toBeNull();
  expect(found('c2', '90')).toBeNull();
  await house.cancel(order!.orderId, 'x1');
  expect(found('x1', '90')).toBeNull();
});
