/**
 * The risk engine as an actor: the domain's decisions and fold, and its codecs. It needs nothing from outside but the
 * time and the prices that come with every decision. Everything that matters happens in packages/domain/src/risk.
 */
import type { ActorDefinition } from '@oms/actors';
import { riskEventCodec, riskStateCodec } from '@oms/codec';
import {
  decideRisk,
  evolveRisk,
  initialRiskState,
  type RiskEngineMessage,
  type RiskEvent,
  type RiskState,
} from '@oms/domain';

export const riskEngine = (): ActorDefinition<RiskState, RiskEngineMessage, RiskEvent> => ({
  service: 'risk-engine',
  eventCodec: riskEventCodec,
  stateCodec: riskStateCodec,
  initialState: initialRiskState,
  receive: decideRisk,
  evolve: evolveRisk,
});
