/**
 * The one transition table of an order's core state. Everything else that changes (numbers, pending requests)
 * lives on its own axis. A cell is the next state, or
 *   `-`  the fact is noted but the core state stays (rules 2, 3, 10 of the domain: late facts never reopen), or
 *   `!`  impossible: our own code asked for it, so it is a broken invariant.
 * The diagram in docs/concepts/order-lifecycle.md is generated from this table.
 */

export const CORE_STATES = [
  'INITIALIZED',
  'HELD',
  'SUBMITTED',
  'WORKING',
  'FILLED',
  'CANCELED',
  'EXPIRED',
  'REJECTED',
  'DENIED',
] as const;
export type CoreState = (typeof CORE_STATES)[number];

export const CORE_EVENTS = [
  'deny',
  'hold',
  'submit',
  'trigger',
  'accept',
  'reject',
  'fillPart',
  'fillAll',
  'cancel',
  'expire',
  'replaceOpen',
  'replaceDone',
  'unfill',
] as const;
export type CoreEvent = (typeof CORE_EVENTS)[number];

// biome-ignore format: the table is meant to be read in columns
const TABLE: Record<CoreState, readonly string[]> = {
  //              deny     hold    submit       trigger      accept     reject      fillPart   fillAll   cancel      expire     replaceOpen  replaceDone  unfill
  INITIALIZED: ['DENIED', 'HELD', 'SUBMITTED', '!',         '!',       '!',        '!',       '!',      'CANCELED', '!',       '!',         '!',         '!'],
  // Held by us: no venue has it, so no venue fact can reach it.
  HELD:        ['!',      '!',    '!',         'SUBMITTED', '!',       '!',        '!',       '!',      'CANCELED', 'EXPIRED', 'HELD',      '!',         '!'],
  // Fills, cancels and replaces may overtake the acknowledgement.
  SUBMITTED:   ['!',      '!',    '!',         '!',         'WORKING', 'REJECTED', 'WORKING', 'FILLED', 'CANCELED', 'EXPIRED', 'WORKING',   'FILLED',    '-'],
  WORKING:     ['!',      '!',    '!',         '!',         '-',       'REJECTED', 'WORKING', 'FILLED', 'CANCELED', 'EXPIRED', 'WORKING',   'FILLED',    '-'],
  // Busted trades may take it back to work; more fills are overfills (rules 3, 9).
  FILLED:      ['!',      '!',    '!',         '!',         '-',       '-',        '!',       '-',      '-',        '-',       'WORKING',   '-',         'WORKING'],
  // A late fill books the trade; the order never reopens (rule 2). Late rejects change nothing (rule 10).
  CANCELED:    ['!',      '!',    '!',         '!',         '-',       '-',        '-',       '-',      '-',        '-',       '-',         '-',         '-'],
  EXPIRED:     ['!',      '!',    '!',         '!',         '-',       '-',        '-',       '-',      '-',        '-',       '-',         '-',         '-'],
  REJECTED:    ['!',      '!',    '!',         '!',         '-',       '-',        '-',       '-',      '-',        '-',       '-',         '-',         '-'],
  DENIED:      ['!',      '!',    '!',         '!',         '!',       '!',        '!',       '!',      '!',        '!',       '!',         '!',         '!'],
};

type Outcome = CoreState | 'stays' | 'impossible';

const outcomeOf = (cell: string): Outcome =>
  cell === '-' ? 'stays' : cell === '!' ? 'impossible' : (cell as CoreState);

const OUTCOMES = Object.fromEntries(
  CORE_STATES.map((state) => [
    state,
    Object.fromEntries(CORE_EVENTS.map((event, column) => [event, outcomeOf(TABLE[state][column]!)])),
  ]),
) as Record<CoreState, Record<CoreEvent, Outcome>>;

/** What the table says of this pair: the next state, `'stays'`, or `'impossible'`. */
export const transition = (state: CoreState, event: CoreEvent): Outcome => OUTCOMES[state][event];
