import { circuitBreaker, closeCircuitBreakerInput } from '../../contract/circuit-breaker.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { closeCircuitBreaker, getCircuitBreaker } from './breaker.ts'

export const capRoutes: Route[] = [
  route({
    method: 'get',
    path: '/circuit-breaker',
    operationId: 'getCircuitBreaker',
    summary: 'Whether so many values were revealed that all reveals are stopped.',
    response: circuitBreaker,
    isPolled: true,
    handle: (ctx) => getCircuitBreaker(ctx),
  }),
  route({
    method: 'post',
    path: '/circuit-breaker/close',
    operationId: 'closeCircuitBreaker',
    summary: 'Lets values be revealed again, with a reason.',
    body: closeCircuitBreakerInput,
    response: circuitBreaker,
    handle: (ctx, { body }) => closeCircuitBreaker(ctx, body),
  }),
]
