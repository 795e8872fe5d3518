/** Files in the emulated Zendesk: uploaded, attached, given out and redacted. */
import { describe, expect, test } from 'vitest'
import { API_ORIGIN } from '../../../src/sandbox/rest/state.ts'
import type { RestComment } from '../../../src/sandbox/rest/state.ts'
import { emulator } from './emulated-rest.ts'

const MAYA = 101

async function attached(options: { isInline?: boolean } = {}) {
  const zendesk = await emulator()
  const { rest, as } = zendesk
  const answer = await rest.fetch(
    new Request(`${API_ORIGIN}/api/v2/uploads?filename=note.txt`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'x-sandbox-person': String(MAYA) },
      body: 'grüße',
    }),
  )
  expect(answer.status).toBe(201)
  const { upload } = (await answer.json()) as { upload: { token: string } }
  const comment = { body: 'See the attachment.', uploads: [upload.token] }
  const write = () => as(MAYA, 'PUT', '/api/v2/tickets/4001', { ticket: { comment } })
  expect((await write()).status).toBe(200)
  const said = rest.state.comments[4001]?.at(-1) as RestComment
  const [attachment] = said.attachments
  if (attachment === undefined) throw new Error('nothing attached')
  attachment.inline = options.isInline === true
  const redact = (ticketId = 4001) =>
    zendesk.call(
      'PUT',
      `/api/v2/tickets/${ticketId}/comments/${said.id}/attachments/${attachment.id}/redact`,
    )
  return { ...zendesk, said, attachment, write, redact }
}

describe('a file', () => {
  test('is attached once with what its upload gave', async () => {
    const { attachment, write } = await attached()
    expect(attachment).toMatchObject({ file_name: 'note.txt', content_type: 'text/plain', size: 7 })
    expect((await write()).status).toBe(422)
  })

  test('is listed inline only to those who ask', async () => {
    const { call } = await attached({ isInline: true })
    const count = async (query: string) => {
      const { body } = await call('GET', `/api/v2/tickets/4001/comments${query}`)
      return (body['comments'] as RestComment[]).at(-1)?.attachments.length
    }
    expect(await count('')).toBe(0)
    expect(await count('?include_inline_images=true')).toBe(1)
  })

  test('is given out by a signed address that takes no credential', async () => {
    const { rest, attachment } = await attached()
    const get = (url: string, headers: Record<string, string> = {}) =>
      rest.fetch(new Request(url, { headers }))
    const first = await get(attachment.content_url, { 'x-sandbox-person': String(MAYA) })
    expect(first.status).toBe(302)
    const signed = first.headers.get('location') ?? ''
    expect(new URL(signed).host).toBe('p1.zdusercontent.com')
    expect(await (await get(signed)).text()).toBe('grüße')
    expect((await get(signed, { authorization: 'Bearer x' })).status).toBe(400)
  })

  test('is given to nobody who is not signed in', async () => {
    const { rest, attachment } = await attached()
    const answer = await rest.fetch(new Request(attachment.content_url))
    expect(answer.headers.get('location')).toContain('/auth/v2/login')
  })
})

describe('redacting a file', () => {
  test('leaves an empty redacted.txt, a tag and an entry, and nothing of the file', async () => {
    const { rest, redact } = await attached()
    const { status, body } = await redact()
    expect(status).toBe(200)
    expect(body['attachment']).toMatchObject({ file_name: 'redacted.txt', size: 0 })
    expect(rest.exportState()).not.toContain('gr\u00c3\u00bc')
    expect(rest.state.tickets.find(({ id }) => id === 4001)?.tags).toContain('redacted_content')
    const count = rest.state.audits[4001]?.length
    expect((await redact()).status).toBe(200)
    expect(rest.state.audits[4001]).toHaveLength(count ?? 0)
  })

  test('is refused on a closed ticket, and for a file of another one', async () => {
    const { rest, redact } = await attached()
    for (const ticket of rest.state.tickets) ticket.status = 'closed'
    expect((await redact()).status).toBe(422)
    expect((await redact(4004)).status).toBe(404)
  })
})
