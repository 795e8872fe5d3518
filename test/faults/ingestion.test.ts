/**
 * Ingestion with a fault at every step. The steps are all its accesses to the database and all its
 * calls to Zendesk, numbered by a run without faults; each fault is tried at each of them. A killed
 * process is one that reaches nothing any more from its step on, with or without the step's effect.
 */
import { describe, expect, it } from 'vitest'
import type { EndpointDeps } from '../../src/endpoint/context.ts'
import { workInbox } from '../../src/endpoint/ingestion/work-inbox.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import { SANDBOX_ACCOUNT } from '../../src/sandbox/account.ts'
import type { RestComment } from '../../src/sandbox/rest/state.ts'
import { API_ORIGIN } from '../../src/sandbox/rest/state.ts'
import { appendInbox } from '../../src/storage/inbox.ts'
import { createZendeskDirectory } from '../../src/zendesk/directory.ts'
import { OAUTH } from '../support/endpoint-zendesk.ts'
import { MAYA, startEndpoint } from '../support/endpoint.ts'
import type { TestEndpoint } from '../support/endpoint.ts'
import { comment, exposuresOf, HARRIET, ticketOf, type, vaultOf } from '../support/ingestion.ts'

const TICKET = 4001
const IN_COMMENT = '4242 4242 4242 4242'
const IN_NOTE = '5555 5555 5555 4444'
const IN_FIELD = '3782 822463 10005'
const ADDED = '6011 1111 1111 1117'
const CODE = '737'

type Step = 'database' | 'zendesk'
/** What happens at a step: before its effect, instead of it, or after it. */
type Fault = {
  name: string
  at: readonly Step[]
  /** Never returns when the step has no effect. */
  before?: (story: Story) => void
  answer?: () => Response
  after?: (story: Story) => void
}

class Killed extends Error {}

type Story = { endpoint: TestEndpoint; said: RestComment; isDead: boolean }

const kill = (story: Story): never => {
  story.isDead = true
  throw new Killed()
}
const FAULTS: readonly Fault[] = [
  { name: 'the process is killed before it', at: ['database', 'zendesk'], before: kill },
  { name: 'the process is killed after it', at: ['database', 'zendesk'], after: kill },
  {
    name: 'the network fails',
    at: ['zendesk'],
    before: () => {
      throw new TypeError('fetch failed')
    },
  },
  {
    name: 'the answer is lost in a time-out',
    at: ['zendesk'],
    after: () => {
      throw new DOMException('aborted', 'AbortError')
    },
  },
  {
    name: 'Zendesk says 429',
    at: ['zendesk'],
    answer: () => new Response('{}', { status: 429, headers: { 'retry-after': '7' } }),
  },
  { name: 'Zendesk says 503', at: ['zendesk'], answer: () => new Response('{}', { status: 503 }) },
  {
    name: 'the ticket is closed meanwhile',
    at: ['zendesk'],
    before: ({ endpoint }) => {
      ticketOf(endpoint, TICKET).status = 'closed'
    },
  },
  {
    name: 'the comment is edited meanwhile',
    at: ['zendesk'],
    before: ({ said }) => {
      const added = `<p>And my card is ${ADDED}</p></div>`
      if (!said.html_body.includes('And my')) {
        said.html_body = said.html_body.replace(/<\/div>$/, added)
        said.body += `And my card is ${ADDED}`
        said.plain_body = said.body
      }
    },
  },
]

/** The endpoint with a fault at one of its steps; 0 for none. */
function faulty(story: Story, faultStep: number, fault: Fault | null) {
  const { deps, zendesk, clock } = story.endpoint
  const steps: Step[] = []
  const isAt = (step: Step): boolean => {
    if (story.isDead) throw new Killed()
    steps.push(step)
    return steps.length === faultStep
  }
  const database: EndpointDeps['database'] = {
    engine: deps.database.engine,
    get orm() {
      if (isAt('database')) fault?.before?.(story)
      return deps.database.orm
    },
    transaction: async (work) => {
      const isHere = isAt('database')
      if (isHere) fault?.before?.(story)
      const answer = await deps.database.transaction(work)
      if (isHere) fault?.after?.(story)
      return answer
    },
    close: async () => {},
  }
  const fetchWithFault: typeof fetch = async (input, init) => {
    const isHere = isAt('zendesk')
    if (isHere) fault?.before?.(story)
    if (isHere && fault?.answer !== undefined) return fault.answer()
    const answer = await zendesk.emulator.fetch(new Request(input, init))
    if (isHere) fault?.after?.(story)
    return answer
  }
  const directory = createZendeskDirectory({
    fetch: fetchWithFault,
    baseUrl: API_ORIGIN,
    oauth: OAUTH,
    appId: SANDBOX_ACCOUNT.appId,
    installationId: SANDBOX_ACCOUNT.installationId,
    requestsPerMinute: 1_000_000,
    now: clock.now,
    elapsed: () => clock.now().getTime(),
  })
  return { deps: { ...deps, database, zendesk: directory }, steps }
}

/** A message with a card and its code, a note with another card, a third one typed into a field. */
async function tell(): Promise<Story> {
  const endpoint = await startEndpoint()
  const html = `<p>My card is <b>4242 4242</b> 4242 4242, security code ${CODE}</p>`
  const said = await comment(endpoint, HARRIET, TICKET, html)
  await comment(endpoint, MAYA, TICKET, `<p>Second card ${IN_NOTE}</p>`, false)
  await type(endpoint, MAYA, TICKET, 301, IN_FIELD)
  endpoint.clock.advance(2)
  const { deps } = endpoint
  await appendInbox(deps.database.orm, deps.account.id, deps.now(), [
    { id: 'event', ticketId: TICKET },
  ])
  return { endpoint, said, isDead: false }
}

async function live(story: Story, faultStep: number, fault: Fault | null): Promise<Step[]> {
  const { deps, steps } = faulty(story, faultStep, fault)
  try {
    await workInbox(deps)
    await drainOutbox(deps)
  } catch (error) {
    if (!story.isDead) throw error
  }
  return steps
}

/** The next process, without faults. Not the sweep: it would find again what was lost here. */
async function goOn({ deps, clock }: TestEndpoint): Promise<void> {
  // Longer than any claim or back-off of a first try; more rounds than any step takes.
  for (let round = 0; round < 5; round += 1) {
    clock.advance(61)
    await workInbox(deps)
    await drainOutbox(deps)
  }
}

/** Everything Zendesk still says, without what is listed as staying. */
async function plaintextLeft({ endpoint }: Story): Promise<string[]> {
  const exposures = await exposuresOf(endpoint)
  const listed = new Set(exposures.map(({ category, place }) => `${category} ${place}`))
  const state = structuredClone(endpoint.zendesk.emulator.state)
  if (listed.has('field_history card_number')) {
    for (const audit of state.audits[TICKET] ?? []) {
      audit.events = audit.events.filter(
        (event) => event.type === 'Comment' || event.field_name !== '301',
      )
    }
  }
  if (listed.has('closed_ticket_field card_number')) {
    const ticket = state.tickets.find(({ id }) => id === TICKET)
    for (const field of ticket?.custom_fields ?? []) if (field.id === 301) field.value = null
  }
  const text = JSON.stringify(state).replace(/<\/?b>/g, '')
  const codes = JSON.stringify(state.comments[TICKET])
  return [
    ...[IN_COMMENT, IN_NOTE, IN_FIELD, ADDED].filter((value) => text.includes(value)),
    ...(codes.includes(`code ${CODE}`) ? [CODE] : []),
  ]
}

async function outcome(story: Story) {
  const { endpoint } = story
  const entries = await endpoint.auditEntries()
  const redacted = entries
    .filter(({ action, data }) => action === 'comment.redact' && data?.wasRedacted === false)
    .map(({ data }) => data?.commentId)
  const values = (await vaultOf(endpoint, TICKET)).map(({ value }) => value).toSorted()
  return {
    values,
    plaintextLeft: await plaintextLeft(story),
    isRedactedTwice: new Set(redacted).size !== redacted.length,
    field: endpoint.zendesk.fieldText(TICKET, 301) ?? null,
  }
}

const ALL = [IN_COMMENT, IN_NOTE, IN_FIELD].toSorted()

describe('a message, a note and a field with card numbers', () => {
  it.each(FAULTS)(
    '$name, at any step: all is kept once, and nothing is left',
    async (fault) => {
      const calm = await tell()
      const steps = await live(calm, 0, null)
      expect(await outcome(calm)).toMatchObject({ values: ALL, plaintextLeft: [] })

      const wrong: unknown[] = []
      for (const [index, step] of steps.entries()) {
        if (!fault.at.includes(step)) continue
        const story = await tell()
        await live(story, index + 1, fault)
        await goOn(story.endpoint)
        // An edit may come after the last look: Zendesk tells of it, as of every change.
        if (story.said.html_body.includes(ADDED)) {
          const { deps } = story.endpoint
          await appendInbox(deps.database.orm, deps.account.id, deps.now(), [
            { id: 'edit', ticketId: TICKET },
          ])
          await goOn(story.endpoint)
        }
        const { values, plaintextLeft: left, isRedactedTwice, field } = await outcome(story)
        const isEdited = story.said.html_body.includes('And my')
        const expected = isEdited ? [...ALL, ADDED].toSorted() : ALL
        const isClosed = ticketOf(story.endpoint, TICKET).status === 'closed'
        const isFieldRight = isClosed || (field ?? '').startsWith('••••')
        if (
          values.join() !== expected.join() ||
          left.length > 0 ||
          !isFieldRight ||
          (isRedactedTwice && !isEdited)
        ) {
          wrong.push({ step: index + 1, of: step, values, left, isRedactedTwice, field })
        }
      }
      expect(wrong).toEqual([])
      expect(steps.filter((step) => fault.at.includes(step)).length).toBeGreaterThan(9)
    },
    300_000,
  )
})
