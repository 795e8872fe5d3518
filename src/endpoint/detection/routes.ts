import { detectionSettings } from '../../contract/detection.ts'
import type { Route } from '../route.ts'
import { route } from '../route.ts'
import { getDetection } from './get.ts'

export const detectionRoutes: Route[] = [
  route({
    method: 'get',
    path: '/detection',
    operationId: 'getDetection',
    summary: 'What is looked for in texts, from which confidence, and what the save guard does.',
    response: detectionSettings,
    isPolled: true,
    handle: async (ctx) => getDetection(ctx),
  }),
]
