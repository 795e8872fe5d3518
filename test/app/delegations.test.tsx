import { fireEvent, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { DelegationList, DelegationView } from '../../src/contract/delegations.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { lena, meLead, omar, queueEmpty, tomas } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => {
  close?.()
  window.location.hash = ''
})

const active: DelegationView = {
  id: '00000000-0000-4000-8000-0000000003a1',
  from: omar,
  to: lena,
  startsAt: '2026-11-20T08:00:00.000Z',
  endsAt: '2026-11-24T23:00:00.000Z',
  state: 'active',
  startsInSeconds: 0,
  remainingSeconds: 200_000,
  reasonText: 'At a conference in Lisbon',
  ended: null,
  mayEnd: true,
}
const nothing: DelegationList = {
  given: [],
  received: [],
  all: null,
  mayDelegate: { allowed: true },
  candidates: [lena],
  maxDays: 30,
}

async function openAway(reply: () => Response | Promise<Response>) {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/me', () => json(meLead))
  endpoint.on('GET', '/reveal-requests?queue=needs_me', () => json(queueEmpty))
  endpoint.on('GET', '/delegations', reply)
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash: '#requests' })
  close = app.host.close
  const user = userEvent.setup()
  await user.click(screen.getByText('Out of office'))
  await settle()
  return { ...app, endpoint, user }
}
const listed = (list: DelegationList) => openAway(() => json(list))

describe('out of office', () => {
  test('hands over from now until the end of a day, with a reason', async () => {
    const { user, endpoint } = await listed(nothing)
    endpoint.on('POST', '/delegations', () => json(active))
    await user.selectOptions(screen.getByLabelText('Who decides for you'), 'Lena Fischer')
    fireEvent.change(screen.getByLabelText('Until, that day included'), {
      target: { value: '2026-12-03' },
    })
    await user.type(screen.getByLabelText('Why, for them and the log'), 'At a conference{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', '/delegations').map(({ body }) => body)).toEqual([
      {
        toId: lena.id,
        startsAt: '1970-01-01T00:00:00.000Z',
        endsAt: new Date(2026, 11, 4).toISOString(),
        reasonText: 'At a conference',
      },
    ])
    expect(screen.getByLabelText<HTMLInputElement>('Why, for them and the log').value).toBe('')
  })

  test('says next to each field what is missing, and sends nothing', async () => {
    const { user, endpoint } = await listed(nothing)
    await user.click(screen.getByText('Hand over'))
    expect(screen.getByText('Choose who decides for you.')).toBeTruthy()
    expect(screen.getByText('Say until which day.')).toBeTruthy()
    expect(screen.getByText('Say why, so that they and the log know.')).toBeTruthy()
    fireEvent.change(screen.getByLabelText('From (empty: now)'), {
      target: { value: '2026-12-05' },
    })
    fireEvent.change(screen.getByLabelText('Until, that day included'), {
      target: { value: '2026-12-03' },
    })
    expect(screen.getByText('The end lies before the start.')).toBeTruthy()
    expect(endpoint.sentTo('POST', '*')).toEqual([])
  })

  test('says which days are too many at the days, and a sensitive reason at the reason', async () => {
    const { user, endpoint } = await listed(nothing)
    const fill = async () => {
      await user.selectOptions(screen.getByLabelText('Who decides for you'), 'Lena Fischer')
      fireEvent.change(screen.getByLabelText('Until, that day included'), {
        target: { value: '2027-12-03' },
      })
      await user.type(screen.getByLabelText('Why, for them and the log'), 'Call me{Enter}')
      await settle()
    }
    endpoint.on('POST', '/delegations', () => problem('delegation_too_long', 422, { limit: 30 }))
    await fill()
    expect(screen.getByLabelText('Until, that day included').getAttribute('aria-invalid')).toBe(
      'true',
    )
    endpoint.on('POST', '/delegations', () => problem('text_sensitive', 422, { kinds: ['phone'] }))
    await fill()
    expect(screen.getByText(/This text contains sensitive data: phone number\./)).toBeTruthy()
  })

  test('who decides for whom, and ends one early', async () => {
    const { user, endpoint } = await listed({
      ...nothing,
      given: [active],
      received: [
        { ...active, id: active.id.replace('a1', 'a2'), from: tomas, to: omar, state: 'planned' },
        {
          ...active,
          id: active.id.replace('a1', 'a3'),
          from: lena,
          to: omar,
          state: 'ended',
          ended: { by: lena, at: active.endsAt },
        },
      ],
    })
    endpoint.on('POST', '/delegations/*', () => json({ ...active, state: 'ended' }))
    const given = within(screen.getByRole('list', { name: 'Who decides for you' }))
    expect(given.getByText(/^Lena Fischer decides for Omar Haddad until /)).toBeTruthy()
    expect(given.getByText('At a conference in Lisbon')).toBeTruthy()
    const received = within(screen.getByRole('list', { name: 'For whom you decide' }))
    expect(received.getByText(/^Omar Haddad decides for Tomás Vidal from /)).toBeTruthy()
    expect(received.getByText(/^Omar Haddad decided for Lena Fischer until /)).toBeTruthy()
    expect(received.getByText('Ended by Lena Fischer')).toBeTruthy()
    expect(received.getAllByRole('button')).toHaveLength(1)
    await user.click(given.getByRole('button', { name: /^End now/ }))
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ path }) => path)).toEqual([
      `/delegations/${active.id}/end`,
    ])
  })

  test('whoever has nothing to lend is told so', async () => {
    await listed({ ...nothing, mayDelegate: { allowed: false, code: 'role_not_permitted' } })
    expect(screen.queryByText('Hand over')).toBeNull()
    expect(screen.getByRole('note')).toBeTruthy()
  })

  test('where policy lets nobody take over, that is said', async () => {
    await listed({ ...nothing, candidates: [] })
    expect(screen.getByText(/nobody to whom the policy lets you/)).toBeTruthy()
  })

  test('a list that cannot be had says so', async () => {
    await openAway(noNetwork)
    expect(screen.getByText('Scrim cannot reach its server. Values stay masked.')).toBeTruthy()
  })
})
