/** The page docs/concepts/order-lifecycle.md, made from the transition table itself. */
import { CORE_EVENTS, CORE_STATES, isTerminal, transition } from '@oms/domain';

const INTRODUCTION = `# The life of an order

An order has three axes, kept apart because races mix them:

- its **core state**, which moves only by the table below;
- its **numbers**: quantity, filled quantity, the fills by executionId;
- its **pending requests**: cancels and replaces whose answer is still out, each \`pending\` or \`unknown\`.

The one \`status\` of the wire is projected from them, in FIX precedence: PENDING_CANCEL > PENDING_REPLACE > FILLED >
CANCELED / EXPIRED > PARTIALLY_FILLED > NEW, PENDING_NEW, REJECTED. A request that has no answer yet shows even on a
filled order; only its own answer removes it.
`;

const EXPLANATION = `
\`=\` the fact is noted (a late fill is booked, an answered request removed) and the core state stays: an ended order never
reopens, except a FILLED one when a trade is busted or the venue accepts a raise. An empty cell is impossible: our own code
would have asked for it, so it stops the actor as a broken invariant.

| core state | shown as | when |
| --- | --- | --- |
| INITIALIZED | PENDING_NEW | durable, risk has not decided |
| DENIED | REJECTED | refused before it left the house; \`reason\` has the check and its numbers |
| HELD | NEW | a stop that we hold until its trigger |
| SUBMITTED | PENDING_NEW (NEW for a triggered stop) | sent to the venue |
| WORKING | NEW, PARTIALLY_FILLED | acknowledged by the venue, or filled in part |
| FILLED, CANCELED, EXPIRED, REJECTED | the same | ended |
`;

function diagram(): string {
  const moves = CORE_STATES.flatMap((state) =>
    CORE_EVENTS.flatMap((event) => {
      const next = transition(state, event);
      return next === 'stays' || next === 'impossible' || next === state ? [] : [{ state, event, next }];
    }),
  );
  const arrows = new Map<string, string[]>();
  for (const { state, event, next } of moves) {
    const key = `${state} --> ${next}`;
    arrows.set(key, [...(arrows.get(key) ?? []), event]);
  }
  const lines = [...arrows].map(([arrow, events]) => `    ${arrow}: ${events.join(', ')}`);
  const ends = CORE_STATES.filter(isTerminal).map((state) => `    ${state} --> [*]`);
  return ['```mermaid', 'stateDiagram-v2', '    [*] --> INITIALIZED', ...lines, ...ends, '```'].join('\n');
}

function table(): string {
  const cell = (next: string) => (next === 'stays' ? '=' : next === 'impossible' ? '' : next);
  const rows = CORE_STATES.map(
    (state) => `| **${state}** | ${CORE_EVENTS.map((event) => cell(transition(state, event))).join(' | ')} |`,
  );
  return [`| | ${CORE_EVENTS.join(' | ')} |`, `| --- |${' --- |'.repeat(CORE_EVENTS.length)}`, ...rows].join('\n');
}

export const orderLifecyclePage = (): string =>
  `${INTRODUCTION}\n${diagram()}\n\n## The transition table\n\n${table()}\n${EXPLANATION}\n` +
  'This page is generated from `packages/domain/src/orders/transitions.ts` by `scripts/generateOrderLifecycle.ts`.\n';
