/** The sandbox's chat tool, and its clock: what time does to a request can be watched in it. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { buildProducts } from '../../src/sandbox/build.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { startSandbox } from '../../src/sandbox/sandbox.ts'

const HOUR_MS = 60 * 60_000

const policy: Policy = {
  ...sandboxPolicy,
  notifications: { internalNoteAfterMinutes: null, hasChat: true },
  approval: {
    ...sandboxPolicy.approval,
    confidential: [
      {
        count: 1,
        roles: ['lead'],
        groupIds: [],
        slaMinutes: 60,
        escalatesTo: { roles: ['compliance'], groupIds: [] },
      },
    ],
  },
}
policy.approval.restricted = policy.approval.confidential
policy.approval.secret = policy.approval.confidential

let sandbox: Sandbox
beforeAll(async () => {
  await buildProducts(['sdk', 'app', 'sandbox'])
  sandbox = await startSandbox({
    port: 0,
    delayMs: 0,
    now: () => new Date(),
    newId: randomUUID,
    policy,
  })
})
afterAll(() => sandbox.close())

const typesOn = (ticketId: number) =>
  sandbox
    .chatMessages()
    .map(({ body }) => body as { type: string; data: { ticketId: number } })
    .filter(({ data }) => data.ticketId === ticketId)
    .map(({ type }) => type)

test('the chat tool hears of the waiting request, and of its escalation when the clock is moved', async () => {
  await expect.poll(() => typesOn(4003)).toEqual(['reveal_request.asked'])
  sandbox.control({ clockOffsetMs: HOUR_MS })
  await sandbox.sweep()
  await expect
    .poll(() => typesOn(4003))
    .toEqual(['reveal_request.asked', 'reveal_request.escalated'])
  const shown = await fetch(`${sandbox.hostUrl}/sandbox/chat`)
  expect(await shown.json()).toEqual(sandbox.chatMessages())
})

test('the chat tool takes nothing that is not signed', async () => {
  const before = sandbox.chatMessages().length
  const answer = await fetch(`${sandbox.hostUrl}/sandbox/chat`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'webhook-id': 'x', 'webhook-timestamp': '1' },
    body: '{}',
  })
  expect(answer.status).toBe(401)
  expect(sandbox.chatMessages()).toHaveLength(before)
})
