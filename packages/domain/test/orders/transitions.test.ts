/** Every (state × event) pair of the transition table against a table written apart from it, in another form. */
import { CORE_EVENTS, CORE_STATES, type CoreEvent, type CoreState, isTerminal, transition } from '@oms/domain';
import { describe, expect, it } from 'vitest';

/** By event: which states it moves where, and in which it only notes a fact. Everything else is impossible. */
const EXPECTED: Record<
  CoreEvent,
  { readonly moves: Partial<Record<CoreState, CoreState>>; readonly noted: readonly CoreState[] }
> = {
  deny: { moves: { INITIALIZED: 'DENIED' }, noted: [] },
  hold: { moves: { INITIALIZED: 'HELD' }, noted: [] },
  submit: { moves: { INITIALIZED: 'SUBMITTED' }, noted: [] },
  trigger: { moves: { HELD: 'SUBMITTED' }, noted: [] },
  accept: { moves: { SUBMITTED: 'WORKING' }, noted: ['WORKING', 'FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'] },
  reject: {
    moves: { SUBMITTED: 'REJECTED', WORKING: 'REJECTED' },
    noted: ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'],
  },
  fillPart: { moves: { SUBMITTED: 'WORKING', WORKING: 'WORKING' }, noted: ['CANCELED', 'EXPIRED', 'REJECTED'] },
  fillAll: { moves: { SUBMITTED: 'FILLED', WORKING: 'FILLED' }, noted: ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'] },
  cancel: {
    moves: { INITIALIZED: 'CANCELED', HELD: 'CANCELED', SUBMITTED: 'CANCELED', WORKING: 'CANCELED' },
    noted: ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'],
  },
  expire: {
    moves: { HELD: 'EXPIRED', SUBMITTED: 'EXPIRED', WORKING: 'EXPIRED' },
    noted: ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'],
  },
  replaceOpen: {
    moves: { HELD: 'HELD', SUBMITTED: 'WORKING', WORKING: 'WORKING', FILLED: 'WORKING' },
    noted: ['CANCELED', 'EXPIRED', 'REJECTED'],
  },
  replaceDone: {
    moves: { SUBMITTED: 'FILLED', WORKING: 'FILLED' },
    noted: ['FILLED', 'CANCELED', 'EXPIRED', 'REJECTED'],
  },
  unfill: { moves: { FILLED: 'WORKING' }, noted: ['SUBMITTED', 'WORKING', 'CANCELED', 'EXPIRED', 'REJECTED'] },
};

const PAIRS = CORE_STATES.flatMap((state) => CORE_EVENTS.map((event) => ({ state, event })));

describe('transition table', () => {
  it.each(PAIRS)('$state × $event', ({ state, event }) => {
    const { moves, noted } = EXPECTED[event];
    const expected = moves[state] ?? (noted.includes(state) ? 'stays' : 'impossible');
    expect(transition(state, event)).toBe(expected);
  });

  it('never leads from an ended order anywhere, except a filled one back to work', () => {
    for (const { state, event } of PAIRS) {
      const next = transition(state, event);
      if (isTerminal(state) && next !== 'stays' && next !== 'impossible')
        expect([state, next]).toEqual(['FILLED', 'WORKING']);
    }
  });
});
