import { afterEach, describe, expect, test } from 'vitest'
import { Background } from '../../src/app/locations/Background.tsx'
import type { Me } from '../../src/contract/session.ts'
import type { RevealRequestList } from '../../src/contract/reveal-requests.ts'
import { json, openEndpointDouble } from './endpoint-double.ts'
import {
  cardField,
  listDenied,
  listGranted,
  listPending,
  maya,
  meFrontline,
  meLead,
  queuedMaya,
  queuedTomas,
  queueEmpty,
  queueOfTwo,
} from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

async function openBackground(me: Me, queue: RevealRequestList = queueEmpty) {
  const endpoint = openEndpointDouble()
  let current = queue
  endpoint.on('GET', '/me', () => json(me))
  endpoint.on('GET', '/native-fields', () => json({ zendeskFieldIds: [301, 302] }))
  endpoint.on('GET', '/reveal-requests*', () => json(current))
  const app = await openApp(Background, {
    endpoint,
    ticketId: null,
    host: {
      instances: {
        'guid-of-ticket': { instanceGuid: 'guid-of-ticket', location: 'ticket_sidebar' },
        'guid-of-nav': { instanceGuid: 'guid-of-nav', location: 'nav_bar' },
      },
    },
  })
  close = app.host.close
  await settle()
  return {
    ...app,
    endpoint,
    become: (next: RevealRequestList) => {
      current = next
    },
    hint: async (word?: string) => {
      app.host.fire('api_notification.scrim_changed', { body: { ticketId: 4001, word } })
      await settle()
    },
    icons: () =>
      app.host.heard
        .filter(({ request, instanceGuid }) => request === 'invoke' && instanceGuid !== undefined)
        .flatMap(({ instanceGuid, params }) => {
          const symbol = (params as Record<string, unknown[]>)['iconSymbol']?.[0]
          return symbol === undefined ? [] : [`${String(instanceGuid)} ${String(symbol)}`]
        }),
    notices: () =>
      app.host
        .invoked()
        .filter(([path]) => path === 'notify')
        .map(([, [text]]) => text),
  }
}

describe('an emergency', () => {
  const emergency = {
    id: '00000000-0000-4000-8000-0000000000b1',
    person: maya,
    ticketId: 4001,
    fields: [cardField],
    remainingSeconds: 540,
  }

  test('is told once to whom it skipped, whatever a hint says', async () => {
    const { endpoint, hint, notices } = await openBackground(meLead)
    await hint()
    expect(notices()).toEqual([])
    endpoint.on('GET', '/break-glass', () => json({ active: [emergency], uses: [] }))
    await hint()
    await hint()
    expect(notices()).toEqual(['Scrim: Maya Rivera has broken the glass for Card number on #4001.'])
  })

  test('is not told to the person whose it is, nor asked about for others', async () => {
    const own = await openBackground(meLead)
    const active = [{ ...emergency, person: meLead.person }]
    own.endpoint.on('GET', '/break-glass', () => json({ active, uses: [] }))
    await own.hint()
    expect(own.notices()).toEqual([])
    own.host.close()
    const { endpoint, hint } = await openBackground(meFrontline)
    await hint()
    expect(endpoint.sentTo('GET', '/break-glass')).toEqual([])
  })
})

describe('a lead', () => {
  test('hears of each new request once, by name and field', async () => {
    const { become, hint, notices } = await openBackground(meLead)
    become({ ...queueOfTwo, requests: [queuedMaya] })
    await hint()
    become({ ...queueOfTwo, requests: [queuedMaya, queuedTomas] })
    await hint()
    await hint()
    expect(notices()).toEqual([
      'Scrim: Maya Rivera asks for Card number on #4001.',
      'Scrim: Tomás Vidal asks for Passport and Phone on #4002.',
    ])
  })

  test('hears of what waited before as one number', async () => {
    const { notices } = await openBackground(meLead, queueOfTwo)
    expect(notices()).toEqual(['Scrim: 2 requests wait for your decision.'])
  })

  test('is reminded of a request once, and told at once of one that nobody answered', async () => {
    const { become, hint, notices } = await openBackground(meLead)
    become({ ...queueOfTwo, requests: [queuedMaya] })
    await hint('asked')
    const remindedAt = '2026-11-20T14:31:00.000Z'
    const reminded = { ...queuedMaya, request: { ...queuedMaya.request, remindedAt } }
    become({ ...queueOfTwo, requests: [reminded] })
    await hint('reminder')
    await hint('reminder')
    const escalated = { ...queuedTomas, request: { ...queuedTomas.request, isEscalated: true } }
    become({ ...queueOfTwo, requests: [reminded, escalated] })
    await hint('escalated')
    expect(notices()).toEqual([
      'Scrim: Maya Rivera asks for Card number on #4001.',
      'Scrim: Maya Rivera still waits for an answer about Card number on #4001.',
      'Scrim: nobody answered Tomás Vidal about Passport and Phone on #4002. You may decide now.',
    ])
  })

  test('is not reminded by somebody who only says so', async () => {
    const { become, hint, notices } = await openBackground(meLead)
    become({ ...queueOfTwo, requests: [queuedMaya] })
    await hint('asked')
    const before = notices().length
    await hint('reminder')
    await hint('escalated')
    expect(notices()).toHaveLength(before)
  })

  test('sees a mark on the icon while something waits, and none when others handled it', async () => {
    const { become, hint, icons, host } = await openBackground(meLead, queueOfTwo)
    expect(icons().at(-1)).toBe('guid-of-nav waiting')
    become(queueEmpty)
    await hint('handled')
    expect(icons().at(-1)).toBe('guid-of-nav default')
    host.fire('instance.created', { instanceGuid: 'guid-of-later', location: 'nav_bar' })
    await settle()
    expect(icons().at(-1)).toBe('guid-of-later default')
    expect(icons().filter((icon) => icon.startsWith('guid-of-ticket'))).toEqual([])
  })

  test('a hint for those who decide asks nothing about their own requests', async () => {
    const { endpoint, hint } = await openBackground(meLead)
    for (const word of ['asked', 'reminder', 'escalated', 'claimed', 'handled']) await hint(word)
    expect(endpoint.sent.filter(({ path }) => path.startsWith('/tickets'))).toEqual([])
    const before = endpoint.sent.length
    await hint('decided')
    expect(endpoint.sent.slice(before).map(({ path }) => path)).toEqual([
      '/tickets/4001/protected-fields',
    ])
  })

  test('what the requester wrote never goes to the host', async () => {
    const { host } = await openBackground(meLead, queueOfTwo)
    expect(JSON.stringify(host.heard)).not.toContain(queuedMaya.request.reasonText)
  })
})

describe('a requester', () => {
  test.each([
    ['an approval', listGranted, 'Scrim: Omar Haddad approved Phone on #4001.'],
    ['a denial', listDenied, 'Scrim: Omar Haddad denied Passport on #4001.'],
  ])('hears of %s once', async (_, list, text) => {
    const { endpoint, hint, notices } = await openBackground(meFrontline)
    endpoint.on('GET', '/tickets/4001/protected-fields', () => json(list))
    await hint()
    await hint()
    expect(notices()).toEqual([text])
  })

  test('hears nothing while the request is pending', async () => {
    const { endpoint, hint, notices } = await openBackground(meFrontline)
    endpoint.on('GET', '/tickets/4001/protected-fields', () => json(listPending))
    await hint()
    expect(notices()).toEqual([])
  })

  test('a notification is a hint: one without a ticket asks nothing and says nothing', async () => {
    const { host, endpoint, notices } = await openBackground(meFrontline)
    const before = endpoint.sent.length
    host.fire('api_notification.scrim_changed', { body: 'Your request was approved' })
    host.fire('api_notification.scrim_changed', { body: { ticketId: '../me' } })
    await settle()
    expect(endpoint.sent.slice(before).filter(({ path }) => path.startsWith('/tickets'))).toEqual(
      [],
    )
    expect(notices()).toEqual([])
  })
})

describe('native fields', () => {
  const hides = (heard: { instanceGuid?: string; params?: unknown; request?: string }[]) =>
    heard
      .filter(({ request }) => request === 'invoke')
      .flatMap(({ instanceGuid, params }) =>
        Object.keys(params as object)
          .filter((path) => path.endsWith('.hide'))
          .map((path) => `${instanceGuid} ${path}`),
      )

  test('are hidden on tickets that are open already, and nowhere else', async () => {
    const { host } = await openBackground(meFrontline)
    expect(hides(host.heard)).toEqual([
      'guid-of-ticket ticketFields:custom_field_301.hide',
      'guid-of-ticket ticketFields:custom_field_302.hide',
    ])
  })

  test('are hidden on a ticket that is opened later', async () => {
    const { host } = await openBackground(meFrontline)
    host.fire('instance.created', { instanceGuid: 'guid-of-later', location: 'ticket_sidebar' })
    await settle()
    expect(hides(host.heard)).toContain('guid-of-later ticketFields:custom_field_301.hide')
  })
})
