/**
 * The simulated venue as an actor: takes orders, requests, market moves and instructions; tells the order processor
 * what became of them. Same seed, same messages, same market: same fills.
 */
import type { ActorDefinition } from '@oms/actors';
import { venueEventCodec } from '@oms/codec';
import {
  type Decision,
  type DecisionContext,
  NOTHING,
  reason,
  replyTo,
  type SetVenueFaults,
  type VenueEvent,
  type VenueInstruction,
  type VenueMessage,
} from '@oms/domain';
import { cancelOrder, replaceOrder } from './changeOrder.ts';
import { Draft, type VenueSettings } from './draft.ts';
import { evolveVenue } from './evolveVenue.ts';
import { diceOf, formatFaults, validateFaults } from './faultSwitches.ts';
import { instruct, outcomeOf } from './manualVenue.ts';
import { bookMoved, marketTraded } from './marketMoves.ts';
import { placeOrder } from './placeOrder.ts';
import { parseReport } from './reportText.ts';
import { answerStatus, listOrders, listPositions } from './statusAnswers.ts';
import { initialVenueState, type VenueState } from './venueState.ts';
import { venueStateCodec } from './venueStateCodec.ts';

export interface VenueSimulatorOptions {
  /** Decides what the fault switches hit. */
  readonly seed: string;
  /** `manual`: every order and request is held until an instruction says what becomes of it. */
  readonly mode: 'simulated' | 'manual';
}

/** Held-back reports that leave in one batch; the rest follow in the next. */
const RELEASES_PER_BATCH = 2_000;

export function createVenueSimulator(
  options: VenueSimulatorOptions,
): ActorDefinition<VenueState, VenueMessage, VenueEvent> {
  const settings: VenueSettings = { mode: options.mode, dice: diceOf(options.seed) };
  return {
    service: 'venue-simulator',
    eventCodec: venueEventCodec,
    stateCodec: venueStateCodec,
    initialState: initialVenueState,
    receive: (message, state, context) => decide(message, new Draft(state, context, settings)),
    evolve: evolveVenue,
    index: {
      // The derived parts live in the state and are kept by its fold, because decisions need them too.
      rebuilt: () => {},
      applied: () => {},
      due: dueReports,
    },
  };
}

function dueReports(state: VenueState, { now }: DecisionContext): readonly VenueMessage[] {
  if (state.scheduled.length === 0 || state.faults.disconnected) return [];
  return state.scheduled.dueAt(now, RELEASES_PER_BATCH).map(({ key }) => ({ type: 'ReleaseReport', key }));
}

function decide(message: VenueMessage, draft: Draft): Decision<VenueEvent> {
  if (isLost(message, draft)) return NOTHING;
  switch (message.type) {
    case 'VenuePlace':
      placeOrder(draft, message.terms);
      return draft.decision();
    case 'VenueCancel':
      cancelOrder(draft, message);
      return draft.decision();
    case 'VenueReplace':
      replaceOrder(draft, message);
      return draft.decision();
    case 'VenueStatusRequest':
      answerStatus(draft, message);
      return draft.decision();
    case 'VenueListRequest':
      listOrders(draft, message);
      return draft.decision();
    case 'VenuePositionsRequest':
      listPositions(draft, message);
      return draft.decision();
    case 'MarketTraded':
      if (draft.settings.mode === 'manual' || !draft.state.resting.hasAny(message.symbol)) return NOTHING;
      marketTraded(draft, message);
      return draft.decision();
    case 'BookMoved':
      if (draft.settings.mode === 'manual' || !draft.state.resting.hasAny(message.symbol)) return NOTHING;
      bookMoved(draft, message);
      return draft.decision();
    case 'ReleaseReport':
      return releaseReport(draft, message.key);
    case 'VenueInstruction':
      return answerInstruction(draft, message);
    case 'SetVenueFaults':
      return setFaults(draft, message);
  }
}

/** Switch `lostRequestRate`. The time makes another try of the same request another throw. */
function isLost(message: VenueMessage, draft: Draft): boolean {
  const { lostRequestRate } = draft.state.faults;
  if (lostRequestRate === 0n) return false;
  const whom = identityOf(message);
  return whom !== null && draft.throwDice('lost-request', `${whom}|${draft.context.now}`, lostRequestRate);
}

/** Tells requests apart; `null` for what is none. */
function identityOf(message: VenueMessage): string | null {
  switch (message.type) {
    case 'VenuePlace':
      return message.terms.orderId;
    case 'VenueCancel':
    case 'VenueReplace':
      return `${message.orderId}|${message.requestId}`;
    case 'VenueStatusRequest':
      return `${message.orderId}|status`;
    case 'VenueListRequest':
      return `${message.partition}|${message.page.after}`;
    case 'VenuePositionsRequest':
      return `${message.partition}|positions|${message.accountIds[0]}`;
    default:
      return null;
  }
}

function releaseReport(draft: Draft, key: number): Decision<VenueEvent> {
  const scheduled = draft.state.scheduled.find(key);
  if (scheduled === undefined || draft.state.faults.disconnected) return NOTHING;
  draft.event({ type: 'VenueReportReleased', key });
  draft.release(parseReport(scheduled.report));
  return draft.decision();
}

function answerInstruction(draft: Draft, instruction: VenueInstruction): Decision<VenueEvent> {
  const why = instruct(draft, instruction);
  return draft.decision(replyTo(instruction.replyTo, outcomeOf(why), instruction.orderId, why));
}

/** Reports already held back keep their time; after a disconnect they leave with the next batch, in order. */
function setFaults(draft: Draft, { faults, actor, replyTo: address }: SetVenueFaults): Decision<VenueEvent> {
  const wrong = validateFaults(faults);
  if (wrong !== null) {
    return draft.decision(replyTo(address, 'REFUSED', null, reason('VENUE', 'FAULT_SWITCHES_INVALID', `${wrong}.`)));
  }
  draft.event({ type: 'VenueFaultsChanged', faults: formatFaults(faults), actor });
  return draft.decision(replyTo(address, 'ACCEPTED', null));
}
