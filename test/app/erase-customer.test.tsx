import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { CustomerErasureView, ErasurePreview } from '../../src/contract/erasure.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { meAdministrator, meCompliance } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

const REASON = 'Asked for in writing, Art. 17 GDPR, case of today'
const preview: ErasurePreview = {
  customer: { id: 501, name: 'Harriet Cole' },
  values: 17,
  texts: 0,
  ticketCount: 4,
  tickets: [
    { ticketId: 4008, values: 2 },
    { ticketId: 4001, values: 15 },
  ],
  grants: 1,
  requests: 0,
  exposures: 0,
}
const sums = (change: Partial<CustomerErasureView>): CustomerErasureView => ({
  customerId: 501,
  values: 17,
  tickets: 4,
  texts: 0,
  remaining: 0,
  ...change,
})

async function openErasure(found: ErasurePreview | (() => Response | Promise<Response>) = preview) {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/me', () => json(meCompliance))
  endpoint.on('GET', '/erasure-preview*', typeof found === 'function' ? found : () => json(found))
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash: 'erasure' })
  close = app.host.close
  await settle()
  return { ...app, endpoint, user: userEvent.setup() }
}

async function openPreview(found: ErasurePreview | (() => Response | Promise<Response>) = preview) {
  const opened = await openErasure(found)
  await opened.user.type(screen.getByRole('textbox', { name: 'Ticket number' }), '4001{Enter}')
  await settle()
  return opened
}

const consequence = () => screen.getByText(/the audit entries stay\.$/).textContent
const reasonInput = () =>
  screen.getByRole('textbox', { name: 'Who asked for it, and on what ground?' })
const confirmInput = () => screen.getByRole('textbox', { name: 'Type 501 to confirm' })
const eraseButton = () => screen.getByRole('button', { name: /for good$/ })

describe('erasing a customer', () => {
  test('is for compliance alone', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => json(meAdministrator))
    endpoint.on('GET', '*', () => problem('role_not_permitted', 403))
    endpoint.on('GET', '/me', () => json(meAdministrator))
    close = (await openApp(NavBar, { endpoint, ticketId: null, hash: 'erasure' })).host.close
    const tabs = screen.getAllByRole('tab').map(({ textContent }) => textContent)
    expect(tabs).toContain('Residual exposures')
    expect(tabs).not.toContain('Erasure')
  })

  test('says whose values go, and what ends with them, before anything does', async () => {
    const { endpoint } = await openPreview()
    expect(endpoint.sentTo('GET', '/erasure-preview*').map(({ path }) => path)).toEqual([
      '/erasure-preview?ticketId=4001',
    ])
    expect(document.activeElement?.textContent).toBe('Harriet Cole, customer 501')
    expect(consequence()).toBe(
      '17 values on 4 tickets are erased for good; 1 active grant ends now; the audit entries stay.',
    )
    expect(screen.getByText('and 2 more tickets')).toBeTruthy()
    expect(screen.queryByText(/Zendesk keeps plaintext/)).toBeNull()
    expect(endpoint.sentTo('POST', '*')).toEqual([])
  })

  test.each([
    [
      { values: 1, ticketCount: 1, grants: 0 },
      '1 value on 1 ticket is erased for good; the audit entries stay.',
    ],
    [
      { values: 2, ticketCount: 1, grants: 2, requests: 1, texts: 3 },
      '2 values on 1 ticket are erased for good; 3 reasons and comments about them go, too; 2 active grants and 1 pending request end now; the audit entries stay.',
    ],
  ])('says in one sentence what %j means', async (change, sentence) => {
    await openPreview({ ...preview, ...change })
    expect(consequence()).toBe(sentence)
  })

  test('says what Zendesk keeps all the same', async () => {
    await openPreview({ ...preview, exposures: 3 })
    expect(screen.getByText(/^Zendesk keeps plaintext in 3 places on these tickets/)).toBeTruthy()
  })

  test('a customer can be named by id, and one whom Zendesk forgot has no name', async () => {
    const { endpoint, user } = await openErasure({
      ...preview,
      customer: { id: 501, name: null },
    })
    await user.selectOptions(screen.getByLabelText('Find the customer by'), 'customer')
    await user.type(screen.getByRole('textbox', { name: 'Customer ID' }), '501{Enter}')
    await settle()
    expect(endpoint.sent.at(-1)?.path).toBe('/erasure-preview?customerId=501')
    expect(
      screen.getByRole('heading', { name: 'Customer 501, whom Zendesk no longer knows' }),
    ).toBeTruthy()
  })

  test('clicks alone erase nothing: a reason and the id are typed', async () => {
    const { endpoint, user } = await openPreview()
    await user.dblClick(eraseButton())
    expect(screen.getByText('Say who asked for it.')).toBeTruthy()
    await user.type(reasonInput(), REASON)
    await user.type(confirmInput(), '502')
    await user.dblClick(eraseButton())
    expect(screen.getByText("This is not the customer's ID.")).toBeTruthy()
    await settle()
    expect(endpoint.sentTo('POST', '*')).toEqual([])
  })

  test('by keys alone: found, said why, confirmed, erased once', async () => {
    const { endpoint, user } = await openPreview()
    endpoint.on('POST', '/customers/501/erasure', () => json(sums({})))
    // From the heading past the two tickets.
    await user.tab()
    await user.tab()
    await user.tab()
    await user.keyboard(REASON)
    await user.tab()
    await user.keyboard('501{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ path, body }) => [path, body])).toEqual([
      ['/customers/501/erasure', { reasonText: REASON }],
    ])
    expect(screen.getByText('17 values are erased for good.')).toBeTruthy()
    expect(document.activeElement?.textContent).toBe("Erase another customer's values")
    await user.keyboard('{Enter}')
    expect(screen.getByRole<HTMLInputElement>('textbox', { name: 'Ticket number' }).value).toBe('')
  })

  test('goes on until nothing is left, and says how far it is', async () => {
    const { endpoint, user } = await openPreview({ ...preview, values: 820 })
    const answers = [sums({ values: 500, remaining: 320 }), sums({ values: 320 })]
    let release: (() => void) | undefined
    endpoint.on('POST', '/customers/501/erasure', async () => {
      const answer = answers.shift()
      if (answers.length === 0) await new Promise<void>((resolve) => (release = resolve))
      return json(answer)
    })
    await user.type(reasonInput(), REASON)
    await user.type(confirmInput(), '501{Enter}')
    await settle()
    expect(screen.getByText('500 of 820 erased')).toBeTruthy()
    expect(screen.getByRole('button', { name: 'Erasing' })).toHaveProperty('disabled', true)
    release?.()
    await settle()
    expect(screen.getByText('820 values are erased for good.')).toBeTruthy()
  })

  test('that is cut off says what is gone and goes on with the rest', async () => {
    const { endpoint, user } = await openPreview({ ...preview, values: 820 })
    const answers = [() => Promise.resolve(json(sums({ values: 500, remaining: 320 }))), noNetwork]
    endpoint.on('POST', '/customers/501/erasure', () => (answers.shift() ?? noNetwork)())
    await user.type(reasonInput(), REASON)
    await user.type(confirmInput(), '501{Enter}')
    await settle()
    expect(screen.getByText('500 of 820 erased')).toBeTruthy()
    expect(screen.getByText(/^What is erased stays erased\./)).toBeTruthy()
    endpoint.on('POST', '/customers/501/erasure', () => json(sums({ values: 320 })))
    await user.click(screen.getByRole('button', { name: 'Erase 320 values for good' }))
    await settle()
    expect(screen.getByText('820 values are erased for good.')).toBeTruthy()
  })

  test('a reason that holds a value is refused at the reason', async () => {
    const { endpoint, user } = await openPreview()
    endpoint.on('POST', '/customers/501/erasure', () =>
      problem('text_sensitive', 422, { kinds: ['phone'] }),
    )
    await user.type(reasonInput(), 'They called from 020 7946 0958')
    await user.type(confirmInput(), '501{Enter}')
    await settle()
    expect(screen.getAllByText(/phone number/)).toHaveLength(1)
    await user.type(reasonInput(), '!')
    expect(screen.queryByText(/phone number/)).toBeNull()
  })

  test('another number takes the preview of the first one away', async () => {
    const { user } = await openPreview()
    await user.type(screen.getByRole('textbox', { name: 'Ticket number' }), '2')
    expect(screen.queryByRole('button', { name: /for good$/ })).toBeNull()
  })

  test('a customer of whom nothing is stored is a sentence', async () => {
    await openPreview({ ...preview, values: 0, ticketCount: 0, tickets: [], grants: 0 })
    expect(screen.getByText('The vault holds nothing of this customer.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /for good$/ })).toBeNull()
  })

  test.each([
    ['a ticket that is not there', () => problem('ticket_not_found', 404), /does not find/],
    ['an unreachable server', noNetwork, /No answer from the server/],
  ])('%s is said next to what was asked', async (_, answer, sentence) => {
    await openPreview(answer)
    expect(screen.getByRole('alert').textContent).toMatch(sentence)
  })

  test('nothing typed asks for a number', async () => {
    const { endpoint, user } = await openErasure()
    await user.click(screen.getByRole('button', { name: 'Look up' }))
    expect(screen.getByText('Type the number.')).toBeTruthy()
    expect(endpoint.sentTo('GET', '/erasure-preview*')).toEqual([])
  })
})
