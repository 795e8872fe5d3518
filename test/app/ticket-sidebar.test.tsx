import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import type { ProtectedFieldList } from '../../src/contract/protected-fields.ts'
import { json, noNetwork, openEndpointDouble, problem, silence } from './endpoint-double.ts'
import {
  cardField,
  listDenied,
  listGranted,
  listMasked,
  listNothing,
  listPaused,
  listPending,
  listRevoked,
  listSolved,
  requestPending,
} from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

const PATH = '/tickets/4001/protected-fields'
let close: (() => void) | undefined
afterEach(() => close?.())

async function openSidebar(list: ProtectedFieldList, options: Parameters<typeof openApp>[1] = {}) {
  const endpoint = options.endpoint ?? openEndpointDouble()
  let current = list
  endpoint.on('GET', PATH, () => json(current))
  const app = await openApp(TicketSidebar, { ...options, endpoint })
  close = app.host.close
  return {
    ...app,
    endpoint,
    become: (next: ProtectedFieldList) => {
      current = next
    },
  }
}

const row = (label: string) => {
  const found = screen.getByText(label, { selector: 'h2' }).closest('li')
  if (found === null) throw new Error(`no row ${label}`)
  return within(found)
}

describe('at rest', () => {
  test('each field with a value shows its mask, its class and a way to ask', async () => {
    await openSidebar(listMasked)
    expect(row('Card number').getByText('•••• •••• •••• 4242')).toBeTruthy()
    expect(row('Card number').getByText('restricted')).toBeTruthy()
    expect(row('Card number').getByText('Ask')).toBeTruthy()
    expect(screen.queryByText('IBAN', { selector: 'h2' })).toBeNull()
  })

  test('a ticket without values says that nothing is protected', async () => {
    await openSidebar(listNothing)
    expect(screen.getByText('Nothing protected on this ticket.')).toBeTruthy()
  })

  test('"Why?" gives a reason, a next step and a line to learn more', async () => {
    await openSidebar(listMasked)
    fireEvent.click(row('Card number').getByText(/^Why\?/))
    await settle()
    const note = within(row('Card number').getByRole('note'))
    expect(note.getByText(/restricted, so the ticket only shows/)).toBeTruthy()
    expect(note.getByText(/^Ask for it and say what you will do with it\./)).toBeTruthy()
    expect(note.getByText(/kept in a vault/)).toBeTruthy()
  })

  test.each([
    ['a solved ticket', listSolved, 'The ticket is solved, and solved tickets take no requests.'],
    ['paused reveals', listPaused, 'An administrator has paused all reveals.'],
  ])('%s disables Ask and says why', async (_, list, sentence) => {
    await openSidebar(list)
    expect(row('Card number').getByText('Ask').closest('button')?.disabled).toBe(true)
    fireEvent.click(row('Card number').getByText(/^Why\?/))
    await settle()
    expect(screen.getByText(sentence)).toBeTruthy()
  })

  test('a denied request says by whom, and why', async () => {
    await openSidebar(listDenied)
    expect(row('Passport').getByText('Denied by Omar.')).toBeTruthy()
    fireEvent.click(row('Passport').getByText(/^Why\?/))
    await settle()
    expect(screen.getByText(/The photo is enough here/)).toBeTruthy()
    expect(row('Passport').getByText('Ask')).toBeTruthy()
  })

  test('a revoked grant leaves the mask and a word', async () => {
    await openSidebar(listRevoked)
    expect(row('Phone').getByText('Access was revoked.')).toBeTruthy()
  })

  test('a field that is only hidden is never called protected', async () => {
    await openSidebar({ ...listMasked, fields: [{ ...cardField, protection: 'hidden' }] })
    expect(row('Card number').getByText('hidden, not protected')).toBeTruthy()
    expect(row('Card number').queryByText('Ask')).toBeNull()
  })
})

describe('asking', () => {
  test('by keyboard alone: the form opens under its row, Enter sends, the row then waits', async () => {
    const { endpoint, become } = await openSidebar(listMasked)
    const user = userEvent.setup()
    endpoint.on('POST', '/reveal-requests', () => {
      become({ ...listMasked, requests: [{ ...requestPending, fields: [cardField] }] })
      return json({ ...requestPending, fields: [cardField] })
    })
    row('Card number').getByText('Ask').focus()
    await user.keyboard('{Enter}')
    await settle()
    const form = within(row('Card number').getByRole('form'))
    expect(form.getByLabelText<HTMLInputElement>('Card number').checked).toBe(true)
    expect(form.getByText('Omar Haddad and Lena Fischer can approve right now.')).toBeTruthy()
    expect(document.activeElement).toBe(form.getByLabelText('Identity check'))
    await user.keyboard(' {Tab}')
    await user.keyboard('Compare with the letter{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', '/reveal-requests').map(({ body }) => body)).toEqual([
      {
        ticketId: 4001,
        fieldIds: ['card_number'],
        reasonCode: 'identity_check',
        reasonText: 'Compare with the letter',
        minutes: 15,
        prompt: { version: 1, locale: 'en' },
      },
    ])
    expect(row('Card number').getByText('Waiting · 3 min')).toBeTruthy()
    expect(row('Card number').getByText('Asked Omar and Lena')).toBeTruthy()
    expect(screen.queryByRole('form')).toBeNull()
  })

  test('Escape closes the form and the focus returns to Ask', async () => {
    await openSidebar(listMasked)
    const user = userEvent.setup()
    await user.click(row('Card number').getByText('Ask'))
    await settle()
    expect(row('Card number').getByRole('form')).toBeTruthy()
    await user.keyboard('{Escape}')
    expect(screen.queryByRole('form')).toBeNull()
    expect(document.activeElement).toBe(row('Card number').getByText('Ask').closest('button'))
  })

  test('a missing reason and a short text are said next to them, and nothing is sent', async () => {
    const { endpoint } = await openSidebar(listMasked)
    const user = userEvent.setup()
    await user.click(row('Card number').getByText('Ask'))
    await settle()
    const form = within(row('Card number').getByRole('form'))
    await user.type(form.getByLabelText('What will you do with it?'), 'short')
    expect(row('Card number').getByText('Ask').closest('button')?.ariaExpanded).toBe('true')
    await user.click(form.getByText('Ask Omar and Lena'))
    expect(form.getByText('Choose a reason.')).toBeTruthy()
    expect(form.getByText('Say it in at least 10 characters.')).toBeTruthy()
    expect(endpoint.sentTo('POST', '*')).toEqual([])
  })

  test('a refused text keeps what was typed and says what is missing', async () => {
    const { endpoint } = await openSidebar(listMasked)
    const user = userEvent.setup()
    endpoint.on('POST', '/reveal-requests', () => problem('reason_repeated', 422))
    await user.click(row('Card number').getByText('Ask'))
    await settle()
    const form = within(row('Card number').getByRole('form'))
    await user.click(form.getByLabelText('Refund or payment'))
    await user.type(form.getByLabelText('What will you do with it?'), 'Same as yesterday{Enter}')
    await settle()
    expect(form.getByText(/You gave the same reason before/)).toBeTruthy()
    expect(form.getByLabelText<HTMLTextAreaElement>('What will you do with it?').value).toBe(
      'Same as yesterday',
    )
  })

  test('a text that holds a value is refused by its kinds, until it is changed', async () => {
    const { endpoint } = await openSidebar(listMasked)
    const user = userEvent.setup()
    endpoint.on('POST', '/reveal-requests', () =>
      problem('text_sensitive', 422, { kinds: ['payment_card', 'email'] }),
    )
    await user.click(row('Card number').getByText('Ask'))
    await settle()
    const form = within(row('Card number').getByRole('form'))
    await user.click(form.getByLabelText('Refund or payment'))
    const text = form.getByLabelText('What will you do with it?')
    await user.type(text, 'Compare 4111 1111 1111 1111{Enter}')
    await settle()
    const fault =
      'This text contains sensitive data: payment card number and e-mail address. ' +
      'Say it without the value, because others read this text.'
    expect(form.getByText(fault)).toBeTruthy()
    expect(text.ariaInvalid ?? text.getAttribute('aria-invalid')).toBe('true')
    await user.type(text, '{Backspace}')
    expect(form.queryByText(fault)).toBeNull()
  })

  test('a lost answer says so and leaves the form open', async () => {
    const { endpoint } = await openSidebar(listMasked)
    const user = userEvent.setup()
    endpoint.on('POST', '/reveal-requests', noNetwork)
    await user.click(row('Card number').getByText('Ask'))
    await settle()
    const form = within(row('Card number').getByRole('form'))
    await user.click(form.getByLabelText('Refund or payment'))
    await user.type(form.getByLabelText('What will you do with it?'), 'Pay the refund out{Enter}')
    await settle()
    expect(form.getByText(/No answer from the server/)).toBeTruthy()
  })

  test('a pending request can be withdrawn', async () => {
    const { endpoint, become } = await openSidebar(listPending)
    endpoint.on('POST', `/reveal-requests/${requestPending.id}/withdraw`, () => {
      become(listMasked)
      return json({ ...requestPending, state: 'withdrawn' })
    })
    fireEvent.click(row('Passport').getByText(/^Withdraw/))
    await settle()
    expect(row('Passport').getByText('Ask')).toBeTruthy()
  })
})

describe('taking a value down', () => {
  test('the value goes to the endpoint, not to the host, and leaves the form', async () => {
    const { endpoint, host } = await openSidebar(listMasked)
    const user = userEvent.setup()
    const path = '/tickets/4001/protected-fields/iban/value'
    endpoint.on('PUT', path, () => json({ fieldId: 'iban', masked: 'DE•• •••• 3000', version: 1 }))
    await user.click(screen.getByText('Take a value down'))
    await settle()
    await user.type(screen.getByLabelText('Value'), 'DE89370400440532013000{Enter}')
    await settle()
    expect(endpoint.sentTo('PUT', path).map(({ body }) => body)).toEqual([
      { value: 'DE89370400440532013000' },
    ])
    expect(screen.queryByRole('form')).toBeNull()
    expect(screen.getByText('Saved. The ticket now shows DE•• •••• 3000.')).toBeTruthy()
    expect(JSON.stringify(host.heard)).not.toContain('0532')
  })

  test('a value that does not fit the field is refused next to the field', async () => {
    const { endpoint } = await openSidebar(listMasked)
    const user = userEvent.setup()
    endpoint.on('PUT', '*', () => problem('value_invalid', 422))
    await user.click(screen.getByText('Take a value down'))
    await settle()
    await user.type(screen.getByLabelText('Value'), 'nonsense{Enter}')
    await settle()
    expect(screen.getByText(/does not look like a value for this field/)).toBeTruthy()
  })
})

describe('when there is nothing to show', () => {
  test('waiting shows no skeleton before 300 ms', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', PATH, silence)
    close = (await openApp(TicketSidebar, { endpoint })).host.close
    expect(screen.queryByText('Loading')).toBeNull()
    expect(await screen.findByText('Loading')).toBeTruthy()
  })

  test('no access to the ticket is a refusal with a next step, not an empty list', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', PATH, () => problem('ticket_access_denied', 403))
    close = (await openApp(TicketSidebar, { endpoint })).host.close
    expect(
      screen.getByText('You may not see protected fields on tickets outside your groups.'),
    ).toBeTruthy()
    expect(screen.getByText('Ask the assignee.')).toBeTruthy()
  })

  test('an unreachable server says so, counts down, and tries again when told to', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', PATH, noNetwork)
    close = (await openApp(TicketSidebar, { endpoint })).host.close
    expect(screen.getByText('Scrim cannot reach its server. Values stay masked.')).toBeTruthy()
    expect(screen.getByText(/Trying again in \d+ sec/)).toBeTruthy()
    endpoint.on('GET', PATH, () => json(listMasked))
    fireEvent.click(screen.getByText('Try now'))
    await settle()
    expect(row('Card number')).toBeTruthy()
  })

  test('masks stay in sight when the server goes away later', async () => {
    const { endpoint, host } = await openSidebar(listMasked)
    endpoint.on('GET', PATH, () => problem('storage_unavailable', 503))
    host.fire('api_notification.scrim_changed', { body: { ticketId: 4001 } })
    await settle()
    expect(row('Card number').getByText('•••• •••• •••• 4242')).toBeTruthy()
    expect(screen.getByText("Scrim's storage is down. Values stay masked.")).toBeTruthy()
  })

  test('a page that was opened before says how to reload, and asks the endpoint nothing', async () => {
    const app = await openApp(TicketSidebar, { refusal: 'page_credential_replayed' })
    close = app.host.close
    expect(screen.getByText(/This page was opened before/)).toBeTruthy()
    expect(screen.getByText('Reload the app from the menu of the apps panel.')).toBeTruthy()
    expect(app.endpoint.sent).toEqual([])
  })

  test('a new ticket without a number asks for it to be saved', async () => {
    close = (await openApp(TicketSidebar, { ticketId: null })).host.close
    expect(screen.getByText(/Save the ticket first/)).toBeTruthy()
  })
})

describe('keeping fresh', () => {
  test("Zendesk's notification makes it ask again, with the ETag it knows", async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', PATH, ({ headers }) =>
      headers['if-none-match'] === 'W/"one"'
        ? new Response(null, { status: 304 })
        : json(listMasked, 'W/"one"'),
    )
    const { host } = await openApp(TicketSidebar, { endpoint })
    close = host.close
    host.fire('api_notification.scrim_changed', { body: { ticketId: 4001 } })
    await settle()
    expect(endpoint.sentTo('GET', PATH).map(({ headers }) => headers['if-none-match'])).toEqual([
      undefined,
      'W/"one"',
    ])
    expect(row('Card number')).toBeTruthy()
  })

  test('the credential rides in the header of every call and never in its address', async () => {
    const { endpoint } = await openSidebar(listGranted)
    for (const { path, headers } of endpoint.sent) {
      expect(headers['authorization']).toBe('Bearer credential-of-this-test')
      expect(path).not.toContain('credential')
    }
  })
})

describe('in other languages and colours', () => {
  test('German is there as a whole', async () => {
    await openSidebar(listMasked, { search: '?locale=de' })
    await settle()
    expect(screen.getByText('Geschützt in diesem Ticket')).toBeTruthy()
    expect(document.documentElement.lang).toBe('de')
  })

  test('Arabic turns the page around, and names stay whole in its sentences', async () => {
    await openSidebar(listPending, { search: '?locale=ar' })
    await settle()
    expect(document.documentElement.dir).toBe('rtl')
    expect(screen.getByText('محمي في هذه التذكرة')).toBeTruthy()
    expect(row('Passport').getByText(/\u2068.*Omar.*\u2069/)).toBeTruthy()
  })

  test('a language without a file is English, in the direction of English', async () => {
    await openSidebar(listMasked, { search: '?locale=he' })
    await settle()
    expect(screen.getByText('Protected on this ticket')).toBeTruthy()
    expect(document.documentElement.dir).toBe('ltr')
  })

  test("the host's word on the person's language is taken", async () => {
    await openSidebar(listMasked, { search: '', host: { currentUser: { locale: 'de-AT' } } })
    await settle()
    expect(screen.getByText('Geschützt in diesem Ticket')).toBeTruthy()
  })

  test('the dark scheme follows the address and then the host', async () => {
    const { host } = await openSidebar(listMasked, { search: '?colorScheme=dark&locale=en' })
    const ink = () => getComputedStyle(screen.getByText('Card number', { selector: 'h2' })).color
    const dark = ink()
    host.fire('colorScheme.changed', 'light')
    await settle()
    expect(ink()).toBe('rgb(41, 50, 57)')
    expect(dark).not.toBe(ink())
  })
})
