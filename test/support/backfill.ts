/**
 * An account with many existing tickets, written into the emulated Zendesk directly, and what a
 * backfill has to find there, counted while they are written. Published test values only.
 */
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import type { RestState, RestTicket } from '../../src/sandbox/rest/state.ts'
import { commentOf, storeFile, takeId } from '../../src/sandbox/rest/state.ts'

export const CARDS = [
  '4242 4242 4242 4242',
  '5555 5555 5555 4444',
  '3782 822463 10005',
  '6011 1111 1111 1117',
] as const
/** From the IBAN registry. */
export const IBAN = 'DE89 3704 0044 0532 0130 00'
export const CODE = '737'

const HARRIET = 501
const MAYA = 101
const CARD_FIELD = 301
const IBAN_FIELD = 304

/** A small generator of numbers in [0, 1), the same ones for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Kinds = Record<'payment_card' | 'bank_account' | 'card_verification_code', number>

/** What was written, as a report has to say it. */
export type Seeded = {
  tickets: number
  closed: number
  deleted: number
  found: Kinds
  comments: number
  fields: number
  closedFields: number
  attachments: number
  /** By category and kind. */
  residual: Record<string, number>
  ticketIds: number[]
}

type Story = {
  weight: number
  status?: RestTicket['status'] | 'deleted'
  subject?: (card: string) => string
  comments: (card: string) => { body: string; isPublic: boolean }[]
  fields?: (card: string) => Record<number, string>
  /** A text file that comes with the last comment. */
  file?: (card: string) => string
}

const says = (body: string) => ({ body, isPublic: true })
const notes = (body: string) => ({ body, isPublic: false })
const SMALL_TALK = [
  says('Hello, my parcel with order 20417 has not arrived yet. Could you look into it?'),
  says('Thank you, I will wait until Friday. Kind regards, Harriet'),
]

const STORIES: readonly Story[] = [
  { weight: 77, comments: () => SMALL_TALK },
  { weight: 10, status: 'closed', comments: () => SMALL_TALK },
  { weight: 3, comments: (card) => [...SMALL_TALK, says(`Please use my card ${card} instead.`)] },
  {
    weight: 1,
    comments: (card) => [
      says(`My card is ${card}, security code ${CODE}. The refund goes to IBAN ${IBAN}.`),
      says(`Again: card ${card}`),
    ],
  },
  { weight: 1, comments: (card) => [...SMALL_TALK, notes(`He called: card ${card}`)] },
  { weight: 2, comments: () => SMALL_TALK, fields: (card) => ({ [CARD_FIELD]: card }) },
  {
    weight: 1,
    comments: (card) => [says(`My card is ${card}.`)],
    fields: (card) => ({ [CARD_FIELD]: card, [IBAN_FIELD]: IBAN }),
  },
  { weight: 2, status: 'closed', comments: (card) => [says(`My card is ${card}.`)] },
  {
    weight: 1,
    status: 'closed',
    comments: () => SMALL_TALK,
    fields: (card) => ({ [CARD_FIELD]: card }),
  },
  { weight: 1, comments: () => SMALL_TALK, file: (card) => `Charge my card ${card}, please.` },
  { weight: 1, subject: (card) => `Card ${card} was declined`, comments: () => SMALL_TALK },
  { weight: 1, status: 'deleted', comments: (card) => [says(`My card is ${card}.`)] },
]

/** Writes `count` tickets that last changed one after the other, the last one a second before `until`. */
export function seedTickets(
  state: RestState,
  { count, seed, firstId, until }: { count: number; seed: number; firstId: number; until: Date },
): Seeded {
  const random = seededRandom(seed)
  const total = STORIES.reduce((sum, { weight }) => sum + weight, 0)
  const pick = (): Story => {
    let left = random() * total
    return STORIES.find(({ weight }) => (left -= weight) < 0) ?? { weight: 0, comments: () => [] }
  }
  const seeded: Seeded = {
    tickets: 0,
    closed: 0,
    deleted: 0,
    found: { payment_card: 0, bank_account: 0, card_verification_code: 0 },
    comments: 0,
    fields: 0,
    closedFields: 0,
    attachments: 0,
    residual: {},
    ticketIds: [],
  }
  const template = state.tickets[0]
  if (template === undefined) throw new RangeError('the sandbox has no ticket')
  for (let index = 0; index < count; index += 1) {
    const story = pick()
    const card = CARDS[Math.floor(random() * CARDS.length)] ?? CARDS[0]
    const at = new Date(until.getTime() - (count - index) * 1000).toISOString()
    addTicket(state, template, { id: firstId + index, at, story, card })
    note(seeded, story, card)
    seeded.ticketIds.push(firstId + index)
  }
  return seeded
}

function addTicket(
  state: RestState,
  template: RestTicket,
  { id, at, story, card }: { id: number; at: string; story: Story; card: string },
): void {
  const fields = story.fields?.(card) ?? {}
  const said = story.comments(card)
  const file = story.file?.(card)
  state.comments[id] = said.map(({ body, isPublic }, index) =>
    commentOf({
      id: takeId(state),
      authorId: isPublic ? HARRIET : MAYA,
      body,
      isPublic,
      auditId: takeId(state),
      at,
      attachments:
        file === undefined || index < said.length - 1
          ? []
          : [
              storeFile(
                state,
                { fileName: 'payment.txt', contentType: 'text/plain', content: file },
                `seeded-${id}`,
              ),
            ],
    }),
  )
  state.audits[id] = []
  state.tickets.push({
    ...template,
    id,
    created_at: at,
    updated_at: at,
    subject: story.subject?.(card) ?? 'A parcel is late',
    raw_subject: story.subject?.(card) ?? 'A parcel is late',
    description: state.comments[id]?.[0]?.body ?? '',
    status: (story.status ?? 'open') as RestTicket['status'],
    tags: [],
    custom_fields: template.custom_fields.map((field) => ({
      id: field.id,
      value: fields[field.id] ?? null,
    })),
  })
}

/** Says what is to be found in a story, from how it is told and not by detection. */
function note(seeded: Seeded, story: Story, card: string): void {
  if (story.status === 'deleted') {
    seeded.deleted += 1
    return
  }
  const isClosed = story.status === 'closed'
  const stays = (category: string, kind: keyof Kinds) => {
    const name = `${category} ${kind}`
    seeded.residual[name] = (seeded.residual[name] ?? 0) + 1
  }
  seeded.tickets += 1
  if (isClosed) seeded.closed += 1
  for (const { body, isPublic } of story.comments(card)) {
    const kinds: (keyof Kinds)[] = []
    if (body.includes(card)) kinds.push('payment_card')
    if (body.includes(IBAN)) kinds.push('bank_account')
    if (body.includes(`code ${CODE}`)) kinds.push('card_verification_code')
    if (kinds.length > 0) seeded.comments += 1
    for (const kind of kinds) {
      seeded.found[kind] += 1
      if (isPublic) stays('sent_email', kind)
    }
  }
  if (story.subject !== undefined) {
    seeded.found.payment_card += 1
    seeded.fields += 1
    stays('field_history', 'payment_card')
  }
  if (story.file !== undefined) {
    seeded.found.payment_card += 1
    seeded.attachments += 1
    stays('sent_email', 'payment_card')
  }
  for (const text of Object.values(story.fields?.(card) ?? {})) {
    const kind = text === IBAN ? 'bank_account' : 'payment_card'
    seeded.found[kind] += 1
    seeded.fields += 1
    stays('field_history', kind)
    if (isClosed) {
      seeded.closedFields += 1
      stays('closed_ticket_field', kind)
    }
  }
}

/** Both together. */
export function together(one: Seeded, other: Seeded): Seeded {
  const residual = { ...one.residual }
  for (const [name, sum] of Object.entries(other.residual)) {
    residual[name] = (residual[name] ?? 0) + sum
  }
  return {
    tickets: one.tickets + other.tickets,
    closed: one.closed + other.closed,
    deleted: one.deleted + other.deleted,
    found: {
      payment_card: one.found.payment_card + other.found.payment_card,
      bank_account: one.found.bank_account + other.found.bank_account,
      card_verification_code: one.found.card_verification_code + other.found.card_verification_code,
    },
    comments: one.comments + other.comments,
    fields: one.fields + other.fields,
    closedFields: one.closedFields + other.closedFields,
    attachments: one.attachments + other.attachments,
    residual,
    ticketIds: [...one.ticketIds, ...other.ticketIds],
  }
}

/** The account behind an address, for processes of their own. */
export async function serveEmulator(
  answer: (request: Request) => Promise<Response>,
): Promise<{ baseUrl: string; close: () => Promise<void> }> {
  const server = createAdaptorServer({ fetch: answer })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  // A server that listens on a port has an address with one.
  const { port } = server.address() as AddressInfo
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    close: async () => {
      server.close()
      await once(server, 'close')
    },
  }
}
