import { screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { IngestionStatus } from '../../src/contract/ingestion.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { meAdministrator } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

const AT = '2026-11-23T10:00:00.000Z'
const ids = [
  '00000000-0000-4000-8000-000000000a01',
  '00000000-0000-4000-8000-000000000a02',
] as const

const calm: IngestionStatus = {
  waiting: [],
  givenUp: { count: 0, newest: [], mayRetry: true },
  webhook: { standing: 'arriving', lastAt: AT, ageSeconds: 120, unannounced: 0 },
  sweep: { lastAt: AT, ageSeconds: 60, code: null },
}
const waiting: IngestionStatus['waiting'] = [
  {
    work: 'event',
    code: 'zendesk_busy',
    count: 3,
    oldestAt: AT,
    ageSeconds: 300,
    remainingSeconds: 120,
  },
  {
    work: 'redact_comment',
    code: null,
    count: 1,
    oldestAt: AT,
    ageSeconds: 0,
    remainingSeconds: 0,
  },
]
const givenUp: IngestionStatus['givenUp'] = {
  count: 2,
  mayRetry: true,
  newest: [
    {
      id: ids[0],
      work: 'redact_comment',
      ticketId: 4001,
      code: 'ticket_closed',
      at: AT,
      ageSeconds: 60,
    },
    {
      id: ids[1],
      work: 'write_field',
      ticketId: 4002,
      code: 'out_of_luck',
      at: AT,
      ageSeconds: 7200,
    },
  ],
}

async function openIngestion(status: IngestionStatus) {
  const endpoint = openEndpointDouble()
  let current = status
  endpoint.on('GET', '/me', () => json(meAdministrator))
  endpoint.on('GET', '/ingestion', () => json(current))
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash: 'ingestion' })
  await settle()
  close = app.host.close
  return {
    ...app,
    endpoint,
    become: (next: IngestionStatus) => {
      current = next
    },
  }
}

describe('the ingestion screen', () => {
  test('says that everything is done, and when the sweep last looked', async () => {
    await openIngestion(calm)
    expect(screen.getByText('Everything that arrived is taken care of.')).toBeTruthy()
    expect(
      screen.getByText('The sweep last looked 1 min ago. New work appears here by itself.'),
    ).toBeTruthy()
    expect(screen.queryByText('Given up')).toBeNull()
  })

  test('says what waits, why, what to do, since when and until when', async () => {
    await openIngestion({ ...calm, waiting })
    expect(screen.getByText('3 changes to look at')).toBeTruthy()
    expect(screen.getByText('The oldest came 5 min ago, next try in 2 min')).toBeTruthy()
    expect(screen.getByText('Zendesk asks Scrim to wait.')).toBeTruthy()
    expect(screen.getByText('1 comment to redact')).toBeTruthy()
    expect(screen.getByText('The oldest came now, being tried now')).toBeTruthy()
    expect(screen.getByText('Next in line.')).toBeTruthy()
  })

  test('a webhook that Zendesk switched off is noticed', async () => {
    await openIngestion({
      ...calm,
      webhook: { standing: 'missing', lastAt: null, ageSeconds: null, unannounced: 12 },
    })
    expect(
      screen.getByText(
        '12 tickets changed, and no webhook told of them. The sweep still finds everything within minutes.',
      ),
    ).toBeTruthy()
    expect(screen.getByText('None within a day')).toBeTruthy()
    expect(screen.getByText(/^Zendesk switches a webhook off after failures\./)).toBeTruthy()
  })

  test('a sweep that finds out nothing says why', async () => {
    await openIngestion({ ...calm, sweep: { ...calm.sweep, code: 'zendesk_unavailable' } })
    expect(
      screen.getByText(
        'It found out nothing: Zendesk could not be reached, or the ticket changed meanwhile.',
      ),
    ).toBeTruthy()
  })

  test('what was given up has its ticket and reason, also for a code without words', async () => {
    const { host } = await openIngestion({ ...calm, givenUp })
    const user = userEvent.setup()
    expect(
      screen.getByText('The ticket is closed, and Zendesk changes nothing in closed tickets.'),
    ).toBeTruthy()
    expect(screen.getByText('It failed: out_of_luck.')).toBeTruthy()
    await user.click(screen.getByRole('button', { name: 'Open #4002' }))
    await settle()
    expect(host.invoked()).toContainEqual(['routeTo', ['ticket', 4002]])
  })

  test('an administrator has one tried again, or all', async () => {
    const { endpoint, become } = await openIngestion({ ...calm, givenUp })
    const user = userEvent.setup()
    endpoint.on('POST', '/ingestion/retries', () => json({ retried: 1 }))
    become({
      ...calm,
      givenUp: { count: 1, mayRetry: true, newest: givenUp.newest.slice(1) },
    })
    await user.click(screen.getByRole('button', { name: 'Try again: Redact a comment, #4001' }))
    await settle()
    expect(screen.getByText('1 is tried again.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: 'Open #4001' })).toBeNull()
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([{ ids: [ids[0]] }])
  })

  test('all are tried again with one question', async () => {
    const { endpoint } = await openIngestion({ ...calm, givenUp })
    const user = userEvent.setup()
    endpoint.on('POST', '/ingestion/retries', () => json({ retried: 2 }))
    await user.click(screen.getByRole('button', { name: 'Try all again' }))
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([{ ids: [...ids] }])
  })

  test('a retry that was refused says so and leaves the list', async () => {
    const { endpoint } = await openIngestion({ ...calm, givenUp })
    const user = userEvent.setup()
    endpoint.on('POST', '/ingestion/retries', () => problem('role_not_permitted', 403))
    await user.click(screen.getByRole('button', { name: 'Try all again' }))
    await settle()
    expect(screen.getByRole('alert').textContent).toContain('Your role does not include this.')
    expect(screen.getAllByRole('button', { name: /^Open #/ })).toHaveLength(2)
  })

  test('who may not retry is told who may', async () => {
    await openIngestion({ ...calm, givenUp: { ...givenUp, mayRetry: false } })
    expect(screen.getByText('An administrator can have it tried again.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /again/ })).toBeNull()
  })

  test('says how many it does not list', async () => {
    await openIngestion({ ...calm, givenUp: { ...givenUp, count: 57 } })
    expect(screen.getByText('55 older ones are not shown.')).toBeTruthy()
  })

  test('says that the server is away, and when it asks again', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => json(meAdministrator))
    endpoint.on('GET', '/ingestion', noNetwork)
    close = (await openApp(NavBar, { endpoint, ticketId: null, hash: 'ingestion' })).host.close
    await settle()
    expect(screen.getByText('Scrim cannot reach its server. Values stay masked.')).toBeTruthy()
    endpoint.on('GET', '/ingestion', () => json(calm))
    await userEvent.click(screen.getByRole('button', { name: 'Try now' }))
    await settle()
    expect(screen.getByText('Everything that arrived is taken care of.')).toBeTruthy()
  })

  test('a person without the role is refused with a next step', async () => {
    const endpoint = openEndpointDouble()
    endpoint.on('GET', '/me', () => json(meAdministrator))
    endpoint.on('GET', '/ingestion', () => problem('role_not_permitted', 403))
    close = (await openApp(NavBar, { endpoint, ticketId: null, hash: 'ingestion' })).host.close
    await settle()
    expect(screen.getByText('Your role does not include this.')).toBeTruthy()
  })
})
