import { z } from 'zod'
import { zendeskIdParam } from '../../contract/primitives.ts'
import { decidePowerInput, powerList, powerName } from '../../contract/powers.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { decideOnPower } from './decide.ts'
import { listPowers } from './list.ts'

const params = z.strictObject({ personId: zendeskIdParam, power: powerName })

export const powerRoutes: Route[] = [
  route({
    method: 'get',
    path: '/powers',
    operationId: 'listPowers',
    summary: 'Powers that people hold in Zendesk and nobody has confirmed.',
    response: powerList,
    isPolled: true,
    handle: (ctx) => listPowers(ctx),
  }),
  route({
    method: 'post',
    path: '/people/:personId/powers/:power/confirm',
    operationId: 'confirmPower',
    summary: 'Confirms as a second person what somebody newly holds.',
    params,
    body: decidePowerInput,
    response: powerList,
    handle: (ctx, input) => decideOnPower(ctx, input.params, 'confirmed'),
  }),
  route({
    method: 'post',
    path: '/people/:personId/powers/:power/decline',
    operationId: 'declinePower',
    summary: 'Declines what somebody newly holds: it gives nothing until it is confirmed.',
    params,
    body: decidePowerInput,
    response: powerList,
    handle: (ctx, input) => decideOnPower(ctx, input.params, 'declined'),
  }),
]
