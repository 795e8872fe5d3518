import { z } from 'zod'
import { zendeskIdParam } from '../../contract/primitives.ts'
import {
  saveGuardPass,
  saveGuardPassInput,
  saveGuardStop,
  saveGuardStopInput,
} from '../../contract/save-guard.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { passSaveGuard } from './pass.ts'
import { recordSaveGuardStop } from './stop.ts'

const params = z.strictObject({ ticketId: zendeskIdParam })

export const saveGuardRoutes: Route[] = [
  route({
    method: 'post',
    path: '/tickets/:ticketId/save-guard-passes',
    operationId: 'passSaveGuard',
    summary: 'Sends a draft with what the save guard found in it, for a reason that is logged.',
    params,
    body: saveGuardPassInput,
    response: saveGuardPass,
    handle: (ctx, input) => passSaveGuard(ctx, { ...input.params, ...input.body }),
  }),
  route({
    method: 'post',
    path: '/tickets/:ticketId/save-guard-stops',
    operationId: 'recordSaveGuardStop',
    summary: 'Logs what the save guard stopped, and what the agent did about it.',
    params,
    body: saveGuardStopInput,
    response: saveGuardStop,
    handle: (ctx, input) => recordSaveGuardStop(ctx, { ...input.params, ...input.body }),
  }),
]
