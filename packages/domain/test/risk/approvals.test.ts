/** The two-person rule: what waits for a second person, who that may be, and what ends it. */
import {
  APPROVAL_VALID_MS,
  APPROVALS_KEPT,
  approvalViews,
  type ChangeTradingState,
  decimal,
  type RiskLimits,
} from '@oms/domain';
import { describe, expect, it } from 'vitest';
import { limitsOf, RiskHouse } from './riskHouse.ts';

type State = 'ACTIVE' | 'REDUCING' | 'HALTED';

const setState = (house: RiskHouse, state: State, actor: string | null, approvalId?: string) => {
  const change: ChangeTradingState = {
    ...{ type: 'ChangeTradingState', scope: 'FIRM', id: null, state, reason: `because of ${actor}`, actor, replyTo: 7 },
    ...(approvalId === undefined ? {} : { approvalId }),
  };
  return house.run(change);
};

const setLimits = (house: RiskHouse, limits: RiskLimits, approvalId: string, scope: 'ACCOUNT' | 'FIRM' = 'ACCOUNT') =>
  house.run({
    type: 'ChangeLimits',
    scope,
    id: scope === 'ACCOUNT' ? 'A' : '',
    limits,
    actor: 'ann',
    approvalId,
    replyTo: 7,
  });

const decide = (house: RiskHouse, approvalId: string, actor: string | null, approve = true) =>
  house.run({ type: 'DecideApproval', approvalId, approve, actor, reason: 'seen', replyTo: 8 });

const outcomeOf = (decision: ReturnType<RiskHouse['run']>) => {
  const { outcome, reason } = decision.replies[0]!.answer;
  return reason === null ? outcome : reason.code;
};
const typesOf = (decision: ReturnType<RiskHouse['run']>) => decision.events.map(({ type }) => type);
const stateOf = (house: RiskHouse) => house.state.tradingStates.get('FIRM')?.state ?? 'ACTIVE';
const statusOf = (house: RiskHouse, approvalId: string) =>
  approvalViews(house.state, house.now).find((view) => view.approvalId === approvalId)?.status;

describe('a trading state', () => {
  // biome-ignore format: the table is meant to be read in columns
  const rows: readonly (readonly [from: State, to: State, outcome: string])[] = [
    ['ACTIVE',   'REDUCING', 'ACCEPTED'],
    ['ACTIVE',   'HALTED',   'ACCEPTED'],
    ['REDUCING', 'HALTED',   'ACCEPTED'],
    ['HALTED',   'HALTED',   'ACCEPTED'],
    ['REDUCING', 'ACTIVE',   'PENDING'],
    ['HALTED',   'REDUCING', 'PENDING'],
    ['HALTED',   'ACTIVE',   'PENDING'],
  ];
  it.each(rows)('from %s to %s: %s', (from, to, outcome) => {
    const house = new RiskHouse();
    setState(house, from, 'cat');
    expect(outcomeOf(setState(house, to, 'ann', 'p-1'))).toBe(outcome);
    expect(stateOf(house)).toBe(outcome === 'PENDING' ? from : to);
  });

  it('that was lifted by two is lifted as it was asked, whoever pulled it', () => {
    for (const puller of ['ann', 'bob', 'cat']) {
      const house = new RiskHouse();
      setState(house, 'HALTED', puller);
      setState(house, 'ACTIVE', 'ann', 'p-1');
      const approved = decide(house, 'p-1', 'bob');
      expect(approved.events).toEqual([
        { type: 'ApprovalDecided', approvalId: 'p-1', status: 'APPROVED', actor: 'bob', reason: 'seen' },
        {
          type: 'TradingStateChanged',
          scope: 'FIRM',
          id: null,
          state: 'ACTIVE',
          reason: 'because of ann',
          actor: 'ann',
        },
      ]);
      expect(stateOf(house)).toBe('ACTIVE');
    }
  });

  it('waits for nobody where nobody signs in', () => {
    const house = new RiskHouse();
    setState(house, 'HALTED', null);
    expect(outcomeOf(setState(house, 'ACTIVE', null, 'p-1'))).toBe('ACCEPTED');
  });

  it('pulled again ends what was asked before, also when it is pulled already', () => {
    const house = new RiskHouse();
    setState(house, 'HALTED', 'ann');
    setState(house, 'ACTIVE', 'ann', 'p-1');
    expect(typesOf(setState(house, 'HALTED', 'cat'))).toEqual(['ApprovalDecided']);
    expect(statusOf(house, 'p-1')).toBe('SUPERSEDED');
    expect(outcomeOf(decide(house, 'p-1', 'bob'))).toBe('APPROVAL_NOT_PENDING');
    expect(stateOf(house)).toBe('HALTED');
  });

  it('of two requests for the same, the approved one ends the other', () => {
    const house = new RiskHouse();
    setState(house, 'HALTED', 'ann');
    setState(house, 'ACTIVE', 'ann', 'p-1');
    setState(house, 'REDUCING', 'cat', 'p-2');
    decide(house, 'p-2', 'bob');
    expect([statusOf(house, 'p-1'), statusOf(house, 'p-2'), stateOf(house)]).toEqual([
      'SUPERSEDED',
      'APPROVED',
      'REDUCING',
    ]);
  });
});

describe('limits', () => {
  const own = limitsOf({ orderQuantityMax: '5', openOrdersMax: 10, repeatedOrdersMax: 3, repeatedOrderWindowMs: 500 });
  // biome-ignore format: the table is meant to be read in columns
  const rows: readonly (readonly [what: string, over: Partial<RiskLimits>, outcome: string])[] = [
    ['lowered',                      { orderQuantityMax: decimal('4') },                      'ACCEPTED'],
    ['raised',                       { orderQuantityMax: decimal('6') },                      'PENDING'],
    ['one lowered, one raised',      { orderQuantityMax: decimal('4'), openOrdersMax: 11 },   'PENDING'],
    ['unset',                        { openOrdersMax: null },                                 'PENDING'],
    ['set below the default',        { dailyLossMax: decimal('1') },                          'ACCEPTED'],
    ['set above the default',        { dailyLossMax: decimal('90000000000') },                   'PENDING'],
    ['repeats switched off',         { repeatedOrdersMax: 0 },                                'PENDING'],
    ['fewer repeats',                { repeatedOrdersMax: 2 },                                'ACCEPTED'],
    ['a shorter window for repeats', { repeatedOrderWindowMs: 400 },                          'PENDING'],
    ['a longer window for repeats',  { repeatedOrderWindowMs: 600 },                          'ACCEPTED'],
    ['the same',                     {},                                                      'ACCEPTED'],
  ];
  it.each(rows)('%s', (_what, over, outcome) => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', own);
    const asked = { ...own, ...over };
    expect(outcomeOf(setLimits(house, asked, 'p-1'))).toBe(outcome);
    expect(house.account('A').limits).toEqual(outcome === 'PENDING' ? own : asked);
    if (outcome !== 'PENDING') return;
    expect(outcomeOf(decide(house, 'p-1', 'bob'))).toBe('ACCEPTED');
    expect(house.account('A').limits).toEqual(asked);
  });

  it('of the firm: the first is no loosening, a higher one and none are', () => {
    const house = new RiskHouse();
    expect(outcomeOf(setLimits(house, limitsOf({ openOrdersMax: 100 }), 'p-1', 'FIRM'))).toBe('ACCEPTED');
    expect(outcomeOf(setLimits(house, limitsOf({ openOrdersMax: 101 }), 'p-2', 'FIRM'))).toBe('PENDING');
    expect(outcomeOf(setLimits(house, limitsOf({}), 'p-3', 'FIRM'))).toBe('PENDING');
  });

  it('changed meanwhile end the request: it is never applied to what nobody looked at', () => {
    const house = new RiskHouse();
    house.limits('ACCOUNT', 'A', own);
    setLimits(house, { ...own, openOrdersMax: 50 }, 'p-1');
    expect(outcomeOf(setLimits(house, { ...own, orderQuantityMax: decimal('1') }, 'p-2'))).toBe('ACCEPTED');
    expect(outcomeOf(decide(house, 'p-1', 'bob'))).toBe('APPROVAL_NOT_PENDING');
    expect(house.account('A').limits.openOrdersMax).toBe(10);
  });
});

describe('the second person', () => {
  const waiting = () => {
    const house = new RiskHouse();
    setState(house, 'HALTED', 'cat');
    setState(house, 'ACTIVE', 'ann', 'p-1');
    return house;
  };

  it('is another than who asked, who may only take the request back', () => {
    const house = waiting();
    const refused = decide(house, 'p-1', 'ann');
    expect([outcomeOf(refused), refused.events]).toEqual(['SECOND_PERSON_REQUIRED', []]);
    expect(outcomeOf(decide(house, 'p-1', 'ann', false))).toBe('ACCEPTED');
    expect([statusOf(house, 'p-1'), stateOf(house)]).toEqual(['REJECTED', 'HALTED']);
  });

  it('decides once', () => {
    const house = waiting();
    decide(house, 'p-1', 'bob', false);
    for (const approve of [true, false]) {
      expect(outcomeOf(decide(house, 'p-1', 'bob', approve))).toBe('APPROVAL_NOT_PENDING');
    }
    expect(outcomeOf(decide(house, 'p-9', 'bob'))).toBe('UNKNOWN_APPROVAL');
    expect(stateOf(house)).toBe('HALTED');
  });

  it('decides within the hour', () => {
    const house = waiting();
    house.now += APPROVAL_VALID_MS;
    expect(statusOf(house, 'p-1')).toBe('EXPIRED');
    const late = decide(house, 'p-1', 'bob');
    expect([outcomeOf(late), typesOf(late)]).toEqual(['APPROVAL_NOT_PENDING', ['ApprovalDecided']]);
    expect(house.state.approvals.get('p-1')).toMatchObject({ status: 'EXPIRED', decidedBy: null });
    expect(stateOf(house)).toBe('HALTED');
    const inTime = waiting();
    inTime.now += APPROVAL_VALID_MS - 1;
    expect(outcomeOf(decide(inTime, 'p-1', 'bob'))).toBe('ACCEPTED');
  });

  it('is asked once: the same id again changes nothing', () => {
    const house = waiting();
    const again = setState(house, 'ACTIVE', 'ann', 'p-1');
    expect([outcomeOf(again), again.events]).toEqual(['PENDING', []]);
  });
});

describe('how many are kept', () => {
  it('no more wait than may be kept, and decided ones make room', () => {
    const house = new RiskHouse();
    setState(house, 'HALTED', 'cat');
    for (let i = 0; i < APPROVALS_KEPT; i++) setState(house, 'ACTIVE', 'ann', `p-${i}`);
    expect(outcomeOf(setState(house, 'ACTIVE', 'ann', 'one-more'))).toBe('TOO_MANY_APPROVALS');
    decide(house, 'p-5', 'bob', false);
    expect(outcomeOf(setState(house, 'ACTIVE', 'ann', 'one-more'))).toBe('PENDING');
    expect(house.state.approvals.size).toBe(APPROVALS_KEPT);
    expect(house.state.approvals.has('p-5')).toBe(false);
  });
});
