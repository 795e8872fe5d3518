/** A one-time link through which a customer types a value straight into the vault. */
import { describe, expect, it } from 'vitest'
import { createdIntakeLink, intakeLinkList } from '../../src/contract/intake-links.ts'
import type { CreatedIntakeLink } from '../../src/contract/intake-links.ts'
import { valueCheck } from '../../src/contract/value-checks.ts'
import { drainOutbox } from '../../src/endpoint/outbox/drain.ts'
import { pickLanguage } from '../../src/endpoint/intake/page.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import { AISHA, MAYA, OMAR, SAM_ADMINISTRATOR, TOMAS, startEndpoint } from '../support/endpoint.ts'
import { createCanaryMatcher } from '../support/canary-matcher.ts'
import { CARD, CARD_MASK, REFUND_TICKET, fieldsOf, putValue } from '../support/story.ts'

const LINKS = `/api/tickets/${REFUND_TICKET}/intake-links`
const CARD_FIELD = 301
const FORM = 'application/x-www-form-urlencoded'

const create = (by: Caller, body: object = {}) =>
  by.post(LINKS, { fieldId: 'card_number', ...body })
const linkFor = async (by: Caller, body: object = {}): Promise<CreatedIntakeLink> =>
  (await create(by, body)).as(createdIntakeLink)

async function visit(endpoint: TestEndpoint, path: string, init: RequestInit = {}) {
  const response = await endpoint.request(path, init)
  return { status: response.status, headers: response.headers, html: await response.text() }
}

const send = (endpoint: TestEndpoint, path: string, value = CARD) =>
  visit(endpoint, path, {
    method: 'POST',
    headers: { 'content-type': FORM },
    body: new URLSearchParams({ value }).toString(),
  })

async function startWithLink(options: Parameters<typeof startEndpoint>[0] = {}, body = {}) {
  const endpoint = await startEndpoint(options)
  const maya = await endpoint.signIn(MAYA)
  return { endpoint, maya, link: await linkFor(maya, body) }
}

const storedCard = async (maya: Caller) =>
  (await fieldsOf(maya)).fields.find(({ fieldId }) => fieldId === 'card_number')

describe('making a link', () => {
  it('is logged without its secret, and lasts as long as policy says', async () => {
    const { endpoint, maya, link } = await startWithLink()
    expect(link.path).toMatch(/^\/intake\/[A-Za-z0-9_-]{32}$/)
    expect(link.expiresInSeconds).toBe(24 * 60 * 60)
    const entry = await endpoint.expectAuditEntry({
      action: 'intake_link.create',
      outcome: 'ok',
      actor: { type: 'person', id: MAYA, roles: ['frontline'] },
      record: { type: 'ticket', id: REFUND_TICKET },
      fields: ['card_number'],
      policyVersion: 1,
      data: { linkId: link.linkId, minutes: 24 * 60 },
    })
    const secret = link.path.slice('/intake/'.length)
    expect(JSON.stringify(entry)).not.toContain(secret)
    const { links } = (await maya.get(LINKS)).as(intakeLinkList)
    expect(links).toMatchObject([
      { linkId: link.linkId, field: { label: 'Card number' }, createdBy: { id: MAYA } },
    ])
    expect(JSON.stringify(links)).not.toContain(secret)
  })

  it('two links never have the same secret', async () => {
    const { maya, link } = await startWithLink()
    expect((await linkFor(maya, { fieldId: 'iban' })).path).not.toBe(link.path)
  })

  it.each([
    ['outside the ticket', AISHA, {}, 'ticket_access_denied'],
    ['as an administrator', SAM_ADMINISTRATOR, {}, 'role_not_permitted'],
    ['for longer than policy allows', MAYA, { minutes: 4 * 24 * 60 }, 'duration_too_long'],
  ])('is refused %s, and that is logged', async (_, personId, body, code) => {
    const endpoint = await startEndpoint()
    expect((await create(await endpoint.signIn(personId), body)).problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'intake_link.refuse', outcome: 'refused', code })
    await endpoint.expectNoAuditEntry('intake_link.create')
  })

  it('is refused on a solved ticket and for a field that does not exist', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA)
    expect((await create(maya, { fieldId: 'no_such_field' })).problem().code).toBe('field_unknown')
    endpoint.zendesk.changeTicket(REFUND_TICKET, { status: 'solved' })
    endpoint.clock.advance(10)
    expect((await create(maya)).problem().code).toBe('ticket_solved')
    await endpoint.expectNoAuditEntry('intake_link.create')
  })

  it('ends the open link for the same field, and leaves other fields alone', async () => {
    const { endpoint, maya, link } = await startWithLink()
    const iban = await linkFor(maya, { fieldId: 'iban' })
    const second = await linkFor(maya)
    await endpoint.expectAuditEntry({
      action: 'intake_link.revoke',
      data: { linkId: link.linkId, replacedBy: second.linkId },
    })
    expect((await visit(endpoint, link.path)).status).toBe(404)
    expect((await visit(endpoint, second.path)).status).toBe(200)
    expect((await visit(endpoint, iban.path)).status).toBe(200)
  })
})

describe('the page', () => {
  it('says who asks for what, until when, and names no agent', async () => {
    const policy = {
      ...sandboxPolicy,
      intake: { ...sandboxPolicy.intake, companyName: 'Example & Sons' },
    }
    const { endpoint, link } = await startWithLink({ policy })
    const { status, html } = await visit(endpoint, link.path)
    expect(status).toBe(200)
    expect(html).toContain('<bdi>Example &amp; Sons</bdi> asks you for: <bdi>Card number</bdi>')
    expect(html).toContain('November 24, 2026')
    expect(html).toContain('<label for="value">')
    expect(html).not.toMatch(/Maya|Rivera|4001/)
  })

  it('runs no script, loads nothing, is not framed, kept, indexed, or told to others', async () => {
    const { endpoint, link } = await startWithLink()
    const { headers, html } = await visit(endpoint, link.path)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("form-action 'self'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).not.toMatch(/script-src|unsafe|https?:/)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('x-robots-tag')).toContain('noindex')
    expect(html).not.toMatch(/<script|<img|<link|<iframe|src=|http/)
    expect(html).not.toContain(link.path.slice('/intake/'.length))
  })

  it.each([
    ['de-CH,de;q=0.9,en;q=0.8', 'de', 'ltr', 'Senden'],
    ['fr-FR, ar;q=0.5', 'ar', 'rtl', 'إرسال'],
    ['fr', 'en', 'ltr', 'Send'],
    ['', 'en', 'ltr', 'Send'],
  ])('speaks the language of %s', async (wanted, language, direction, word) => {
    const { endpoint, link } = await startWithLink()
    const { html } = await visit(endpoint, link.path, { headers: { 'accept-language': wanted } })
    expect(html).toContain(`<html lang="${language}" dir="${direction}">`)
    expect(html).toContain(`<button type="submit">${word}</button>`)
  })

  it.each([
    ['en;q=0, de', 'de'],
    ['de;q=0.2,en;q=0.7', 'en'],
    ['*', 'en'],
    ['constructor', 'en'],
    [';;;,,,q=1', 'en'],
  ])('the header %s picks %s', (header, language) => {
    expect(pickLanguage(header)).toBe(language)
  })

  it('asks for an address in several lines', async () => {
    const { endpoint, link } = await startWithLink({}, { fieldId: 'fraud_note' })
    expect((await visit(endpoint, link.path)).html).toContain('<textarea')
  })

  it('looking uses nothing up, however often', async () => {
    const { endpoint, link } = await startWithLink()
    for (const method of ['GET', 'HEAD', 'GET']) {
      expect((await visit(endpoint, link.path, { method })).status).toBe(200)
    }
    await endpoint.expectNoAuditEntry('intake_link.use')
    expect((await send(endpoint, link.path)).status).toBe(200)
  })
})

describe('answering', () => {
  it('puts the value into the vault and its mask into the ticket, and tells the agent', async () => {
    const { endpoint, maya, link } = await startWithLink()
    const { status, html } = await send(endpoint, link.path)
    expect(status).toBe(200)
    expect(html).toContain('It has arrived.')
    expect(await storedCard(maya)).toMatchObject({ masked: CARD_MASK, hasValue: true })
    await endpoint.expectAuditEntry({
      action: 'intake_link.use',
      outcome: 'ok',
      actor: { type: 'system', name: 'customer_link' },
      record: { type: 'ticket', id: REFUND_TICKET },
      fields: ['card_number'],
      data: { linkId: link.linkId, createdBy: MAYA, version: 1 },
    })
    await drainOutbox(endpoint.deps)
    expect(endpoint.zendesk.fieldText(REFUND_TICKET, CARD_FIELD)).toContain(CARD_MASK)
    expect(endpoint.zendesk.notifications.map(({ agentId }) => agentId)).toContain(MAYA)
    const path = `/api/tickets/${REFUND_TICKET}/protected-fields/card_number/checks`
    expect((await maya.post(path, { value: CARD })).as(valueCheck).isMatch).toBe(true)
  })

  it('works once: the second answer is stored nowhere', async () => {
    const { endpoint, maya, link } = await startWithLink()
    await send(endpoint, link.path)
    const again = await send(endpoint, link.path, '4111 1111 1111 1111')
    expect(again.status).toBe(404)
    expect((await storedCard(maya))?.masked).toBe(CARD_MASK)
  })

  it('takes the place of the value before, whose grants end', async () => {
    const { endpoint, maya, link } = await startWithLink()
    await putValue(maya, REFUND_TICKET, 'card_number', '4111 1111 1111 1111')
    await send(endpoint, link.path)
    await endpoint.expectAuditEntry({ action: 'intake_link.use', data: { version: 2 } })
  })

  it.each([
    ['nothing', ''],
    ['blanks', '  \u200b '],
    ['a mask', CARD_MASK],
    ['what is no text', '4242\ufffd4242'],
    ['too much', 'x'.repeat(4097)],
  ])('asks again after %s, shows nothing of it, and stays good', async (_, value) => {
    const { endpoint, link } = await startWithLink()
    const { status, html } = await send(endpoint, link.path, value)
    expect(status).toBe(422)
    expect(html).toContain('role="alert"')
    expect(html).toContain('aria-invalid="true"')
    expect(value.trim() !== '' && html.includes(value)).toBe(false)
    await endpoint.expectNoAuditEntry('intake_link.use')
    expect((await send(endpoint, link.path)).status).toBe(200)
  })

  it.each([
    ['JSON', 'application/json', JSON.stringify({ value: CARD })],
    ['two values', FORM, 'value=4242&value=4111'],
    ['a value under another name', FORM, 'number=4242424242424242'],
  ])('takes no answer from %s', async (_, type, body) => {
    const { endpoint, link } = await startWithLink()
    const headers = { 'content-type': type }
    expect((await visit(endpoint, link.path, { method: 'POST', headers, body })).status).toBe(422)
    await endpoint.expectNoAuditEntry('intake_link.use')
  })

  it('keeps every character and line of what was typed', async () => {
    const { endpoint, maya, link } = await startWithLink({}, { fieldId: 'fraud_note' })
    const note = 'Line one & "two"\nسطر ثالث <b>+%41'
    await send(endpoint, link.path, note.replace('\n', '\r\n'))
    const path = `/api/tickets/${REFUND_TICKET}/protected-fields/fraud_note/checks`
    expect((await maya.post(path, { value: note })).as(valueCheck).isMatch).toBe(true)
  })

  it('a failure says that nothing was saved, and the link stays good', async () => {
    const { endpoint, link } = await startWithLink()
    endpoint.zendesk.setDown(true)
    const failed = await send(endpoint, link.path)
    expect(failed.status).toBe(503)
    expect(failed.html).toContain('Your answer was not saved.')
    await endpoint.expectNoAuditEntry('intake_link.use')
    endpoint.zendesk.setDown(false)
    expect((await send(endpoint, link.path)).status).toBe(200)
  })
})

describe('a link that has ended', () => {
  const ended: [string, (world: Awaited<ReturnType<typeof startWithLink>>) => Promise<unknown>][] =
    [
      ['used', ({ endpoint, link }) => send(endpoint, link.path)],
      ['revoked', ({ maya, link }) => maya.post(`${LINKS}/${link.linkId}/revoke`)],
      ['expired', async ({ endpoint }) => endpoint.clock.advance(24 * 60 * 60)],
      [
        'expired and swept',
        async ({ endpoint }) => {
          endpoint.clock.advance(24 * 60 * 60)
          await endpoint.sweep()
        },
      ],
    ]

  it.each(ended)('%s looks like one that never was, to a look and to an answer', async (_, end) => {
    const world = await startWithLink()
    const { endpoint, link } = world
    await end(world)
    const never = `/intake/${'A'.repeat(32)}`
    const strip = ({ status, html, headers }: Awaited<ReturnType<typeof visit>>) => ({
      status,
      html,
      headers: Object.fromEntries([...headers].filter(([name]) => name !== 'date')),
    })
    expect(strip(await visit(endpoint, link.path))).toEqual(strip(await visit(endpoint, never)))
    expect(strip(await send(endpoint, link.path))).toEqual(strip(await send(endpoint, never)))
  })

  it('is revoked by whoever may ask the customer, and by nobody else', async () => {
    const { endpoint, maya, link } = await startWithLink()
    const revoke = (by: Caller, id = link.linkId) => by.post(`${LINKS}/${id}/revoke`)
    const aisha = await endpoint.signIn(AISHA)
    expect((await revoke(aisha)).problem().code).toBe('ticket_access_denied')
    await endpoint.expectNoAuditEntry('intake_link.revoke')
    expect((await revoke(maya, '0'.repeat(64))).problem().code).toBe('intake_link_not_found')
    expect((await revoke(await endpoint.signIn(TOMAS))).status).toBe(200)
    await endpoint.expectAuditEntry({
      action: 'intake_link.revoke',
      actor: { type: 'person', id: TOMAS, roles: ['frontline'] },
      data: { linkId: link.linkId },
    })
    expect((await revoke(maya)).problem().code).toBe('intake_link_not_found')
    expect((await maya.get(LINKS)).as(intakeLinkList).links).toEqual([])
  })

  it('expires with one entry, however often one sweeps; a used one without', async () => {
    const { endpoint, maya, link } = await startWithLink()
    const used = await linkFor(maya, { fieldId: 'iban' })
    await send(endpoint, used.path, 'DE89 3704 0044 0532 0130 00')
    endpoint.clock.advance(24 * 60 * 60)
    await Promise.all([endpoint.sweep(), endpoint.sweep()])
    await endpoint.sweep()
    const expired = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'intake_link.expire',
    )
    expect(expired).toMatchObject([{ data: { linkId: link.linkId, createdBy: MAYA } }])
  })

  it('guesses are counted, one entry a minute, with nothing of what was guessed', async () => {
    const endpoint = await startEndpoint()
    for (let at = 0; at < 20; at += 1) {
      const guess = `/intake/guess${String(at).padStart(27, '0')}`
      expect((await visit(endpoint, guess)).status).toBe(404)
    }
    expect((await visit(endpoint, '/intake/../../etc')).status).toBe(404)
    // What waited for its second is written by a sweep, and a minute is summed when it is over.
    for (const seconds of [1, 180]) {
      endpoint.clock.advance(seconds)
      await endpoint.sweep()
    }
    const entries = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'intake_link.refuse',
    )
    expect(entries).toMatchObject([
      {
        code: 'intake_link_not_found',
        actor: { type: 'system', name: 'endpoint' },
        data: { count: 20 },
      },
    ])
    expect(JSON.stringify(entries)).not.toContain('guess')
  })
})

describe('secrets', () => {
  it('neither the value nor the secret is in a log line, an entry or an answer', async () => {
    const { endpoint, maya, link } = await startWithLink()
    const pages = [
      await visit(endpoint, link.path),
      await send(endpoint, link.path, ''),
      await send(endpoint, link.path),
      await visit(endpoint, link.path),
    ]
    await drainOutbox(endpoint.deps)
    const find = createCanaryMatcher([
      { name: 'value', value: CARD },
      { name: 'secret', value: link.path.slice('/intake/'.length) },
    ])
    const evidence = [
      ...pages.map(({ html, headers }) => html + JSON.stringify([...headers])),
      (await maya.get(LINKS)).text,
      (await maya.get(`/api/tickets/${REFUND_TICKET}/protected-fields`)).text,
      ...endpoint.logLines,
      JSON.stringify(await endpoint.auditEntries()),
    ]
    expect(find(evidence.join('\n'))).toEqual([])
    expect(endpoint.logLines.join('\n')).toContain('"/intake/:secret"')
  })

  it('a lead may look at the links of a ticket that they may open', async () => {
    const { endpoint, link } = await startWithLink()
    const omar = await endpoint.signIn(OMAR)
    expect((await omar.get(LINKS)).as(intakeLinkList).links).toMatchObject([
      { linkId: link.linkId },
    ])
    const aisha = await endpoint.signIn(AISHA)
    expect((await aisha.get(LINKS)).problem().code).toBe('ticket_access_denied')
  })
})
