/**
 * Ingestion with a fault at every step. The steps are every statement and commit it sends to the
 * database and every call to Zendesk, numbered by a run without faults; each fault is tried at each of
 * them. A killed process is one that reaches nothing any more from its step on, with or without the
 * step's effect; `ingestion-kill.test.ts` kills real ones.
 */
import { and, eq, isNull } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sweepTickets } from '../../src/endpoint/ingestion/sweep-tickets.ts'
import { workInbox } from '../../src/endpoint/ingestion/work-inbox.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import type { RestComment } from '../../src/sandbox/rest/state.ts'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import { appendInbox } from '../../src/storage/inbox.ts'
import { inbox, outbox } from '../../src/storage/schema.ts'
import { MAYA, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import {
  comment,
  exposuresOf,
  HARRIET,
  ticketOf,
  type,
  update,
  vaultOf,
} from '../support/ingestion.ts'
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
const FIELD = 301
const IN_COMMENT = '4242 4242 4242 4242'
const IN_NOTE = '5555 5555 5555 4444'
const IN_FIELD = '3782 822463 10005'
const IN_SUBJECT = '5105 1051 0510 5100'
const TOLD = [IN_COMMENT, IN_NOTE, IN_FIELD, IN_SUBJECT]
const ADDED = '6011 1111 1111 1117'
const RETYPED = '3566 0020 2036 0505'
const CODE = '737'
const EMPTY_SUBJECT = { subject: '', raw_subject: '' }
const CUSTOMER_SAYS = `<p>My card is <b>4242 4242</b> 4242 4242, security code ${CODE}</p>`

/** How word of the ticket comes: by a webhook that was answered, or by the sweep alone. */
type Arrival = 'webhook' | 'sweep'

type Story = {
  endpoint: TestEndpoint
  arrival: Arrival
  said: RestComment
  isDead: boolean
  /** Values that came into the ticket, and that people took out of it, while it was worked on. */
  added: string[]
  gone: string[]
  /** What our writes changed in Zendesk: comments by id, or `field`. */
  writes: string[]
}

const lost = (message: string, code: string) => (): never => {
  throw Object.assign(new TypeError(message), { code })
}
const timeOut = (): never => {
  throw new DOMException('aborted', 'AbortError')
}
const says =
  (status: number, headers: Record<string, string> = {}, body = '{}') =>
  () =>
    new Response(body, { status, headers })

/** Half an answer, and then the connection is gone. */
function brokenAnswer(): Response {
  const body = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('{"ticket":{"id":4'))
      controller.error(new TypeError('terminated'))
    },
  })
  return new Response(body)
}

/** Somebody who works on the ticket in Zendesk; a closed one stays as it is. */
async function somebodyTypes({ endpoint }: Story, text: string | null): Promise<void> {
  await type(endpoint, MAYA, TICKET, FIELD, text)
}

function editComment({ said, added }: Story): void {
  if (added.includes(ADDED)) return
  said.html_body = said.html_body.replace(/<\/div>$/, `<p>And my card is ${ADDED}</p></div>`)
  said.body += `And my card is ${ADDED}`
  said.plain_body = said.body
  added.push(ADDED)
}

async function redactByHand({ endpoint, said, gone }: Story): Promise<void> {
  gone.push(IN_COMMENT)
  const marked = said.html_body.replace(/<p>([^]*)<\/p>/, '<p><redact>$1</redact></p>')
  const path = `${API_ORIGIN}/api/v2/comment_redactions/${said.id}`
  const body = JSON.stringify({ ticket_id: TICKET, html_body: marked })
  const headers = { 'content-type': 'application/json', 'x-sandbox-person': String(MAYA) }
  await endpoint.zendesk.emulator.fetch(new Request(path, { method: 'PUT', headers, body }))
}

function deleteTicket({ endpoint, gone }: Story): void {
  const { state } = endpoint.zendesk.emulator
  state.tickets = state.tickets.filter(({ id }) => id !== TICKET)
  state.comments[TICKET] = []
  state.audits[TICKET] = []
  gone.push(IN_COMMENT, IN_NOTE, IN_FIELD, IN_SUBJECT)
}

const FAULTS: readonly Fault<Story>[] = [
  { name: 'the process is killed before it', at: EFFECTS, before: kill },
  { name: 'the process is killed after it', at: EFFECTS, after: kill },
  {
    name: 'the process sleeps before it until another one has done its work',
    at: ['statement', 'begin', 'zendesk'],
    before: goOn,
  },
  {
    name: 'the database cannot be reached',
    at: DATABASE,
    before: lost('connect', 'ECONNREFUSED'),
  },
  {
    name: 'the database does it, and its answer is lost',
    at: DATABASE,
    after: lost('read', 'ECONNRESET'),
  },
  { name: 'Zendesk refuses the connection', at: ZENDESK, before: lost('fetch', 'ECONNREFUSED') },
  { name: 'Zendesk is not reached in time', at: ZENDESK, before: timeOut },
  { name: 'the connection breaks before the answer', at: ZENDESK, after: lost('x', 'ECONNRESET') },
  { name: 'the answer is lost in a time-out', at: ZENDESK, after: timeOut },
  { name: 'the answer breaks off', at: ZENDESK, after: brokenAnswer },
  { name: 'the answer is a page of a proxy', at: ZENDESK, after: says(200, {}, '<html>') },
  { name: 'Zendesk says 429', at: ZENDESK, instead: says(429, { 'retry-after': '7' }) },
  {
    name: 'Zendesk says 429 and names an hour that it is not',
    at: ZENDESK,
    instead: says(429, { 'retry-after': 'Mon, 23 Nov 2026 10:01:00 GMT' }),
  },
  { name: 'Zendesk says 429 and not for how long', at: ZENDESK, instead: says(429) },
  { name: 'Zendesk says 500', at: ZENDESK, instead: says(500) },
  { name: 'Zendesk says 502', at: ZENDESK, instead: says(502, {}, '<html>') },
  { name: 'Zendesk says 503', at: ZENDESK, instead: says(503, { 'retry-after': '9' }) },
  {
    name: 'Zendesk does it and says 504',
    at: ZENDESK,
    after: says(504),
  },
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
  { name: 'the ticket is deleted meanwhile', at: ZENDESK, before: deleteTicket },
  {
    name: 'the ticket is solved meanwhile',
    at: ZENDESK,
    before: ({ endpoint }) => update(endpoint, MAYA, TICKET, { status: 'solved' }),
  },
  { name: 'the comment is edited meanwhile', at: ZENDESK, before: editComment },
  {
    name: 'the comment is edited meanwhile, and another process is first',
    at: ['begin', 'zendesk'],
    before: async (story) => {
      editComment(story)
      await tellAgain(story)
      await goOn(story)
    },
  },
  { name: 'the comment is redacted by somebody else', at: ZENDESK, before: redactByHand },
  {
    name: 'something else is typed into the field meanwhile',
    at: ZENDESK,
    before: async (story) => {
      await somebodyTypes(story, RETYPED)
      story.added.push(RETYPED)
      story.gone.push(IN_FIELD)
    },
  },
  {
    name: 'the field is emptied meanwhile',
    at: ZENDESK,
    before: async (story) => {
      await somebodyTypes(story, null)
      story.gone.push(IN_FIELD)
    },
  },
]

watchStories()

/** A message with a card and its code, a note with another card, one in a field and one in the subject. */
async function tell(arrival: Arrival): Promise<Story> {
  const endpoint = await startEndpoint()
  const { emulator } = endpoint.zendesk
  const writes: string[] = []
  const answer = emulator.fetch.bind(emulator)
  emulator.fetch = async (request) => {
    const isOurs = request.method === 'PUT' && !request.headers.has('x-sandbox-person')
    const before = isOurs ? sayingsOf(endpoint) : []
    const answered = await answer(request)
    const after = isOurs ? sayingsOf(endpoint) : []
    for (const [place, text] of after) {
      if (text !== before.find(([known]) => known === place)?.[1]) writes.push(place)
    }
    return answered
  }
  const said = await comment(endpoint, HARRIET, TICKET, CUSTOMER_SAYS)
  await comment(endpoint, MAYA, TICKET, `<p>Second card ${IN_NOTE}</p>`, false)
  await type(endpoint, MAYA, TICKET, FIELD, IN_FIELD)
  await update(endpoint, MAYA, TICKET, { subject: `Refund to card ${IN_SUBJECT}` })
  endpoint.clock.advance(2)
  const story = { endpoint, arrival, said, isDead: false, added: [], gone: [], writes }
  if (arrival === 'webhook') await tellAgain(story)
  return story
}

/** What each place of the ticket says. */
function sayingsOf({ zendesk }: TestEndpoint): [place: string, text: string | null][] {
  const { comments, tickets } = zendesk.emulator.state
  const ticket = tickets.find(({ id }) => id === TICKET)
  const fields = ticket?.custom_fields
  return [
    ['subject', ticket?.subject ?? null],
    ...(comments[TICKET] ?? []).map((each): [string, string] => [String(each.id), each.html_body]),
    ['field', fields?.find(({ id }) => id === FIELD)?.value ?? null],
  ]
}

/** Zendesk says that the ticket changed. */
async function tellAgain({ endpoint: { deps } }: Story): Promise<void> {
  const event = { id: deps.newId(), ticketId: TICKET }
  await appendInbox(deps.database.orm, deps.account.id, deps.now(), [event])
}

/** One process at its work, as the endpoint's sweep does it: each part whatever became of the other. */
async function live(story: Story, faultStep: number, fault: Fault<Story> | null) {
  const parts = story.arrival === 'sweep' ? [sweepTickets] : [workInbox, drainOutbox]
  return await liveWithFault(story, parts, faultStep, fault)
}

/** The next process, without faults. After a webhook no sweep: it would find again what was lost. */
async function goOn({ endpoint: { deps, clock }, arrival }: Story): Promise<void> {
  await unwatched(async () => {
    // Longer than any claim or back-off of a first try; more rounds than any step takes.
    for (let round = 0; round < 6; round += 1) {
      clock.advance(61)
      if (arrival === 'sweep') await sweepTickets(deps)
      await workInbox(deps)
      await drainOutbox(deps)
      if (arrival === 'webhook' && (await codesOfWaiting(deps)).length === 0) break
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

/** Everything Zendesk still says, without what is listed as staying. */
async function plaintextLeft({ endpoint, gone }: Story): Promise<string[]> {
  const exposures = await exposuresOf(endpoint)
  const listed = new Set(exposures.map(({ category, place }) => `${category} ${place}`))
  const state = structuredClone(endpoint.zendesk.emulator.state)
  const changed = [
    ...(listed.has('field_history card_number') ? [String(FIELD)] : []),
    ...(listed.has('field_history subject') ? ['subject'] : []),
  ]
  for (const audit of state.audits[TICKET] ?? []) {
    audit.events = audit.events.filter(
      (event) => event.type === 'Comment' || !changed.includes(event.field_name),
    )
  }
  for (const ticket of state.tickets.filter(({ id }) => id === TICKET)) {
    if (listed.has('closed_ticket_field subject')) Object.assign(ticket, EMPTY_SUBJECT)
    if (!listed.has('closed_ticket_field card_number')) continue
    for (const field of ticket.custom_fields) if (field.id === FIELD) field.value = null
  }
  // Typed and emptied before anybody looked: of that only the history knows.
  const kept = new Set((await vaultOf(endpoint, TICKET)).map(({ value }) => value))
  if (gone.includes(IN_FIELD) && !kept.has(IN_FIELD)) state.audits[TICKET] = []
  const text = JSON.stringify(state).replace(/<\/?b>/g, '')
  const codes = JSON.stringify(state.comments[TICKET])
  return [
    ...[...TOLD, ADDED, RETYPED].filter((value) => text.includes(value)),
    ...(codes.includes(`code ${CODE}`) ? [CODE] : []),
  ]
}

/** What is wrong at the end, in words; nothing, when all is as it has to be. */
async function faultsOf(story: Story): Promise<string[]> {
  const { endpoint, added, gone, writes } = story
  const { deps } = endpoint
  const wrong: string[] = []
  const values = (await vaultOf(endpoint, TICKET)).map(({ value }) => value)
  const all = [...TOLD, ...added]
  for (const value of all) {
    const count = values.filter((each) => each === value).length
    if (count > 1 || (count === 0 && !gone.includes(value))) {
      wrong.push(`${value} is ${count} times in the vault`)
    }
  }
  if (values.some((value) => !all.includes(value))) wrong.push('the vault holds something else')
  for (const value of await plaintextLeft(story)) wrong.push(`Zendesk says ${value}`)

  // A comment that somebody edits, a field that somebody types into, is dealt with once more.
  const most = (place: string) => {
    if (place === 'field') return added.includes(RETYPED) ? 2 : 1
    return place === String(story.said.id) && added.includes(ADDED) ? 2 : 1
  }
  const entries = await endpoint.auditEntries()
  const redacted = entries
    .filter(({ action, data }) => action === 'comment.redact' && data?.wasRedacted === false)
    .map(({ data }) => String(data?.commentId))
  for (const [what, places] of Object.entries({ entries: redacted, writes })) {
    for (const place of new Set(places)) {
      const count = places.filter((each) => each === place).length
      if (count > most(place)) wrong.push(`${count} ${what} about ${place}`)
    }
  }

  for (const code of await codesOfWaiting(deps)) wrong.push(`work waits: ${code}`)
  const ticket = endpoint.zendesk.emulator.state.tickets.find(({ id }) => id === TICKET)
  const text = ticket?.custom_fields.find(({ id }) => id === FIELD)?.value ?? null
  const isKept = ticket?.status !== 'closed' && !(text === null && gone.includes(IN_FIELD))
  if (ticket !== undefined && isKept && !text?.startsWith('••••')) wrong.push(`the field: ${text}`)
  return wrong
}

let tried = 0
let told = 0
afterAll(() => {
  process.stdout.write(`${FAULTS.length} faults, ${told} steps of ingestion: ${tried} stories\n`)
})

describe.each(['webhook', 'sweep'] as const)(
  'a message, a note, a field and a subject with card numbers, told of by the %s',
  (arrival) => {
    let steps: Step[]
    beforeAll(async () => {
      const calm = await tell(arrival)
      steps = await live(calm, 0, null)
      told += steps.length
      await goOn(calm)
      expect(await faultsOf(calm)).toEqual([])
    })

    it.each(FAULTS)(
      '$name, at any step: all is kept once, and nothing is left',
      async (fault) => {
        const wrong: unknown[] = []
        for (const [index, step] of steps.entries()) {
          if (!fault.at.includes(step)) continue
          const story = await tell(arrival)
          await live(story, index + 1, fault)
          await goOn(story)
          // A change may come after the last look: Zendesk tells of it, as of every change.
          if (story.added.length > 0 || story.gone.length > 0) {
            await tellAgain(story)
            await goOn(story)
          }
          const found = await faultsOf(story)
          if (found.length > 0) wrong.push({ step: index + 1, of: step, found })
          tried += 1
        }
        expect(wrong).toEqual([])
        expect(tried).toBeGreaterThan(0)
      },
      300_000,
    )
  },
)
