/** Redacting comments and walking changed tickets, as Zendesk's REST API does. */
import { describe, expect, test } from 'vitest'
import { emulator } from './emulated-rest.ts'

const CARD = '4242 4242 4242 4242'

async function withComment(html: string) {
  const zendesk = await emulator()
  await zendesk.call('PUT', '/api/v2/tickets/4001', { ticket: { comment: { html_body: html } } })
  const comment = zendesk.rest.state.comments[4001]?.at(-1)
  if (comment === undefined) throw new Error('no comment')
  const redact = (htmlBody: string) =>
    zendesk.call('PUT', `/api/v2/comment_redactions/${comment.id}`, {
      ticket_id: 4001,
      html_body: htmlBody,
    })
  return { ...zendesk, comment, redact }
}

describe('a redaction', () => {
  test('removes what is marked from every copy of the comment and tags the ticket', async () => {
    const { rest, comment, redact } = await withComment(`<p>My card is <b>${CARD}</b></p>`)
    const marked = comment.html_body.replace(CARD, `<redact>${CARD}</redact>`)
    expect((await redact(marked)).status).toBe(200)
    expect(comment.body).toBe(`My card is ${'▇'.repeat(CARD.length)}`)
    expect(JSON.stringify(rest.state)).not.toContain(CARD)
    expect(rest.state.tickets.find(({ id }) => id === 4001)?.tags).toContain('redacted_content')
  })

  test('removes a marked link and leaves its words', async () => {
    const { comment, redact } = await withComment('<a href="tel:+442079460018">call</a>')
    await redact(comment.html_body.replace('018">', '018" redact>'))
    expect(comment.html_body).not.toContain('0018')
    expect(comment.body).toBe('call')
  })

  test('of HTML that is not the stored one is refused and changes nothing', async () => {
    const { rest, redact } = await withComment(`<p>${CARD}</p>`)
    const before = rest.exportState()
    expect((await redact(`<p><redact>${CARD}</redact> and more</p>`)).status).toBe(422)
    expect(rest.exportState()).toBe(before)
  })

  test('works on a closed ticket, where an update does not', async () => {
    const { rest, call, comment, redact } = await withComment(`<p>${CARD}</p>`)
    for (const ticket of rest.state.tickets) ticket.status = 'closed'
    const update = await call('PUT', '/api/v2/tickets/4001', { ticket: { subject: 'x' } })
    expect(update.status).toBe(422)
    const marked = comment.html_body.replace(CARD, `<redact>${CARD}</redact>`)
    expect((await redact(marked)).status).toBe(200)
  })
})

describe('the incremental export', () => {
  test('walks every changed ticket once, in pages, and goes on where it stopped', async () => {
    let now = new Date('2026-11-23T09:00:00.000Z')
    const { rest, call } = await emulator({ now: () => now })
    const seen: number[] = []
    let path = '/api/v2/incremental/tickets/cursor?per_page=3&start_time=0'
    let cursor = ''
    for (let isEnd = false; !isEnd;) {
      const { body } = await call('GET', path)
      for (const { id } of body.tickets as { id: number }[]) seen.push(id)
      cursor = encodeURIComponent(String(body.after_cursor))
      path = `/api/v2/incremental/tickets/cursor?per_page=3&cursor=${cursor}`
      isEnd = body.end_of_stream === true
    }
    expect(seen.toSorted()).toEqual(rest.state.tickets.map(({ id }) => id).toSorted())
    expect((await call('GET', path)).body).toMatchObject({ tickets: [], end_of_stream: true })
    now = new Date('2026-11-23T09:05:00.000Z')
    await call('PUT', '/api/v2/tickets/4002', { ticket: { priority: 'urgent' } })
    expect((await call('GET', path)).body.tickets).toMatchObject([{ id: 4002 }])
  })

  test('refuses a start of this minute, and everybody but administrators', async () => {
    const { call, as } = await emulator()
    const path = '/api/v2/incremental/tickets/cursor?start_time='
    expect((await call('GET', `${path}1795424390`)).status).toBe(422)
    expect((await as(101, 'GET', `${path}0`)).status).toBe(403)
  })
})
