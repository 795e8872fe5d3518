import { act, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { QueuedRevealRequest, RevealRequestList } from '../../src/contract/reveal-requests.ts'
import { json, openEndpointDouble, problem } from './endpoint-double.ts'
import {
  cardField,
  grantActive,
  lena,
  maya,
  meLead,
  omar,
  passportField,
  phoneField,
  queuedMaya,
  queuedTomas,
  requestApproved,
} from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => {
  vi.useRealTimers()
  close?.()
  window.location.hash = ''
})

const idOf = (number: number) =>
  `00000000-0000-4000-8000-0000000002${String(number).padStart(2, '0')}`

/** One request a ticket, each a minute older than the next. */
function queued(number: number, change: Partial<QueuedRevealRequest['request']> = {}) {
  return {
    ...queuedMaya,
    request: {
      ...queuedMaya.request,
      id: idOf(number),
      ticketId: 4100 + number,
      ageSeconds: 6000 - number * 60,
      ...change,
    },
    context: { ...queuedMaya.context, ticketSubject: `Case ${number}` },
  }
}

const FIFTY = Array.from({ length: 50 }, (_, number) => queued(number))

function listOf(requests: QueuedRevealRequest[], queue: RevealRequestList['queue'] = 'needs_me') {
  return { queue, counts: { needsMe: requests.length, pending: requests.length }, requests }
}

async function openQueue(requests: QueuedRevealRequest[], hash = '#requests') {
  const endpoint = openEndpointDouble()
  let current = requests
  endpoint.on('GET', '/me', () => json(meLead))
  endpoint.on('GET', '/reveal-requests?queue=needs_me', () => json(listOf(current)))
  endpoint.on('GET', '/reveal-requests?queue=pending', () => json(listOf(current, 'pending')))
  endpoint.on('GET', '/reveal-requests?queue=decided', () => json(listOf(current, 'decided')))
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash })
  close = app.host.close
  return {
    ...app,
    endpoint,
    user: userEvent.setup(),
    /** What the next poll answers, and that poll. */
    async become(next: QueuedRevealRequest[]) {
      current = next
      act(() => app.host.fire('api_notification.scrim_changed'))
      await settle()
    },
  }
}

const rows = () =>
  within(screen.getByRole('list', { name: 'Requests' }))
    .getAllByRole('button')
    .map(({ textContent }) => /#(\d+)/.exec(textContent ?? '')?.[1])
const selectedRow = () =>
  within(screen.getByRole('list', { name: 'Requests' }))
    .getAllByRole('button')
    .filter((row) => row.getAttribute('aria-current') === 'true')
    .map(({ textContent }) => /#(\d+)/.exec(textContent ?? '')?.[1])

describe('a queue that others work on, too', () => {
  test('the selected request stays selected, and no row moves, when others come and go', async () => {
    const { user, become } = await openQueue(FIFTY)
    await user.keyboard('jjj')
    expect(selectedRow()).toEqual(['4103'])
    await become([...FIFTY.slice(2), queued(50)])
    expect(selectedRow()).toEqual(['4103'])
    expect(rows()).toEqual([...FIFTY, queued(50)].map(({ request }) => String(request.ticketId)))
    expect(screen.getAllByText('No longer waits')).toHaveLength(2)
  })

  test('what no longer waits leaves the list at one’s own next step', async () => {
    const { user, become } = await openQueue(FIFTY)
    await user.keyboard('jjj')
    await become(FIFTY.slice(2))
    await user.keyboard('j')
    expect(rows()).toEqual(FIFTY.slice(2).map(({ request }) => String(request.ticketId)))
    expect(selectedRow()).toEqual(['4104'])
  })

  test('a request that somebody else decided stays in view, and the keys do not decide on another', async () => {
    const { user, become, endpoint } = await openQueue(FIFTY)
    await become(FIFTY.slice(1))
    expect(selectedRow()).toEqual(['4100'])
    expect(screen.getByText('This request no longer waits for you.')).toBeTruthy()
    await user.keyboard('ad')
    expect(endpoint.sentTo('POST', '*')).toEqual([])
  })

  test('a key held down decides once', async () => {
    const { user, endpoint } = await openQueue(FIFTY)
    endpoint.on('POST', '/reveal-requests/*', () => json(requestApproved))
    await user.keyboard('{a>5/}')
    await settle()
    expect(endpoint.sentTo('POST', '/reveal-requests/*')).toHaveLength(1)
  })

  test('a key pressed twice does not decide on the request that moves up', async () => {
    const { user, endpoint } = await openQueue(FIFTY)
    endpoint.on('POST', '/reveal-requests/*', () => json(requestApproved))
    vi.useFakeTimers({ toFake: ['performance'] })
    await user.keyboard('a')
    await settle()
    await user.keyboard('a')
    await settle()
    expect(endpoint.sentTo('POST', '/reveal-requests/*').map(({ path }) => path)).toEqual([
      `/reveal-requests/${idOf(0)}/approve`,
    ])
  })
})

describe('whoever is called by a request finds it', () => {
  test('the request that came within the last minute is selected on opening', async () => {
    await openQueue([...FIFTY, queued(50, { ageSeconds: 4 })])
    expect(selectedRow()).toEqual(['4150'])
  })

  test('without news the oldest request is selected', async () => {
    await openQueue(FIFTY)
    expect(selectedRow()).toEqual(['4100'])
  })

  test('a request that comes while one looks changes nothing but the list', async () => {
    const { become } = await openQueue(FIFTY)
    await become([...FIFTY, queued(50, { ageSeconds: 1 })])
    expect(selectedRow()).toEqual(['4100'])
  })

  test('whoever comes back finds the list as it is, and the request that called them', async () => {
    const { host, become } = await openQueue(FIFTY)
    act(() => host.fire('app.deactivated'))
    await become([...FIFTY.slice(2), queued(50, { ageSeconds: 4 })])
    expect(selectedRow()).toEqual(['4100'])
    act(() => host.fire('app.activated'))
    await settle()
    expect(selectedRow()).toEqual(['4150'])
    expect(screen.queryByText('No longer waits')).toBeNull()
  })

  test('n goes to the newest', async () => {
    const { user } = await openQueue(FIFTY)
    await user.keyboard('n')
    expect(selectedRow()).toEqual(['4149'])
  })
})

describe('narrowing', () => {
  const mixed = [
    queued(0),
    queued(1, { requester: lena, fields: [passportField] }),
    { ...queuedTomas, request: { ...queuedTomas.request, ticketId: 4102 } },
  ]

  test.each([
    ['maya', ['4100']],
    ['#4101', ['4101']],
    ['passport', ['4101', '4102']],
    ['tomas secret', ['4102']],
    ['disputes 4101', ['4101']],
    ['nobody asked for this', []],
  ])('%j finds %j', async (words, tickets) => {
    const { user } = await openQueue(mixed)
    await user.keyboard('/')
    await user.keyboard(words)
    expect(screen.queryByRole('list', { name: 'Requests' }) === null ? [] : rows()).toEqual(tickets)
  })

  test('stands in the address, and an address narrows', async () => {
    const { user } = await openQueue(mixed)
    await user.click(screen.getByText('Filter'))
    await user.selectOptions(screen.getByLabelText('Asked by'), 'Lena Fischer')
    expect(window.location.hash).toBe(`#requests?person=105&request=${idOf(1)}`)
    close?.()
    document.body.replaceChildren()
    await openQueue(mixed, '#requests?field=card_number&class=restricted')
    expect(rows()).toEqual(['4100'])
    expect(screen.getByLabelText<HTMLSelectElement>('Field').value).toBe('card_number')
  })

  test('by person, field, class and what to look twice at', async () => {
    const { user } = await openQueue(mixed)
    await user.click(screen.getByText('Filter'))
    const choose = (label: string, option: string) =>
      user.selectOptions(screen.getByLabelText(label), option)
    await choose('Class', 'secret')
    expect(rows()).toEqual(['4101', '4102'])
    await choose('Asked by', maya.name)
    expect(screen.getByText(/^0 of 3 fit/)).toBeTruthy()
    await user.click(screen.getAllByText('Clear')[0] ?? document.body)
    await choose('Field', cardField.label)
    expect(rows()).toEqual(['4100'])
    await choose('Field', 'Every field')
    await choose('Show', 'Look twice')
    expect(rows()).toEqual(['4101', '4102'])
  })

  test('Escape gives the keys back to the list', async () => {
    const { user } = await openQueue(mixed)
    await user.keyboard('/passport{Enter}')
    await user.keyboard('j')
    expect(selectedRow()).toEqual(['4102'])
    await user.keyboard('/{Escape}')
    expect(rows()).toHaveLength(3)
  })

  test('a request by its address is open', async () => {
    await openQueue(mixed, `#requests?queue=pending&request=${idOf(1)}`)
    expect(selectedRow()).toEqual(['4101'])
  })
})

describe('claiming', () => {
  const claimPath = `/reveal-requests/${idOf(0)}/claim`
  const claimedBy = (by: { id: number; name: string }) => ({
    ...queued(0, { claim: { by, remainingSeconds: 500 } }),
    ...(by.id === omar.id
      ? {}
      : { mayDecide: { allowed: false as const, code: 'request_claimed' as const } }),
  })

  test('c claims, says until when, and lets it go again', async () => {
    const { user, endpoint, become } = await openQueue(FIFTY)
    endpoint.on('POST', '/reveal-requests/*', () => json(queued(0).request))
    await user.keyboard('c')
    await become([claimedBy(omar), ...FIFTY.slice(1)])
    expect(screen.getByText(/You claimed this: nobody else decides for 8 min\./)).toBeTruthy()
    await user.keyboard('c')
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ path }) => path)).toEqual([
      claimPath,
      `/reveal-requests/${idOf(0)}/release`,
    ])
  })

  test('a request that somebody else claimed says who, and cannot be decided on', async () => {
    const { user, endpoint } = await openQueue([claimedBy(lena), ...FIFTY.slice(1)])
    expect(screen.getByText('Lena Fischer claimed this, for 8 min more.')).toBeTruthy()
    expect(screen.getByText('Claimed: Lena')).toBeTruthy()
    await user.keyboard('adcb')
    expect(endpoint.sentTo('POST', '*')).toEqual([])
    await user.click(screen.getByText('Why?'))
    expect(screen.getByText('Somebody else is looking at this request.')).toBeTruthy()
  })

  test('a claim that somebody else was faster with says so', async () => {
    const { user, endpoint } = await openQueue(FIFTY)
    endpoint.on('POST', claimPath, () => problem('request_claimed', 409))
    await user.click(screen.getByText('Claim'))
    await settle()
    expect(screen.getByText(/Somebody else is looking at this request\./)).toBeTruthy()
  })

  test('claimed requests can be left out', async () => {
    await openQueue([claimedBy(lena), ...FIFTY.slice(1, 3)], '#requests?only=unclaimed')
    expect(rows()).toEqual(['4101', '4102'])
  })
})

describe('approving on condition', () => {
  const approvePath = `/reveal-requests/${idOf(0)}/approve`

  test('only today, one use and a word to the requester are behind one button', async () => {
    const { user, endpoint } = await openQueue([queued(0)])
    endpoint.on('POST', approvePath, () => json(requestApproved))
    expect(screen.queryByLabelText('Only today')).toBeNull()
    await user.click(screen.getByText('Conditions'))
    await user.click(screen.getByLabelText('Only today'))
    await user.click(screen.getByLabelText('One use instead of 3'))
    await user.type(screen.getByLabelText('A word to them (optional)'), 'Read it once')
    expect(screen.getByText('Conditions (3)')).toBeTruthy()
    await user.click(screen.getByText('Approve 15 min'))
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([
      { conditions: { isOnlyToday: true, uses: 1 }, comment: 'Read it once' },
    ])
  })

  test('a decision that names its conditions says them afterwards', async () => {
    const decision = {
      fieldIds: ['phone'],
      conditions: { isOnlyToday: true, uses: 1 },
      onBehalfOf: lena,
    }
    const approved = {
      ...queued(0),
      request: {
        ...requestApproved,
        fields: [phoneField, cardField],
        decision: {
          by: omar,
          at: requestApproved.createdAt,
          comment: null,
          minutes: 15,
          ...decision,
        },
      },
    }
    await openQueue([approved], '#requests?queue=decided')
    const text = screen.getByText(/^Approved by Omar Haddad for Lena Fischer, /).textContent
    expect(text).toMatch(/ · only Phone · 15 min · 1 use · Only today$/)
  })

  test('where policy wants a comment, approving without one asks for it', async () => {
    const { user, endpoint } = await openQueue([{ ...queued(0), needsComment: true }])
    endpoint.on('POST', approvePath, () => json(requestApproved))
    await user.keyboard('a')
    expect(screen.getByText('Say in a sentence why this may be seen.')).toBeTruthy()
    expect(endpoint.sentTo('POST', '*')).toEqual([])
    await user.keyboard('The bank waits on the line{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([
      { comment: 'The bank waits on the line' },
    ])
  })

  test('a policy that began to want a comment meanwhile asks for it, too', async () => {
    const { user, endpoint } = await openQueue([queued(0)])
    endpoint.on('POST', approvePath, ({ body }) =>
      'comment' in (body as object) ? json(requestApproved) : problem('comment_required', 422),
    )
    await user.keyboard('a')
    await settle()
    await user.type(screen.getByRole('textbox', { name: /policy asks for it/ }), 'A refund{Enter}')
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([
      {},
      { comment: 'A refund' },
    ])
  })
})

describe('several requests on one ticket', () => {
  const same = [0, 1, 2].map((number) => queued(number, { ticketId: 4012 }))
  const all = [...same, queued(3)]
  const decidedOf = (number: number, state: 'approved' | 'denied') => ({
    id: idOf(number),
    isDecided: true,
    request: { ...queued(number).request, state },
  })

  test('b, then Enter approves all of them, with one line each', async () => {
    const { user, endpoint, become } = await openQueue(all)
    endpoint.on('POST', '/reveal-requests/decide', () =>
      json({
        results: [
          decidedOf(0, 'approved'),
          { id: idOf(1), isDecided: false, code: 'request_claimed' },
          decidedOf(2, 'approved'),
        ],
      }),
    )
    await user.keyboard('b')
    expect(screen.getByText('Approve all 3 on #4012')).toBeTruthy()
    await user.keyboard('{Enter}')
    await become(all.slice(1, 2).concat(all.slice(3)))
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([
      { ids: [idOf(0), idOf(1), idOf(2)], outcome: 'approve' },
    ])
    expect(screen.getByText('Decided on 2 of 3 on #4012')).toBeTruthy()
    expect(screen.getAllByText('Approved Card number for Maya Rivera.')).toHaveLength(2)
    expect(
      screen.getByText(/^Not decided: Card number for Maya Rivera\. Somebody else is looking/),
    ).toBeTruthy()
    expect(rows()).toEqual(['4012', '4103'])
  })

  test('denying all needs a comment; one that is unticked is left alone', async () => {
    const { user, endpoint } = await openQueue(all)
    endpoint.on('POST', '/reveal-requests/decide', () =>
      json({ results: [decidedOf(0, 'denied'), decidedOf(2, 'denied')] }),
    )
    await user.click(screen.getByText('All 3 on #4012…'))
    const boxes = within(screen.getByRole('group', { name: 'Decide on which' }))
    await user.click(boxes.getAllByRole('checkbox')[1] ?? document.body)
    await user.click(screen.getByText('Deny all 2'))
    expect(screen.getByText('Say why, so that they know what to do.')).toBeTruthy()
    await user.type(screen.getByLabelText(/needed to deny/), 'Ask the customer')
    await user.click(screen.getByText('Deny all 2'))
    await settle()
    expect(endpoint.sentTo('POST', '*').map(({ body }) => body)).toEqual([
      { ids: [idOf(0), idOf(2)], outcome: 'deny', comment: 'Ask the customer' },
    ])
    expect(screen.getAllByText('Denied Card number for Maya Rivera.')).toHaveLength(2)
  })

  test('a refusal of the whole stays in the form', async () => {
    const { user, endpoint } = await openQueue(all)
    endpoint.on('POST', '/reveal-requests/decide', () => problem('reveals_paused', 409))
    await user.keyboard('b')
    await user.click(screen.getByText('Approve all 3 on #4012'))
    await settle()
    expect(screen.getByRole('alert').textContent).toMatch(/paused/)
  })

  test('a request alone on its ticket has no such button', async () => {
    const { user } = await openQueue([queued(3)])
    await user.keyboard('b')
    expect(screen.queryByText(/on #4103…/)).toBeNull()
    expect(screen.getByRole('heading', { name: /Maya Rivera wants/ })).toBeTruthy()
  })
})

describe('what stands behind a request', () => {
  const factsOn = (entry: QueuedRevealRequest) =>
    openQueue([entry]).then(() =>
      within(screen.getByRole('list', { name: 'What to know before deciding' }))
        .getAllByRole('listitem')
        .map(({ textContent }) => textContent),
    )
  const withContext = (change: Partial<QueuedRevealRequest['context']>) => ({
    ...queued(0),
    context: { ...queued(0).context, ...change },
  })

  test('more time than a grant that runs says how much of that is left', async () => {
    const facts = await factsOn(
      withContext({
        extension: {
          grantId: idOf(90),
          approvedBy: [omar],
          expiresAt: '2026-11-20T14:16:00.000Z',
          remainingSeconds: 190,
        },
      }),
    )
    expect(facts).toContain(
      'More time on what Omar Haddad approved; the old grant ends when you approve',
    )
    expect(facts).toContain('3 min left of the current grant')
  })

  test('far more reveals than peers, a repeated reason and a soft cap make one pause', async () => {
    const facts = await factsOn(
      withContext({
        revealsThirtyDays: 60,
        similarReasons: { own: 4, otherPeople: 2 },
        softCap: { per: 'day', limit: 30 },
      }),
    )
    expect(facts.slice(0, 4)).toEqual([
      'Look twice: Over 30 reveals in a day, so policy leaves it to you',
      'Look twice: 60 reveals in 30 days, far more than their peers (14)',
      'Look twice: Gave nearly the same reason 4 times before in 30 days',
      'Look twice: 2 other people gave the very same reason',
    ])
  })

  test.each([
    ['Break-glass', { isBreakGlass: true }, 'Break-glass: it was open before anybody decided'],
    ['By rule', { automaticRule: 'small' }, 'The rule “small” approved it by itself'],
  ])('a decided request is marked: %s', async (mark, change, fact) => {
    const entry = withContext(change)
    await openQueue(
      [{ ...entry, request: { ...requestApproved, ticketId: 4100 } }],
      '#requests?queue=decided',
    )
    expect(screen.getByText(mark)).toBeTruthy()
    expect(screen.getByText(fact)).toBeTruthy()
  })

  test('who decides for somebody who is away is told so, before and after', async () => {
    const { user, endpoint } = await openQueue([{ ...queued(0), onBehalfOf: lena }])
    expect(
      screen.getByText('You decide on behalf of Lena Fischer, who is out of office.'),
    ).toBeTruthy()
    endpoint.on('POST', '/reveal-requests/*', () =>
      json({
        ...requestApproved,
        fields: [phoneField, cardField],
        decision: { ...requestApproved.decision, onBehalfOf: lena },
      }),
    )
    await user.keyboard('a')
    await settle()
    expect(screen.getByText('Decided on behalf of Lena Fischer.')).toBeTruthy()
  })

  test('the first of two approvals is said with what is still needed', async () => {
    const at = requestApproved.createdAt
    const approvals = [{ by: lena, onBehalfOf: null, at }]
    await openQueue([queued(0, { approvals, approvalsNeeded: 2, isEscalated: true })])
    expect(screen.getByText('1 of 2 approvals. Lena Fischer')).toBeTruthy()
    expect(screen.getByText(/Nobody answered in time/)).toBeTruthy()
  })
})

describe('what time does', () => {
  const moment = (remainingSeconds: number) => ({
    at: '2026-11-20T15:30:00.000Z',
    remainingSeconds,
  })

  test.each([
    ['escalates', { escalation: moment(720) }, /the next circle is asked in 12 min\./],
    ['was reminded of', { remindedAt: '2026-11-20T15:10:00.000Z' }, /^Reminded /],
    ['waits for the hours', { onDuty: moment(1800) }, /the next begin in 30 min\./],
    ['expires', { expiresInSeconds: 7200 }, /Expires in 2 hr\./],
  ])('a request that %s says so', async (_, change, sentence) => {
    await openQueue([queued(0, change)])
    expect(screen.getByText(sentence)).toBeTruthy()
  })
})

describe('by keys alone', () => {
  test('one Tab leads from the list to what decides, and the arrows walk the list', async () => {
    const { user } = await openQueue(FIFTY)
    await user.keyboard('j')
    await user.keyboard('{ArrowDown}{ArrowDown}{ArrowUp}')
    expect(selectedRow()).toEqual(['4102'])
    await user.tab()
    expect(document.activeElement?.textContent).toBe('Approve 15 min')
  })

  test('r revokes what was just approved', async () => {
    const { user, endpoint } = await openQueue([queued(0)])
    endpoint.on('POST', '/reveal-requests/*', () => json(requestApproved))
    endpoint.on('POST', '/grants/*', () => json({ ...grantActive, state: 'revoked' }))
    await user.keyboard('r')
    expect(endpoint.sentTo('POST', '*')).toEqual([])
    await user.keyboard('a')
    await settle()
    await user.keyboard('r')
    await settle()
    expect(endpoint.sentTo('POST', '/grants/*').map(({ path }) => path)).toEqual([
      `/grants/${grantActive.id}/revoke`,
    ])
    expect(screen.getByText(/^Revoked\. /)).toBeTruthy()
  })
})

describe('another queue', () => {
  test('takes the place of the one on screen when it has come, and keeps what was selected', async () => {
    const { user, endpoint } = await openQueue(FIFTY)
    let arrive: (answer: Response) => void = () => undefined
    const answer = new Promise<Response>((resolve) => {
      arrive = resolve
    })
    endpoint.on('GET', '/reveal-requests?queue=pending', () => answer)
    await user.keyboard('jj')
    await user.click(screen.getByRole('button', { name: /^All pending/ }))
    expect(rows()).toHaveLength(50)
    arrive(json(listOf([queued(60), ...FIFTY], 'pending')))
    await settle()
    expect(rows()).toHaveLength(51)
    expect(selectedRow()).toEqual(['4102'])
  })

  test('that cannot be had says so instead of showing the old one', async () => {
    const { user, endpoint } = await openQueue(FIFTY)
    endpoint.on('GET', '/reveal-requests?queue=decided', () => problem('role_not_permitted', 403))
    await user.click(screen.getByRole('button', { name: 'Decided' }))
    await settle()
    expect(screen.queryByRole('list', { name: 'Requests' })).toBeNull()
  })
})
