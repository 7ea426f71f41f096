/** What the desk promises when the house is overloaded or late: risk can be reduced, and no order is denied that exists. */
import { parsePlaceOrder } from '@oms/api-contract';
import { NO_LIMITS } from '@oms/domain';
import { ManualTime } from '@oms/testkit';
import { describe, expect, it } from 'vitest';
import { CommandDesk } from '../src/commands/commandDesk.ts';
import { PLACE } from './support/apiUnderTest.ts';
import { anOrder, HouseDouble } from './support/houseDouble.ts';

const WAIT_MS = 2_000;
const ALL_OF_A = { accountId: 'A', symbol: null, side: null };
const HALT = { scope: 'FIRM', id: null, state: 'HALTED', reason: 'r' } as const;
const parsed = parsePlaceOrder(PLACE);
if (parsed.errors !== undefined) throw new Error('the good order is none');
const COMMAND = parsed.value;

function deskOf(house = new HouseDouble()) {
  const time = new ManualTime();
  return { house, time, desk: new CommandDesk(house, house, time, time, WAIT_MS) };
}

describe('a full house', () => {
  it.each([
    ['a cancel', (desk: CommandDesk) => desk.cancel('o-0-1', null)],
    ['a cancel of all', (desk: CommandDesk) => desk.cancelMatching(ALL_OF_A, 'CLIENT')],
    ['the kill switch', (desk: CommandDesk) => desk.changeTradingState(HALT, 'operator')],
  ])('takes %s', async (_, ask) => {
    const { house, desk } = deskOf();
    house.occupancy = 1;
    expect(await ask(desk)).not.toMatchObject({ refused: 'OVERLOADED' });
    expect(house.submitted.map(({ urgency }) => urgency)).toEqual(['urgent']);
  });

  it('refuses what adds risk or can wait', async () => {
    const { house, desk } = deskOf();
    house.occupancy = 1;
    const placed = new Promise((resolve) => desk.place(COMMAND, resolve));
    const replaced = desk.replace('o-0-1', { clientOrderId: 'c-2', quantity: null, price: null, stopPrice: null });
    for (const answer of [placed, replaced, desk.changeLimits('A', NO_LIMITS, null)]) {
      expect(await answer).toMatchObject({ refused: 'OVERLOADED' });
    }
    expect(house.submitted).toEqual([]);
  });
});

describe('an order without an answer in time', () => {
  const outcomeOf = async (orders: HouseDouble['orders']) => {
    const { house, time, desk } = deskOf();
    house.reply = () => null;
    house.orders = orders;
    const outcome = new Promise((resolve) => desk.place(COMMAND, resolve));
    time.advance(WAIT_MS + 100);
    return outcome;
  };

  it('is accepted when it is durable all the same', async () => {
    expect(await outcomeOf([anOrder({ status: 'PENDING_NEW' })])).toMatchObject({ status: 202 });
  });

  it('is unknown when it cannot be found, neither taken nor refused', async () => {
    expect(await outcomeOf([])).toMatchObject({ refused: 'OUTCOME_UNKNOWN' });
  });
});
