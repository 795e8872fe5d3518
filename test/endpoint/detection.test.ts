/** `GET /api/detection`: what everybody's browser needs to know to look before something is sent. */
import { expect, test } from 'vitest'
import { detectionSettings } from '../../src/contract/detection.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
} from '../support/endpoint.ts'

test.each([
  ['a frontline agent', MAYA],
  ['a lead', OMAR],
  ['compliance', INGRID_COMPLIANCE],
  ['an administrator', SAM_ADMINISTRATOR],
])('%s reads what detection is set to', async (_, personId) => {
  const endpoint = await startEndpoint()
  const person = await endpoint.signIn(personId)
  const answer = await person.get('/api/detection')
  expect(answer.as(detectionSettings)).toEqual(sandboxPolicy.detection)
})

test('nobody reads what detection is set to without a session', async () => {
  const endpoint = await startEndpoint()
  expect((await endpoint.request('/api/detection')).status).toBe(401)
})
