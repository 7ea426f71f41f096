/**
 * The reference state machine: the moves an order may make, as a plain list read from the domain's rules and written
 * apart from the production table. A move that is not listed is illegal. `FILL` and `FULL` are fills that leave
 * something and nothing to do; `BACK` is a bust or correction after which something is left, `STILL` one after which
 * nothing is; `RETERM` and `REDONE` are replaces that leave something and nothing to do.
 */
export type OrderPhase =
  | 'INITIALIZED'
  | 'HELD'
  | 'SUBMITTED'
  | 'WORKING'
  | 'FILLED'
  | 'CANCELED'
  | 'EXPIRED'
  | 'REJECTED'
  | 'DENIED';

const MOVES = `
INITIALIZED DENY     DENIED
INITIALIZED HOLD     HELD
INITIALIZED SUBMIT   SUBMITTED
INITIALIZED CANCEL   CANCELED
HELD        TRIGGER  SUBMITTED
HELD        CANCEL   CANCELED
HELD        EXPIRE   EXPIRED
HELD        RETERM   HELD
HELD        RESTATE  HELD
SUBMITTED   ACCEPT   WORKING
SUBMITTED   REJECT   REJECTED
SUBMITTED   FILL     WORKING
SUBMITTED   FULL     FILLED
SUBMITTED   CANCEL   CANCELED
SUBMITTED   EXPIRE   EXPIRED
SUBMITTED   RETERM   WORKING
SUBMITTED   REDONE   FILLED
WORKING     ACCEPT   WORKING
WORKING     REJECT   REJECTED
WORKING     FILL     WORKING
WORKING     FULL     FILLED
WORKING     CANCEL   CANCELED
WORKING     EXPIRE   EXPIRED
WORKING     RETERM   WORKING
WORKING     REDONE   FILLED
WORKING     BACK     WORKING
WORKING     STILL    FILLED
FILLED      ACCEPT   FILLED
FILLED      FULL     FILLED
FILLED      BACK     WORKING
FILLED      STILL    FILLED
FILLED      RETERM   WORKING
FILLED      REDONE   FILLED
`;

/** Closed otherwise than by fills: late acknowledgements, fills and busts never reopen it (rules 2, 3, 10). */
const CLOSED_FOR_GOOD = ['CANCELED', 'EXPIRED', 'REJECTED'];
const LATE_FACTS = ['ACCEPT', 'FILL', 'FULL', 'BACK', 'STILL'];

const NEXT = new Map<string, OrderPhase>();
for (const line of MOVES.trim().split('\n')) {
  const [from = '', move = '', to = ''] = line.split(/\s+/);
  NEXT.set(`${from} ${move}`, to as OrderPhase);
}
for (const phase of CLOSED_FOR_GOOD) {
  for (const move of LATE_FACTS) NEXT.set(`${phase} ${move}`, phase as OrderPhase);
}

export type OrderMove =
  | 'DENY'
  | 'HOLD'
  | 'SUBMIT'
  | 'TRIGGER'
  | 'ACCEPT'
  | 'REJECT'
  | 'FILL'
  | 'FULL'
  | 'CANCEL'
  | 'EXPIRE'
  | 'RETERM'
  | 'REDONE'
  | 'RESTATE'
  | 'BACK'
  | 'STILL';

/** Where the move leads; undefined when it is illegal. */
export const phaseAfter = (phase: OrderPhase, move: OrderMove): OrderPhase | undefined => NEXT.get(`${phase} ${move}`);

export const isOver = (phase: OrderPhase): boolean =>
  phase === 'FILLED' || phase === 'DENIED' || CLOSED_FOR_GOOD.includes(phase);
