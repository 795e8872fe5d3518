/**
 * What people are told of a request where they work: a word to open apps, a message to a chat tool, a
 * private note on the ticket. Ids, labels and states; never a value, a mask, a name or a reason.
 */
import type { RevealRequestState } from './reveal-request.ts'
import type { VaultedField } from './vaulted-field.ts'

/** What happens to a request that others than its requester hear of, in the words of a chat tool. */
const SENTENCES = {
  asked: 'A reveal request waits for approval',
  next_level: 'A reveal request waits for its next approval',
  reminder: 'A reveal request still waits for approval',
  escalated: 'A reveal request was not answered in time and is open to the next circle',
  approved: 'A reveal request was approved',
  denied: 'A reveal request was denied',
  withdrawn: 'A reveal request was withdrawn',
  expired: 'A reveal request expired without an answer',
  ended: 'A reveal request ended by itself',
  break_glass: 'Break-glass was used, without an approval',
} as const

export type RequestEvent = keyof typeof SENTENCES
export const REQUEST_EVENTS = Object.keys(SENTENCES) as RequestEvent[]

/** Events that call somebody: no news any more once the request is closed. */
const CALLS: readonly RequestEvent[] = ['asked', 'next_level', 'reminder', 'escalated']

/** Whether a message that could not be sent at once still says something. */
export function isStillNews(event: RequestEvent, state: RevealRequestState): boolean {
  return !CALLS.includes(event) || state === 'pending'
}

/** What an open app is hinted at. It asks the endpoint what that means for its person. */
export type RequestWord = 'asked' | 'reminder' | 'escalated' | 'claimed' | 'decided' | 'handled'

/** The word for those who may decide on the request, or might have. */
export function wordFor(event: RequestEvent): RequestWord {
  if (!CALLS.includes(event)) return 'handled'
  return event === 'reminder' || event === 'escalated' ? event : 'asked'
}

/** The text that chat tools show unless configuration has another. */
export const DEFAULT_CHAT_TEXT = '{event}: {fields}, ticket #{ticket}. {link}'
const PLACEHOLDER = /\{(\w+)\}/g
const PLACEHOLDERS: readonly string[] = ['event', 'fields', 'ticket', 'link']

/** The first placeholder of a text that means nothing, or null. */
export function unknownPlaceholder(template: string): string | null {
  for (const [whole, name = ''] of template.matchAll(PLACEHOLDER)) {
    if (!PLACEHOLDERS.includes(name)) return whole
  }
  return null
}

export type ChatNews = {
  event: RequestEvent
  requestId: string
  ticketId: number
  state: RevealRequestState
  /** As `fieldInWords` has them. */
  fields: readonly string[]
  at: Date
}

/**
 * The body of a chat message, JSON: `text` is what Slack, Teams and their like show; `type`,
 * `timestamp` and `data` are as Standard Webhooks recommends for whoever reads it by program.
 */
export function chatBody(
  news: ChatNews,
  show: {
    template: string
    /** Where tickets are: `https://{subdomain}.zendesk.com`. */ origin: string
  },
): string {
  const { event, requestId, ticketId, state, fields } = news
  const said: Record<string, string> = {
    event: SENTENCES[event],
    fields: fields.map(harmless).join(', '),
    ticket: String(ticketId),
    link: `${show.origin}/agent/tickets/${ticketId}`,
  }
  return JSON.stringify({
    type: `reveal_request.${event}`,
    timestamp: news.at.toISOString(),
    text: show.template.replace(PLACEHOLDER, (whole, name: string) => said[name] ?? whole),
    data: { requestId, ticketId, state, fields },
  })
}

/** Chat tools read `<!channel>` and `<url|text>` as markup, wherever a label came from. */
function harmless(label: string): string {
  return label.replaceAll(/[<>]/g, '')
}

const PLACES = {
  comment: 'a comment',
  attachment: 'an attachment',
  note: 'a restricted note',
  subject: 'the subject',
  field: 'a field',
} as const

/** A field by its label in the catalogue, or by what kind of value was found where. */
export function fieldInWords(
  field: Pick<VaultedField, 'label' | 'kind' | 'place'> | undefined,
): string {
  if (field === undefined) return 'a field'
  const { label, kind, place } = field
  if (place === null) return label
  if (place.in === 'note') return PLACES.note
  return `${kind.replaceAll('_', ' ')} in ${PLACES[place.in]}`
}

const MARKER = /\[scrim-request:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\]/g

/** By what the note about a request is known as ours. */
export function formatRequestMarker(requestId: string): string {
  return `[scrim-request:${requestId}]`
}

/** The requests whose notes, or parts of them, stand in a text. */
export function requestMarkersIn(text: string): string[] {
  return [...text.matchAll(MARKER)].flatMap(([, requestId]) => requestId ?? [])
}

/** The text without the markers of these requests. */
export function withoutMarkers(text: string, requestIds: readonly string[]): string {
  return requestIds.reduce((left, id) => left.replaceAll(formatRequestMarker(id), ''), text)
}

/**
 * The private note that says a request waits, as HTML. It outlives settings and languages of whoever
 * reads it, so it is English like Zendesk's own events.
 */
export function requestNote(request: {
  id: string
  fields: readonly string[]
  createdAt: Date
}): string {
  const fields = request.fields.map(escaped).join(', ')
  const since = `${request.createdAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`
  return (
    `<p>A reveal request waits for approval since ${since}: ${fields}. Whoever may decide finds it in ` +
    `Scrim, in the navigation bar. ${formatRequestMarker(request.id)}</p>`
  )
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
