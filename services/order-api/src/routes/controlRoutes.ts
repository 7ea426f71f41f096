/** Handlers of the simulation's controls, and of health and readiness. */
import { parseVenueFaults, parseVenueInstruction } from '@oms/api-contract';
import { type Handlers, okay } from '../http/routeHandler.ts';
import { invalid, isRefusal, refuse } from '../refusal.ts';
import { viewOfFaults } from '../views.ts';
import type { RouteContext } from './routeContext.ts';

type ControlOperation = 'instructVenue' | 'getVenueFaults' | 'setVenueFaults' | 'getHealth' | 'getReadiness';

export function controlRoutes(context: RouteContext): Pick<Handlers, ControlOperation> {
  const { desk, house, manualVenue } = context;
  const faults = async () => okay(viewOfFaults(await house.query(() => context.venueFaults())));
  return {
    instructVenue: async ({ params, body }) => {
      if (!manualVenue) return refuse('NOT_A_MANUAL_VENUE');
      const terms = parseVenueInstruction(body);
      if (terms.errors !== undefined) return invalid(terms.errors);
      const outcome = await desk.instructVenue(params.orderId, params.action, terms.value);
      return isRefusal(outcome) ? outcome : { status: 200, text: outcome.order.json };
    },

    getVenueFaults: faults,

    setVenueFaults: async ({ body, actor }) => {
      const switches = parseVenueFaults(body);
      if (switches.errors !== undefined) return invalid(switches.errors);
      return (await desk.setVenueFaults(switches.value, actor)) ?? faults();
    },

    getHealth: () => okay({ status: 'ok' }),

    getReadiness: () => (context.status().ready ? okay({ status: 'ok' }) : refuse('NOT_READY')),
  };
}
