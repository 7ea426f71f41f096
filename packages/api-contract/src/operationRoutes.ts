/** The rows of the table of routes for those who run it: the comparison with the venue, health, readiness. */
import { riskManagers } from './access.ts';
import { OrderSchema } from './orderSchemas.ts';
import {
  ReconciliationQuery,
  ReconciliationSchema,
  ResolutionBody,
  ResolveParams,
  RunStartedSchema,
} from './reconciliationSchemas.ts';
import { LOST, NONE, ok, type RouteDefinition } from './routeParts.ts';
import { HealthSchema } from './systemSchemas.ts';

export const OPERATION_ROUTES = {
  getReconciliation: {
    method: 'GET',
    path: '/v1/reconciliation',
    tag: 'operations',
    summary: 'Requests of unknown outcome, and differences from what the venue has',
    access: riskManagers('listed'),
    params: NONE,
    query: ReconciliationQuery,
    body: null,
    answers: ok('As of now.', ReconciliationSchema),
    errors: ['UNKNOWN_ACCOUNT'],
  },
  startReconciliation: {
    method: 'POST',
    path: '/v1/reconciliation/runs',
    tag: 'operations',
    summary: 'Compare with the venue now instead of when it is due',
    access: riskManagers('none'),
    params: NONE,
    query: NONE,
    body: null,
    answers: ok('A run begins.', RunStartedSchema),
    errors: [...LOST],
  },
  resolveRequest: {
    method: 'POST',
    path: '/v1/reconciliation/requests/{orderId}/{clientOrderId}/resolve',
    tag: 'operations',
    summary: 'Settle a request of unknown outcome in place of the venue; audited',
    access: riskManagers('order'),
    params: ResolveParams,
    query: NONE,
    body: ResolutionBody,
    answers: ok('The order as it is now.', OrderSchema),
    errors: ['UNKNOWN_ORDER', 'REQUEST_NOT_UNKNOWN', ...LOST],
  },
  getHealth: {
    method: 'GET',
    path: '/healthz',
    tag: 'operations',
    summary: 'Whether the process is alive',
    access: 'anybody',
    params: NONE,
    query: NONE,
    body: null,
    answers: ok('Alive.', HealthSchema),
    errors: [],
  },
  getReadiness: {
    method: 'GET',
    path: '/readyz',
    tag: 'operations',
    summary: 'Whether it has recovered and is serving',
    access: 'anybody',
    params: NONE,
    query: NONE,
    body: null,
    answers: ok('Recovered and serving.', HealthSchema),
    errors: ['NOT_READY'],
  },
} as const satisfies Record<string, RouteDefinition>;
