import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { AuditEntryList, AuditEntryView } from '../../src/contract/audit-entries.ts'
import type { Me } from '../../src/contract/session.ts'
import type { RevealRequestList } from '../../src/contract/reveal-requests.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import {
  grantActive,
  logPage,
  meCompliance,
  meFrontline,
  meLead,
  queuedMaya,
  queuedOwn,
  queuedTomas,
  queueEmpty,
  queueOfTwo,
  requestApproved,
} from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

const QUEUE = '/reveal-requests?queue=needs_me'
let close: (() => void) | undefined
afterEach(() => close?.())

async function openNavBar(
  me: Me,
  queue: RevealRequestList = queueOfTwo,
  log: AuditEntryList = logPage,
) {
  const endpoint = openEndpointDouble()
  let current = queue
  endpoint.on('GET', '/me', () => json(me))
  endpoint.on('GET', QUEUE, () => json(current))
  endpoint.on('GET', '/reveal-requests?queue=pending', () =>
    json({ ...current, queue: 'pending', requests: [queuedOwn] }),
  )
  endpoint.on('GET', '/grants', () => json({ grants: [grantActive] }))
  endpoint.on('GET', '/audit-entries*', () => json(log))
  const app = await openApp(NavBar, { endpoint, ticketId: null })
  close = app.host.close
  return {
    ...app,
    endpoint,
    become: (next: RevealRequestList) => {
      current = next
    },
  }
}

const approvePath = (id: string) => `/reveal-requests/${id}/approve`

describe('who sees what', () => {
  test('a lead decides and sees active grants, not the log', async () => {
    await openNavBar(meLead)
    expect(screen.getAllByRole('tab').map((tab) => tab.textContent)).toEqual([
      'Requests (2)',
      'Active grants',
      'Find',
      'Access',
    ])
  })

  test('compliance begins with the log', async () => {
    await openNavBar(meCompliance)
    expect(screen.getByRole('tab', { selected: true }).textContent).toBe('Log')
  })

  test('a frontline agent is told where protected fields are', async () => {
    await openNavBar(meFrontline)
    expect(screen.getByText('There is nothing for you to decide here.')).toBeTruthy()
  })

  test('an unreachable server is said as such', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', noNetwork)
    close = (await openApp(NavBar, { endpoint })).host.close
    expect(screen.getByText('Scrim cannot reach its server. Values stay masked.')).toBeTruthy()
  })

  test('a person Zendesk suspended is refused with a next step', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => problem('person_suspended', 403))
    close = (await openApp(NavBar, { endpoint })).host.close
    expect(screen.getByText('Zendesk has suspended this person.')).toBeTruthy()
  })
})

describe('deciding', () => {
  test('shows who wants what, on which ticket, why, and never a mask', async () => {
    const { container } = await openNavBar(meLead)
    expect(
      screen.getByRole('heading', { name: 'Maya Rivera wants Card number on #4001' }),
    ).toBeTruthy()
    expect(
      screen.getByText('frontline, Billing group · “Refund not arrived” · 2 min ago'),
    ).toBeTruthy()
    expect(screen.getByText(queuedMaya.request.reasonText)).toBeTruthy()
    expect(screen.getByText('Assignee of this ticket')).toBeTruthy()
    expect(
      screen.getByText('Policy 14: up to 15 min, shown 30 sec at a time, 3 uses.'),
    ).toBeTruthy()
    expect(container.textContent).not.toContain('•')
  })

  test('facts that should make one pause stand first, in words', async () => {
    await openNavBar(meLead, { ...queueOfTwo, requests: [queuedTomas] })
    const facts = within(screen.getByRole('list', { name: 'What to know before deciding' }))
    expect(facts.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([
      'Look twice: Not the assignee of this ticket',
      'Look twice: Asked outside working hours',
      'Look twice: Asks for a secret field',
      'Look twice: 4 reveals today already',
      '12 reveals in 30 days (their peers: 14)',
      "Has seen this customer's data before",
    ])
  })

  test('by keys alone: j moves, a approves, the next request is selected, revoking is offered', async () => {
    const { endpoint, become } = await openNavBar(meLead)
    const user = userEvent.setup()
    endpoint.on('POST', approvePath(queuedTomas.request.id), () => {
      become({ ...queueOfTwo, counts: { needsMe: 1, pending: 2 }, requests: [queuedMaya] })
      return json({ ...requestApproved, requester: queuedTomas.request.requester })
    })
    endpoint.on('POST', `/grants/${grantActive.id}/revoke`, () =>
      json({ ...grantActive, state: 'revoked' }),
    )
    await user.keyboard('j')
    expect(screen.getByRole('heading', { name: /^Tomás Vidal wants/ })).toBeTruthy()
    await user.keyboard('a')
    await settle()
    expect(endpoint.sentTo('POST', '/reveal-requests/*').map(({ body }) => body)).toEqual([{}])
    expect(screen.getByRole('heading', { name: /^Maya Rivera wants/ })).toBeTruthy()
    await user.click(screen.getByText('Revoke'))
    await settle()
    expect(screen.getByText('Revoked. Tomás Vidal no longer sees Phone.')).toBeTruthy()
  })

  test('an approval can be shorter and for some of the fields', async () => {
    const { endpoint } = await openNavBar(meLead, { ...queueOfTwo, requests: [queuedTomas] })
    const user = userEvent.setup()
    endpoint.on('POST', approvePath(queuedTomas.request.id), () => json(requestApproved))
    await user.click(screen.getByLabelText(/^Passport/))
    await user.selectOptions(screen.getByLabelText('For how long'), '5')
    await user.click(screen.getByText('Approve 5 min'))
    await settle()
    expect(endpoint.sentTo('POST', '/reveal-requests/*').map(({ body }) => body)).toEqual([
      { minutes: 5, fieldIds: ['phone'] },
    ])
  })

  test('d asks for a comment before it denies; keys typed there are letters', async () => {
    const { endpoint } = await openNavBar(meLead)
    const user = userEvent.setup()
    endpoint.on('POST', `/reveal-requests/${queuedMaya.request.id}/deny`, () =>
      json({ ...queuedMaya.request, state: 'denied' }),
    )
    await user.keyboard('d')
    await user.keyboard('{Enter}')
    expect(screen.getByText('Say why, so that they know what to do.')).toBeTruthy()
    await user.keyboard('jack asks for it already{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([
      { comment: 'jack asks for it already' },
    ])
    expect(screen.getByText('Denied Card number for Maya Rivera.')).toBeTruthy()
  })

  test('a comment that holds a value is refused at the comment, until it is changed', async () => {
    const { endpoint } = await openNavBar(meLead)
    const user = userEvent.setup()
    endpoint.on('POST', `/reveal-requests/${queuedMaya.request.id}/deny`, () =>
      problem('text_sensitive', 422, { kinds: ['phone'] }),
    )
    await user.keyboard('d')
    await user.keyboard('call 020 7946 0958{Enter}')
    await settle()
    const fault = /This text contains sensitive data: phone number\./
    expect(screen.getByText(fault)).toBeTruthy()
    expect(screen.getAllByText(fault)).toHaveLength(1)
    await user.keyboard('{Backspace}')
    expect(screen.queryByText(fault)).toBeNull()
  })

  test("one's own request cannot be decided on, and says why", async () => {
    const { endpoint } = await openNavBar(meLead)
    const user = userEvent.setup()
    await user.click(screen.getByText('All pending 3'))
    await settle()
    expect(screen.getByText('Approve 15 min').closest('button')?.disabled).toBe(true)
    await user.click(screen.getByText('Why?'))
    expect(screen.getByText('Nobody decides on their own request.')).toBeTruthy()
    await user.keyboard('a')
    await user.keyboard('d')
    expect(endpoint.sentTo('POST', '*')).toEqual([])
  })

  test('a decision that somebody else was faster with says so and stays', async () => {
    const { endpoint } = await openNavBar(meLead)
    endpoint.on('POST', approvePath(queuedMaya.request.id), () =>
      problem('request_not_pending', 409),
    )
    fireEvent.click(screen.getByText('Approve 15 min'))
    await settle()
    expect(screen.getByText(/This request was decided already/)).toBeTruthy()
  })

  test('an empty queue is a sentence', async () => {
    await openNavBar(meLead, queueEmpty)
    expect(screen.getByText('Nothing waits for you.')).toBeTruthy()
  })

  test('? shows the keys', async () => {
    await openNavBar(meLead)
    const user = userEvent.setup()
    await user.keyboard('?')
    expect(screen.getByText('Next request')).toBeTruthy()
  })
})

describe('active grants', () => {
  test('revoking says what follows before it does', async () => {
    const { endpoint } = await openNavBar(meLead)
    const user = userEvent.setup()
    endpoint.on('POST', `/grants/${grantActive.id}/revoke`, () =>
      json({ ...grantActive, state: 'revoked' }),
    )
    await user.click(screen.getByRole('tab', { name: 'Active grants' }))
    await settle()
    await user.click(screen.getByText('Revoke', { selector: 'td button' }))
    expect(screen.getByText('Ends now. An open value is masked within 5 seconds.')).toBeTruthy()
    expect(endpoint.sentTo('POST', '*')).toEqual([])
    await user.click(screen.getByText('Revoke', { selector: 'td button' }))
    await settle()
    expect(endpoint.sentTo('POST', '*')).toHaveLength(1)
  })
})

describe('the log', () => {
  test('says each entry as a sentence, a refusal with its reason', async () => {
    await openNavBar(meCompliance)
    expect(await screen.findByText('Maya Rivera was shown Phone on #4001')).toBeTruthy()
    expect(
      screen.getByText('Maya Rivera was not shown Phone on #4001. The time of this grant is over.'),
    ).toBeTruthy()
    expect(screen.getByText('The grant for Phone on #4001 expired')).toBeTruthy()
    expect(
      screen.getByText('The grant for Phone on #4001 ended. The ticket went to somebody else.'),
    ).toBeTruthy()
  })

  test('says which kinds a refused text held', async () => {
    const entries = logPage.entries.slice(0, 1).map((entry): AuditEntryView => ({
      ...entry,
      action: 'reveal_request.refuse',
      outcome: 'refused',
      code: 'text_sensitive',
      kinds: ['payment_card', 'email'],
    }))
    await openNavBar(meCompliance, queueOfTwo, { ...logPage, entries })
    const sentence =
      /The text they typed held sensitive data: payment card number,? e-mail address\.$/
    expect(await screen.findByText(sentence)).toBeTruthy()
  })

  test('opens an entry with its leaf', async () => {
    await openNavBar(meCompliance)
    fireEvent.click(await screen.findByText('Maya Rivera was shown Phone on #4001'))
    const detail = within(screen.getByRole('region', { name: 'Entry' }))
    expect(detail.getByText('Leaf index').nextSibling?.textContent).toBe('12')
    expect(detail.getByText(logPage.entries[0]?.leafHash ?? '')).toBeTruthy()
  })

  test('keeps its filter in the address and asks the endpoint for it', async () => {
    const { endpoint } = await openNavBar(meCompliance)
    await screen.findByText('Maya Rivera was shown Phone on #4001')
    fireEvent.change(screen.getByLabelText('Ticket number'), { target: { value: '#4001x' } })
    fireEvent.change(screen.getByLabelText('Action'), { target: { value: 'grant.reveal' } })
    expect(window.location.hash).toBe('#log?action=grant.reveal&ticket=4001')
    await waitFor(() =>
      expect(endpoint.sent.at(-1)?.path).toBe('/audit-entries?action=grant.reveal&ticketId=4001'),
    )
    await screen.findByText('Maya Rivera was shown Phone on #4001')
  })

  test('is filtered by a person, who is chosen by name', async () => {
    const { endpoint } = await openNavBar(meCompliance)
    await screen.findByText('Maya Rivera was shown Phone on #4001')
    const person = screen.getByLabelText<HTMLSelectElement>('Person')
    expect([...person.options].map(({ text }) => text)).toEqual([
      'Everyone',
      'Maya Rivera',
      'Omar Haddad',
      'Tomás Vidal',
    ])
    fireEvent.change(person, { target: { value: '102' } })
    expect(window.location.hash).toBe('#log?actor=102')
    await waitFor(() => expect(endpoint.sent.at(-1)?.path).toBe('/audit-entries?actorId=102'))
    await screen.findByText('Maya Rivera was shown Phone on #4001')
  })

  test('goes on with older entries from where the page ended', async () => {
    const { endpoint } = await openNavBar(meCompliance)
    endpoint.on('GET', '/audit-entries?before=6', () =>
      json({
        ...logPage,
        entries: logPage.entries.map((entry) => ({ ...entry, index: entry.index - 7 })),
        nextBefore: null,
      }),
    )
    fireEvent.click(await screen.findByText('Older entries'))
    await settle()
    expect(endpoint.sent.at(-1)?.path).toBe('/audit-entries?before=6')
    expect(screen.getAllByText('Maya Rivera opened the app in the navigation bar')).toHaveLength(2)
    expect(screen.queryByText('Older entries')).toBeNull()
  })
})
