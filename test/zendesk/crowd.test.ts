import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { SANDBOX_ACCOUNT } from '../../src/sandbox/account.ts'
import { createRestEmulator } from '../../src/sandbox/rest/emulator.ts'
import { seedRestState } from '../../src/sandbox/rest/state.ts'
import { ACT, VIEW, WATCH, createZendeskDirectory } from '../../src/zendesk/directory.ts'
import type { Freshness } from '../../src/zendesk/directory.ts'

const AGENTS = 200
const TICKETS = 2_000
const MINUTES = 10
const FIRST_AGENT = 10_000
const FIRST_TICKET = 20_000

const POLL_SECONDS = 5
const TICKET_CHANGE_SECONDS = 240
const HEARTBEAT_SECONDS = 3
const DISPLAY_SECONDS = 60
/** A request, a decision (two people are looked up) and a reveal. Two a day for each agent. */
const STORIES_PER_MINUTE = 1
const STEP_MS = 200

beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 10, 23, 9) })
})
afterEach(() => {
  vi.useRealTimers()
})

function crowdedState() {
  const state = seedRestState(new Date())
  const [user] = state.users
  const [ticket] = state.tickets
  const [membership] = state.groupMemberships
  const [brandAgent] = state.brandAgents
  if (!user || !ticket || !membership || !brandAgent) throw new Error('no seed')
  for (let index = 0; index < AGENTS; index += 1) {
    const id = FIRST_AGENT + index
    state.users.push({ ...user, id, email: `agent-${id}@example.com` })
    state.groupMemberships.push({ ...membership, id, user_id: id, group_id: 201 })
    state.brandAgents.push({ ...brandAgent, id: `brand-agent-${id}`, user_id: id })
  }
  for (let index = 0; index < TICKETS; index += 1) {
    state.tickets.push({ ...ticket, id: FIRST_TICKET + index })
  }
  return state
}

test('two hundred agents polling for ten minutes, with acts and open values, stay within forty calls a minute', async () => {
  const emulator = createRestEmulator({
    now: () => new Date(),
    newId: randomUUID,
    oauth: { clientId: 'scrim', clientSecret: 'sandbox-client-secret' },
    state: crowdedState(),
  })
  const calls: number[] = []
  const directory = createZendeskDirectory({
    fetch: (input, init) => {
      calls.push(Date.now())
      return emulator.fetch(new Request(input, init))
    },
    baseUrl: 'https://sandbox.zendesk.com',
    oauth: { clientId: 'scrim', clientSecret: 'sandbox-client-secret' },
    appId: SANDBOX_ACCOUNT.appId,
    installationId: SANDBOX_ACCOUNT.installationId,
    requestsPerMinute: 40,
    now: () => new Date(),
    elapsed: () => performance.now(),
  })

  const tally = {
    view: { answered: 0, refused: 0 },
    watch: { answered: 0, refused: 0 },
    act: { answered: 0, refused: 0 },
  }
  const work: Promise<void>[] = []
  const look = (personId: number, ticketId: number, freshness: Freshness) => {
    const counts = tally[freshness.priority]
    const lookUp = async () => {
      const [person, ticket] = await Promise.all([
        directory.person(personId, freshness),
        directory.ticket(ticketId, freshness),
        directory.appSettings(),
      ])
      if (person === null || ticket === null) throw new Error('not found')
      if (freshness.priority !== 'watch') await directory.mayAccessTicket(person, ticket)
    }
    const count = async () => {
      try {
        await lookUp()
        counts.answered += 1
      } catch {
        counts.refused += 1
      }
    }
    work.push(count())
  }

  const every = (seconds: number, offset: number, at: number) =>
    (at + offset * 1000) % (seconds * 1000) < STEP_MS
  for (let at = 0; at < MINUTES * 60_000; at += STEP_MS) {
    for (let index = 0; index < AGENTS; index += 1) {
      // Everybody changes tickets at their own moment, and polls at their own.
      if (!every(POLL_SECONDS, (index * POLL_SECONDS) / AGENTS, at)) continue
      const change = Math.floor((at / 1000 + index * 7) / TICKET_CHANGE_SECONDS)
      look(FIRST_AGENT + index, FIRST_TICKET + ((index * 31 + change * 97) % TICKETS), VIEW)
    }
    const story = Math.floor(at / (60_000 / STORIES_PER_MINUTE))
    const intoStory = at - story * (60_000 / STORIES_PER_MINUTE)
    const requester = FIRST_AGENT + ((story * 13) % AGENTS)
    const approver = FIRST_AGENT + ((story * 13 + 1) % AGENTS)
    const ticketId = FIRST_TICKET + ((story * 17) % TICKETS)
    if (intoStory === 0) look(requester, ticketId, ACT)
    if (intoStory === 10_000) {
      look(approver, ticketId, ACT)
      look(requester, ticketId, ACT)
    }
    if (intoStory === 20_000) look(requester, ticketId, ACT)
    for (const open of [story, story - 1]) {
      const shownFor = at - (open * (60_000 / STORIES_PER_MINUTE) + 20_000)
      if (open < 0 || shownFor < 0 || shownFor >= DISPLAY_SECONDS * 1000) continue
      if (shownFor % (HEARTBEAT_SECONDS * 1000) !== 0) continue
      look(FIRST_AGENT + ((open * 13) % AGENTS), FIRST_TICKET + ((open * 17) % TICKETS), WATCH)
    }
    await vi.advanceTimersByTimeAsync(STEP_MS)
  }
  await vi.advanceTimersByTimeAsync(30_000)
  await Promise.all(work)

  const busiest = Math.max(
    ...calls.map((start) => calls.filter((time) => time >= start && time < start + 60_000).length),
  )
  expect(busiest).toBeLessThanOrEqual(40)
  expect(tally.act).toEqual({ answered: MINUTES * STORIES_PER_MINUTE * 4, refused: 0 })
  expect(tally.watch.refused).toBe(0)
  expect(tally.watch.answered).toBeGreaterThan(150)
  // Views that find no room are told when to come back; the app keeps what it shows.
  expect(tally.view.refused / (tally.view.answered + tally.view.refused)).toBeLessThan(0.03)
})
