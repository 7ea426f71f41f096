/**
 * The reference state machine: the moves an order may make, as a plain list read from the domain's rules and written
 * apart from the production table. A move that is not listed is illegal. `FILL` and `FULL` are fills that leave
 * something and nothing to do; `BACK` is a bust or correction after which something is left, `STILL` one after which
 * nothing is; `RETERM` and `REDONE` are replaces that leave something and nothing to do.
 */
export const PHASES = [
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
export type OrderPhase = (typeof PHASES)[number];

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
const CLOSED_FOR_GOOD: readonly string[] = ['CANCELED', 'EXPIRED', 'REJECTED'];
const LATE_FACTS = ['ACCEPT', 'FILL', 'FULL', 'BACK', 'STILL'];

type Moves = Readonly<Record<string, OrderPhase | undefined>>;

/** By phase, then by move. */
const NEXT: Readonly<Record<string, Moves>> = Object.fromEntries(PHASES.map((phase) => [phase, movesFrom(phase)]));

function movesFrom(phase: OrderPhase): Moves {
  const lines = MOVES.trim()
    .split('\n')
    .map((line) => line.split(/\s+/));
  const listed = lines.filter(([from]) => from === phase).map(([, move = '', to]) => [move, to] as const);
  const late = CLOSED_FOR_GOOD.includes(phase) ? LATE_FACTS.map((move) => [move, phase] as const) : [];
  return Object.fromEntries([...listed, ...late]) as Moves;
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
export const phaseAfter = (phase: OrderPhase, move: OrderMove): OrderPhase | undefined => NEXT[phase]![move];

const OVER: ReadonlySet<string> = new Set([...CLOSED_FOR_GOOD, 'FILLED', 'DENIED']);

export const isOver = (phase: OrderPhase): boolean => OVER.has(phase);
