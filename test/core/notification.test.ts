import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  DEFAULT_CHAT_TEXT,
  REQUEST_EVENTS,
  chatBody,
  fieldInWords,
  formatRequestMarker,
  isStillNews,
  requestMarkersIn,
  requestNote,
  unknownPlaceholder,
  withoutMarkers,
  wordFor,
} from '../../src/core/notification.ts'
import type { ChatNews } from '../../src/core/notification.ts'
import { detect } from '../../src/detect/detect.ts'
import { CARD_FIELD } from './people-and-policy.ts'

const ID = '0b9c4c0e-5d3f-4a51-9d0a-3c2f6f1f8f11'
const AT = new Date('2026-11-23T10:00:00.000Z')
const ORIGIN = 'https://acme.zendesk.com'

const news = (change: Partial<ChatNews> = {}): ChatNews => ({
  event: 'asked',
  requestId: ID,
  ticketId: 4001,
  state: 'pending',
  fields: ['Card number'],
  at: AT,
  ...change,
})
const bodyOf = (change: Partial<ChatNews> = {}, template = DEFAULT_CHAT_TEXT) =>
  JSON.parse(chatBody(news(change), { template, origin: ORIGIN }))

describe('a message to a chat tool', () => {
  it('says what waits, on which ticket, with a link to it, and holds ids and labels only', () => {
    expect(bodyOf()).toEqual({
      type: 'reveal_request.asked',
      timestamp: '2026-11-23T10:00:00.000Z',
      text: 'A reveal request waits for approval: Card number, ticket #4001. https://acme.zendesk.com/agent/tickets/4001',
      data: { requestId: ID, ticketId: 4001, state: 'pending', fields: ['Card number'] },
    })
  })

  it('has a sentence and a type of its own for each thing that happens', () => {
    const bodies = REQUEST_EVENTS.map((event) => bodyOf({ event }))
    expect(new Set(bodies.map(({ text }) => text)).size).toBe(REQUEST_EVENTS.length)
    // Standard Webhooks: full stops between words of letters, digits and underscores.
    for (const { type } of bodies) expect(type).toMatch(/^[a-zA-Z0-9_]+\.[a-zA-Z0-9_]+$/)
  })

  it('can be worded otherwise, in what its four placeholders say', () => {
    expect(bodyOf({}, 'Bitte ansehen: {fields} {link}').text).toBe(
      'Bitte ansehen: Card number https://acme.zendesk.com/agent/tickets/4001',
    )
    expect(unknownPlaceholder(DEFAULT_CHAT_TEXT)).toBeNull()
    expect(unknownPlaceholder('{event} {requester}')).toBe('{requester}')
  })

  it('calls nobody: a label is no markup, and no placeholder', () => {
    const { text } = bodyOf({ fields: ['<!channel> {link}', '<https://evil.example|Card>'] })
    expect(text).toContain('!channel {link}, https://evil.example|Card, ticket')
    expect(text).not.toMatch(/[<>]/)
  })

  it('that came too late says nothing once the request is decided', () => {
    for (const event of ['asked', 'next_level', 'reminder', 'escalated'] as const) {
      expect([isStillNews(event, 'pending'), isStillNews(event, 'denied')]).toEqual([true, false])
    }
    expect(isStillNews('denied', 'denied')).toBe(true)
  })
})

describe('a hint to open apps', () => {
  it('says that it is handled whatever ended the request', () => {
    expect(REQUEST_EVENTS.map((event) => wordFor(event))).toEqual([
      'asked',
      'asked',
      'reminder',
      'escalated',
      ...Array.from({ length: 6 }, () => 'handled'),
    ])
  })
})

describe('a field in words', () => {
  const found = { kind: 'payment_card', label: 'comment_4711_1' } as const
  const table: [string, Parameters<typeof fieldInWords>[0]][] = [
    ['Card number', { ...CARD_FIELD, place: null }],
    ['payment card in a comment', { ...found, place: { in: 'comment', id: 4711, number: 1 } }],
    ['payment card in an attachment', { ...found, place: { in: 'attachment', id: 12 } }],
    ['payment card in the subject', { ...found, place: { in: 'subject', number: 1 } }],
    ['payment card in a field', { ...found, place: { in: 'field', id: 99, number: 1 } }],
    [
      'a restricted note',
      { kind: 'internal_note', label: 'note_1', place: { in: 'note', number: 1 } },
    ],
    ['a field', undefined],
  ]
  it.each(table)('%s', (words, field) => {
    expect(fieldInWords(field)).toBe(words)
  })
})

describe('the note on a ticket', () => {
  const note = requestNote({ id: ID, fields: ['Card <b>number</b>', 'Phone & fax'], createdAt: AT })

  it('names fields and a time, escaped, and is known by its request', () => {
    expect(note).toBe(
      '<p>A reveal request waits for approval since 2026-11-23 10:00 UTC: Card &lt;b&gt;number&lt;/b&gt;, ' +
        'Phone &amp; fax. Whoever may decide finds it in Scrim, in the navigation bar. ' +
        `[scrim-request:${ID}]</p>`,
    )
    expect(requestMarkersIn(note)).toEqual([ID])
  })

  it('holds nothing to detect, whatever the id of its request', () => {
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        const html = requestNote({ id, fields: ['Card number'], createdAt: AT })
        expect(detect(withoutMarkers(html, [id]), { markup: 'html' })).toEqual([])
      }),
      { numRuns: 50 },
    )
  })

  it('hides nothing else in the form of its marker', () => {
    const card = '[scrim-request:4242424242424242]'
    expect(requestMarkersIn(card)).toEqual([])
    expect(withoutMarkers(`${card} ${formatRequestMarker(ID)}`, [ID])).toBe(`${card} `)
  })
})
