/**
 * What one finds in a new sandbox: values and a restricted note in the vault, and three requests in three
 * states. All of it goes through the endpoint's own doors, as the people who would do it.
 */
import { readFile } from 'node:fs/promises'
import { createdIntakeLink } from '../contract/intake-links.ts'
import { policyVersionList } from '../contract/policy.ts'
import { pageData } from '../contract/session.ts'
import type { CreateRevealRequestInput } from '../contract/reveal-requests.ts'
import { revealRequestView } from '../contract/reveal-requests.ts'
import { SANDBOX_ACCOUNT } from './account.ts'
import type { PageSigner } from './page-signer.ts'
import type { RestEmulator } from './rest/emulator.ts'
import { API_ORIGIN } from './rest/state.ts'
import { SANDBOX_PEOPLE } from './people.ts'
import { SANDBOX_DOCUMENTS, SANDBOX_TICKETS, SANDBOX_VALUES } from './tickets.ts'

const PAGE_DATA = /<script type="application\/json" id="scrim-page">(.*?)<\/script>/s

const TOMAS = 102
const AISHA = 103
const MAYA = 101
const OMAR = 104

type StoryRequest = {
  requesterId: number
  ask: CreateRevealRequestInput
  decision?: { approverId: number; verb: 'approve' | 'deny'; body: Record<string, unknown> }
}

/** The story's opening: one active grant, one denied request, one that waits. */
const REQUESTS: readonly StoryRequest[] = [
  {
    requesterId: TOMAS,
    ask: {
      ticketId: 4002,
      fieldIds: ['birth_date'],
      reasonCode: 'identity_check',
      reasonText: 'Compare the birth date on the scanned document with the one on file',
      minutes: 15,
    },
    decision: { approverId: OMAR, verb: 'approve', body: {} },
  },
  {
    requesterId: MAYA,
    ask: {
      ticketId: 4006,
      fieldIds: ['iban'],
      reasonCode: 'refund',
      reasonText: 'Read the new account back to the customer before the payout',
      minutes: 15,
    },
    decision: {
      approverId: OMAR,
      verb: 'deny',
      body: { comment: 'Ask him to read it to you and check it without seeing it.' },
    },
  },
  {
    requesterId: AISHA,
    ask: {
      ticketId: 4003,
      fieldIds: ['phone'],
      reasonCode: 'call_back',
      reasonText: 'Call the customer on the new number about the sign-in codes',
      minutes: 15,
    },
  },
]

/** Why Omar denied the request on ticket 4006: not everybody who works on it should read that. */
const RESTRICTED_NOTE = {
  authorId: OMAR,
  ticketId: 4006,
  note: {
    text:
      'Priya, who works at the same company, says that nobody there has changed banks.\n' +
      'Do not change the account, and do not tell Marek, before finance has called her back.',
    sensitivityClass: 'restricted',
  },
} as const

/** Who takes a ticket's values down: its assignee, or someone of its group, or the lead who sees all. */
function intakePerson(ticketId: number): number {
  const ticket = SANDBOX_TICKETS.find(({ id }) => id === ticketId)
  const isStaff = (id: number | null | undefined) => SANDBOX_PEOPLE.some((each) => each.id === id)
  if (isStaff(ticket?.assigneeId)) return ticket?.assigneeId ?? OMAR
  const colleague = SANDBOX_PEOPLE.find(({ groupIds }) => groupIds[0] === ticket?.groupId)
  return colleague?.id ?? OMAR
}

/** A session of one person, opened as their browser opens it. */
export async function openSession(
  endpointUrl: string,
  signer: Pick<PageSigner, 'sign'>,
  personId: number,
  location: 'ticket_sidebar' | 'nav_bar',
): Promise<(method: string, path: string, body?: unknown) => Promise<unknown>> {
  const token = await signer.sign({ personId, location })
  const page = await fetch(new URL(`/zaf/${location}`, endpointUrl), {
    method: 'POST',
    body: new URLSearchParams({ token }),
  })
  const [, json] = PAGE_DATA.exec(await page.text()) ?? []
  const { session, refusal } = pageData.parse(JSON.parse(json ?? 'null'))
  if (session === null) throw new Error(`person ${personId} got no session: ${refusal}`)
  return async (method, path, body) => {
    const response = await fetch(new URL(`/api/${path}`, endpointUrl), {
      method,
      headers: {
        authorization: `Bearer ${session.credential}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const answer: unknown = await response.json()
    if (response.ok) return answer
    const { code } = answer as { code?: string }
    throw new Error(`${method} ${path} as person ${personId}: ${response.status} ${code}`)
  }
}

/** The founders agree on the policy that the account starts with, unless there is an active one. */
export async function agreeOnPolicy(
  endpointUrl: string,
  signer: Pick<PageSigner, 'sign'>,
): Promise<void> {
  const [, second] = SANDBOX_ACCOUNT.founders
  const call = await openSession(endpointUrl, signer, second, 'nav_bar')
  const { active, waiting } = policyVersionList.parse(await call('GET', 'policy/versions'))
  if (active !== null || waiting === null) return
  await call('POST', `policy/versions/${waiting}/consent`, {})
}

/** A file of `specimens/`. */
export function readSpecimen(file: string): Promise<Uint8Array<ArrayBuffer>> {
  return readFile(new URL(`./specimens/${file}`, import.meta.url)).then(
    (bytes) => new Uint8Array(bytes),
  )
}

/** A customer gets a one-time link from whoever `call` is, and uploads a document with it. */
export async function sendByLink(
  endpointUrl: string,
  call: (method: string, path: string, body?: unknown) => Promise<unknown>,
  document: { ticketId: number; fieldId: string; bytes: Uint8Array<ArrayBuffer> },
): Promise<void> {
  const { ticketId, fieldId, bytes } = document
  const made = await call('POST', `tickets/${ticketId}/intake-links`, { fieldId })
  const form = new FormData()
  form.set('file', new Blob([bytes]), 'scan')
  const { path } = createdIntakeLink.parse(made)
  const page = await fetch(new URL(path, endpointUrl), { method: 'POST', body: form })
  if (!page.ok) throw new Error(`a document for ticket ${ticketId} was not taken: ${page.status}`)
}

/**
 * Plants values, documents and requests. @throws Error naming the step that the endpoint refused; never a value.
 */
export async function plantStory(
  endpointUrl: string,
  signer: Pick<PageSigner, 'sign'>,
): Promise<void> {
  const sessions = new Map<string, ReturnType<typeof openSession>>()
  const as = (personId: number, location: 'ticket_sidebar' | 'nav_bar') => {
    const name = `${personId} ${location}`
    const session = sessions.get(name) ?? openSession(endpointUrl, signer, personId, location)
    sessions.set(name, session)
    return session
  }
  const takeIns = SANDBOX_VALUES.map(async ({ ticketId, fieldId, value }) => {
    const call = await as(intakePerson(ticketId), 'ticket_sidebar')
    await call('PUT', `tickets/${ticketId}/protected-fields/${fieldId}/value`, { value })
  })
  const uploads = SANDBOX_DOCUMENTS.map(async ({ ticketId, fieldId, file }) => {
    const call = await as(intakePerson(ticketId), 'ticket_sidebar')
    await sendByLink(endpointUrl, call, { ticketId, fieldId, bytes: await readSpecimen(file) })
  })
  await Promise.all([...takeIns, ...uploads])
  const { authorId, ticketId, note } = RESTRICTED_NOTE
  const author = await as(authorId, 'ticket_sidebar')
  await author('POST', `tickets/${ticketId}/restricted-notes`, note)
  for (const { requesterId, ask, decision } of REQUESTS) {
    const requester = await as(requesterId, 'ticket_sidebar')
    const { id } = revealRequestView.parse(await requester('POST', 'reveal-requests', ask))
    if (decision === undefined) continue
    const approver = await as(decision.approverId, 'nav_bar')
    await approver('POST', `reveal-requests/${id}/${decision.verb}`, decision.body)
  }
}

/** What a customer sends while one looks: Scrim vaults and redacts it within seconds. */
const MESSAGE = {
  ticketId: 4004,
  customerId: 505,
  // Published test values.
  body: 'It was my card 4000 0566 5566 5556, security code 737.',
}

/** A customer writes a message with a card number in it, as by mail. */
export async function customerWrites(emulator: Pick<RestEmulator, 'fetch'>): Promise<void> {
  const { ticketId, customerId, body } = MESSAGE
  await emulator.fetch(
    new Request(`${API_ORIGIN}/api/v2/tickets/${ticketId}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json', 'x-sandbox-person': String(customerId) },
      body: JSON.stringify({ ticket: { comment: { body, public: true } } }),
    }),
  )
}
