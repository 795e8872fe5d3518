/**
 * Attachments with a fault at every step, as `ingestion.test.ts` does it for text: each statement and
 * commit, and each call to Zendesk and its content host, numbered by a run without faults.
 */
import { and, eq, isNull } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { workInbox } from '../../src/endpoint/ingestion/work-inbox.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import { openDocumentPart } from '../../src/keys/seal-document.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { RestAttachment } from '../../src/sandbox/rest/state.ts'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import { findDocumentPart } from '../../src/storage/documents.ts'
import { findSealed } from '../../src/storage/found-values.ts'
import { appendInbox } from '../../src/storage/inbox.ts'
import { inbox, outbox } from '../../src/storage/schema.ts'
import { findCurrentValues } from '../../src/storage/vault.ts'
import { attach, PNG, png, textFile } from '../support/attachments.ts'
import { MAYA, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { exposuresOf, HARRIET, ticketOf, update } from '../support/ingestion.ts'
import type { Fault, Step } from './fault-at-step.ts'
import {
  DATABASE,
  EFFECTS,
  kill,
  liveWithFault,
  unwatched,
  watchStories,
  ZENDESK,
} from './fault-at-step.ts'

const TICKET = 4001
const record = { type: 'ticket', id: TICKET } as const
const TEXT = 'My card is 4242 4242 4242 4242'
const { ingestion } = sandboxPolicy
const policy = {
  ...sandboxPolicy,
  ingestion: {
    ...ingestion,
    attachments: {
      ...ingestion.attachments,
      documents: { isEveryTicket: true, formIds: [], tags: [] },
    },
  },
}

type Story = {
  endpoint: TestEndpoint
  isDead: boolean
  /** What was sent, and the bytes the vault has to hold. */
  files: { commentId: number; attachment: RestAttachment; bytes: Uint8Array }[]
  /** People took files away before anybody looked. */
  isGone: boolean
  /** Attachments that our calls changed, once for each time. */
  writes: number[]
}

const lost = (code: string) => (): never => {
  throw Object.assign(new TypeError('lost'), { code })
}
const timeOut = (): never => {
  throw new DOMException('aborted', 'AbortError')
}
const says =
  (status: number, headers: Record<string, string> = {}) =>
  () =>
    new Response('{}', { status, headers })

/** Half an answer, and then the connection is gone. */
function brokenAnswer(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('My card is 4242'))
      controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body)
}

const asMaya = (path: string) =>
  new Request(`${API_ORIGIN}${path}`, {
    method: 'PUT',
    headers: { 'x-sandbox-person': String(MAYA) },
  })

const FAULTS: readonly Fault<Story>[] = [
  { name: 'the process is killed before it', at: EFFECTS, before: kill },
  { name: 'the process is killed after it', at: EFFECTS, after: kill },
  {
    name: 'the process sleeps before it until another one has done its work',
    at: ['statement', 'begin', 'zendesk'],
    before: goOn,
  },
  { name: 'the database cannot be reached', at: DATABASE, before: lost('ECONNREFUSED') },
  {
    name: 'the database does it, and its answer is lost',
    at: DATABASE,
    after: lost('ECONNRESET'),
  },
  { name: 'Zendesk refuses the connection', at: ZENDESK, before: lost('ECONNREFUSED') },
  { name: 'the answer is lost in a time-out', at: ZENDESK, after: timeOut },
  { name: 'the answer breaks off', at: ZENDESK, after: brokenAnswer },
  { name: 'Zendesk says 429', at: ZENDESK, instead: says(429, { 'retry-after': '7' }) },
  { name: 'Zendesk says 503', at: ZENDESK, instead: says(503) },
  { name: 'Zendesk does it and says 504', at: ZENDESK, after: says(504) },
  {
    name: 'our access is renewed',
    at: ZENDESK,
    before: ({ endpoint }) => endpoint.zendesk.emulator.controls.revokeCredentials(),
  },
  {
    name: 'the ticket is closed meanwhile',
    at: ZENDESK,
    before: ({ endpoint }) => {
      ticketOf(endpoint, TICKET).status = 'closed'
    },
  },
  {
    name: 'the ticket is solved meanwhile',
    at: ZENDESK,
    before: ({ endpoint }) => update(endpoint, MAYA, TICKET, { status: 'solved' }),
  },
  {
    name: 'somebody else redacts the attachments',
    at: ZENDESK,
    before: async (story) => {
      story.isGone = true
      for (const { commentId, attachment } of story.files) {
        const comment = `/api/v2/tickets/${TICKET}/comments/${commentId}`
        await story.endpoint.zendesk.emulator.fetch(
          asMaya(`${comment}/attachments/${attachment.id}/redact`),
        )
      }
    },
  },
  {
    name: 'the ticket is deleted meanwhile',
    at: ZENDESK,
    before: (story) => {
      const { state } = story.endpoint.zendesk.emulator
      state.tickets = state.tickets.filter(({ id }) => id !== TICKET)
      state.comments[TICKET] = []
      state.audits[TICKET] = []
      state.files = {}
      story.isGone = true
    },
  },
]

watchStories()

/** A text file from the customer, and a picture in an agent's note. */
async function tell(): Promise<Story> {
  const endpoint = await startEndpoint({ policy })
  const text = await attach(endpoint, HARRIET, TICKET, textFile(TEXT))
  const picture = await attach(endpoint, MAYA, TICKET, png(), { isPublic: false })
  const files = [
    { commentId: text.said.id, attachment: text.attachment, bytes: new TextEncoder().encode(TEXT) },
    { commentId: picture.said.id, attachment: picture.attachment, bytes: PNG },
  ]
  const story: Story = { endpoint, isDead: false, files, isGone: false, writes: [] }
  const { emulator } = endpoint.zendesk
  const answer = emulator.fetch.bind(emulator)
  emulator.fetch = async (request) => {
    const isOurs = request.method === 'PUT' && !request.headers.has('x-sandbox-person')
    const before = files.map(({ attachment }) => attachment.file_name)
    const answered = await answer(request)
    for (const [at, { attachment }] of files.entries()) {
      if (isOurs && attachment.file_name !== before[at]) story.writes.push(attachment.id)
    }
    return answered
  }
  endpoint.clock.advance(2)
  const { deps } = endpoint
  await appendInbox(deps.database.orm, deps.account.id, deps.now(), [
    { id: deps.newId(), ticketId: TICKET },
  ])
  return story
}

/** One process at its work, with a fault at one of its steps; 0 for none. */
async function live(story: Story, faultStep: number, fault: Fault<Story> | null) {
  return await liveWithFault(story, [workInbox, drainOutbox], faultStep, fault)
}

/** The next process, without faults and without a sweep: it would find again what was lost. */
async function goOn({ endpoint: { deps, clock } }: Story): Promise<void> {
  await unwatched(async () => {
    for (let round = 0; round < 6; round += 1) {
      clock.advance(61)
      await workInbox(deps)
      await drainOutbox(deps)
      if ((await codesOfWaiting(deps)).length === 0) break
    }
  })
}

/** The code of the last failure of all work that waits. */
async function codesOfWaiting(deps: TestEndpoint['deps']): Promise<(string | null)[]> {
  const codes: (string | null)[] = []
  for (const table of [inbox, outbox]) {
    const rows = await deps.database.orm
      .select({ code: table.lastCode })
      .from(table)
      .where(and(eq(table.account, deps.account.id), isNull(table.doneAt)))
    codes.push(...rows.map(({ code }) => code))
  }
  return codes
}

async function keptBytes({ deps }: TestEndpoint, fieldId: string): Promise<Uint8Array | null> {
  const { account, database, keys } = deps
  const key = { record, fieldId, version: 1 }
  const jwe = await findSealed(database.orm, account.id, key)
  if (jwe === undefined) return null
  const part = await findDocumentPart(database.orm, account.id, key, 0)
  const binding = {
    account: account.id,
    recordType: record.type,
    recordId: TICKET,
    fieldId,
    version: 1,
  }
  return new Uint8Array((await openDocumentPart(keys, binding, jwe, part, 0)).bytes)
}

/** What is wrong at the end, in words; nothing, when all is as it has to be. */
async function faultsOf(story: Story): Promise<string[]> {
  const { endpoint, files, isGone, writes } = story
  const { deps, zendesk } = endpoint
  const wrong: string[] = []
  const rows = await findCurrentValues(deps.database.orm, deps.account.id, record)
  if (rows.some(({ version }) => version !== 1)) wrong.push('something is twice in the vault')
  const stays = new Set(
    (await exposuresOf(endpoint))
      .filter(({ category }) => category === 'closed_ticket_attachment')
      .map(({ place }) => place),
  )
  const entries = await endpoint.auditEntries()
  const isClosed = zendesk.emulator.state.tickets.some(
    ({ id, status }) => id === TICKET && status === 'closed',
  )
  const isThere = zendesk.emulator.state.tickets.some(({ id }) => id === TICKET)
  for (const { attachment, bytes } of files) {
    const place = `attachment_${attachment.id}`
    const kept = await keptBytes(endpoint, place)
    if (kept === null ? !isGone : Buffer.compare(kept, bytes) !== 0) {
      wrong.push(`${place} is not in the vault as it was sent`)
    }
    const isRedacted = attachment.file_name === 'redacted.txt'
    if (isThere && !isRedacted && !stays.has(place)) wrong.push(`${place} is left`)
    if (stays.has(place) && !isClosed) wrong.push(`${place} is said to stay`)
    const redactions = entries.filter(
      ({ action, data }) =>
        action === 'attachment.redact' &&
        data?.attachmentId === attachment.id &&
        data.wasRedacted === false,
    )
    if (redactions.length > 1) wrong.push(`${place} is redacted ${redactions.length} times`)
    if (writes.filter((id) => id === attachment.id).length > 1) wrong.push(`${place} written twice`)
  }
  if (stays.size === 0 && zendesk.emulator.exportState().includes('4242')) {
    wrong.push('Zendesk says the number')
  }
  for (const code of await codesOfWaiting(deps)) wrong.push(`work waits: ${code}`)
  return wrong
}

describe('a file with a card number, and a picture on a ticket that may carry identity documents', () => {
  let steps: Step[]
  beforeAll(async () => {
    const calm = await tell()
    steps = await live(calm, 0, null)
    await goOn(calm)
    expect(await faultsOf(calm)).toEqual([])
    expect(calm.writes).toHaveLength(2)
    // The ticket, its comments, two files from two hosts; and for each order comments, ticket, redaction.
    expect(steps.filter((step) => step === 'zendesk').length).toBeGreaterThanOrEqual(12)
  })

  it.each(FAULTS)(
    '$name, at any step: each is kept once, and nothing is left',
    async (fault) => {
      const wrong: unknown[] = []
      for (const [index, step] of steps.entries()) {
        if (!fault.at.includes(step)) continue
        const story = await tell()
        await live(story, index + 1, fault)
        await goOn(story)
        const found = await faultsOf(story)
        if (found.length > 0) wrong.push({ step: index + 1, of: step, found })
      }
      expect(wrong).toEqual([])
    },
    300_000,
  )
})
