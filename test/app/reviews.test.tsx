import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { BreakGlassList, BreakGlassUse } from '../../src/contract/break-glass.ts'
import type { PowerList, UnconfirmedPower } from '../../src/contract/powers.ts'
import type { Me } from '../../src/contract/session.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import {
  cardField,
  lena,
  maya,
  meCompliance,
  meFrontline,
  meLead,
  omar,
  tomas,
} from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

const newLead: UnconfirmedPower = {
  person: tomas,
  power: 'group_203',
  groupName: 'Escalation leads',
  state: 'waiting',
  firstSeenAt: '2026-11-23T10:00:00.000Z',
  ageSeconds: 600,
  roles: ['lead'],
  asks: ['confidential'],
  decides: ['confidential', 'restricted'],
  declined: null,
  mayDecide: { allowed: true },
}
const emergency: BreakGlassUse = {
  id: '00000000-0000-4000-8000-0000000000b1',
  person: maya,
  ticketId: 4001,
  fields: [cardField],
  reasonCode: 'refund',
  reasonLabel: 'Refund',
  reasonText: 'The customer is being defrauded right now',
  at: '2026-11-23T10:00:00.000Z',
  ageSeconds: 1200,
  isActive: false,
  reveals: 1,
  skipped: [omar, lena],
  review: null,
  mayReview: { allowed: true },
}
const reviewed: BreakGlassUse = {
  ...emergency,
  id: '00000000-0000-4000-8000-0000000000b2',
  review: {
    outcome: 'training_needed',
    comment: 'A call to the lead would have done',
    by: { id: 106, name: 'Ingrid Solberg' },
    at: '2026-11-22T10:00:00.000Z',
    ageSeconds: 90_000,
  },
  mayReview: { allowed: false, code: 'review_not_found' },
}
const running = {
  id: emergency.id,
  person: maya,
  ticketId: 4001,
  fields: [cardField],
  remainingSeconds: 552,
}

async function openReviews(
  answers: {
    powers?: UnconfirmedPower[]
    glass?: Partial<BreakGlassList>
    me?: Me
    hash?: string
  } = {},
) {
  const endpoint = openEndpointDouble()
  let powers: PowerList = { powers: answers.powers ?? [] }
  let glass: BreakGlassList = { active: [], uses: [], ...answers.glass }
  endpoint.on('GET', '/me', () => json(answers.me ?? meCompliance))
  endpoint.on('GET', '/powers', () => json(powers))
  endpoint.on('GET', '/break-glass', () => json(glass))
  const app = await openApp(NavBar, {
    endpoint,
    ticketId: null,
    hash: answers.hash ?? 'reviews',
  })
  close = app.host.close
  await settle()
  return {
    ...app,
    endpoint,
    becomes: (next: { powers?: UnconfirmedPower[]; uses?: BreakGlassUse[] }) => {
      if (next.powers !== undefined) powers = { powers: next.powers }
      if (next.uses !== undefined) glass = { ...glass, uses: next.uses }
    },
  }
}

const button = (name: string | RegExp) => screen.getByRole('button', { name })

describe('new roles', () => {
  test('say who holds what, since when, and what it would give', async () => {
    await openReviews({ powers: [newLead] })
    const [row] = within(screen.getByRole('region', { name: 'New roles' })).getAllByRole('listitem')
    if (row === undefined) throw new Error('no row')
    expect(within(row).getByRole('heading', { name: 'Tomás Vidal' })).toBeTruthy()
    for (const text of [
      'Seen 10 min ago',
      'Is new in the group Escalation leads.',
      'May then ask to see values that are confidential.',
      'May then decide on requests for values that are confidential and restricted.',
    ]) {
      expect(within(row).getByText(text)).toBeTruthy()
    }
  })

  test.each([
    ['admin', ['administrator'], 'Is an administrator of this account now.'],
    ['agent', ['frontline'], 'Is an agent of this account now.'],
    ['custom_role_401', ['lead'], 'Has the custom role #401 now.'],
  ] as const)('are named as Zendesk names them: %s', async (power, roles, sentence) => {
    await openReviews({ powers: [{ ...newLead, power, roles: [...roles], groupName: null }] })
    expect(screen.getByText(sentence)).toBeTruthy()
  })

  test('are confirmed after a sentence that says what follows', async () => {
    const { endpoint, becomes } = await openReviews({ powers: [newLead] })
    endpoint.on('POST', '/people/102/powers/group_203/confirm', () => {
      becomes({ powers: [] })
      return json({ powers: [] })
    })
    await userEvent.click(button(/^Confirm/))
    expect(endpoint.sentTo('POST', '*')).toEqual([])
    expect(screen.getByText(/^Tomás Vidal may do this from now on\./)).toBeTruthy()
    await userEvent.keyboard('{Enter}')
    await settle()
    expect(screen.getByText('No role waits.')).toBeTruthy()
    expect(screen.getByText('Confirmed: Tomás Vidal.')).toBeTruthy()
  })

  test('are declined, and a refusal stays beside what was tried', async () => {
    const { endpoint } = await openReviews({ powers: [newLead] })
    endpoint.on('POST', '/people/102/powers/group_203/decline', () =>
      problem('power_not_found', 404),
    )
    await userEvent.click(button(/^Decline/))
    expect(screen.getByText(/^Tomás Vidal keeps what they had/)).toBeTruthy()
    await userEvent.click(button(/^Decline/))
    await settle()
    expect(screen.getByRole('alert').textContent).toContain(
      'This role does not wait for a confirmation.',
    )
    await userEvent.click(button('Cancel'))
    expect(screen.queryByRole('alert')).toBeNull()
  })

  test('that were declined say by whom, and can still be confirmed', async () => {
    const by = { id: 107, name: 'Sam Okafor' }
    const declined = { by, at: '2026-11-23T10:05:00.000Z', ageSeconds: 300 }
    await openReviews({ powers: [{ ...newLead, state: 'declined', declined }] })
    expect(screen.getByText('Declined by Sam Okafor, 5 min ago.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /^Decline/ })).toBeNull()
    expect(button(/^Confirm/)).toBeTruthy()
  })

  test('of one’s own need somebody else', async () => {
    const mayDecide = { allowed: false, code: 'second_person_needed' } as const
    await openReviews({ powers: [{ ...newLead, mayDecide }] })
    expect(screen.getByText('This needs a second person: it is yours.')).toBeTruthy()
    expect(screen.queryByRole('button', { name: /^Confirm/ })).toBeNull()
  })

  test('say so when nothing waits, and when the server is out of reach', async () => {
    const { endpoint } = await openReviews()
    expect(screen.getByText('No role waits.')).toBeTruthy()
    expect(screen.getByText('Nobody has broken the glass.')).toBeTruthy()
    close?.()
    document.body.innerHTML = ''
    endpoint.on('GET', '/powers', noNetwork)
    const again = await openApp(NavBar, { endpoint, ticketId: null, hash: 'reviews' })
    close = again.host.close
    await settle()
    expect(screen.getByText('Scrim cannot reach its server. Values stay masked.')).toBeTruthy()
  })
})

describe('emergencies', () => {
  test('say who saw what, why, how often, and whom they skipped', async () => {
    await openReviews({ glass: { uses: [emergency] } })
    for (const text of [
      /Maya Rivera → Card number/,
      'The customer is being defrauded right now',
      'Shown once. Skipped Omar Haddad and Lena Fischer.',
      '20 min ago',
    ]) {
      expect(screen.getByText(text)).toBeTruthy()
    }
  })

  test('are reviewed with an outcome and a comment, and without either they are not', async () => {
    const { endpoint, becomes } = await openReviews({ glass: { uses: [emergency] } })
    endpoint.on('POST', `/break-glass/${emergency.id}/review`, () => {
      becomes({ uses: [{ ...reviewed, id: emergency.id }] })
      return json({ active: [], uses: [] })
    })
    await userEvent.click(button(/^Review/))
    await userEvent.click(button('Save review'))
    expect(screen.getByText('Choose what it was.')).toBeTruthy()
    expect(screen.getByText('Say what you found, so that it can be understood later.')).toBeTruthy()
    expect(endpoint.sentTo('POST', '*')).toEqual([])
    await userEvent.click(screen.getByRole('radio', { name: 'Training needed' }))
    await userEvent.type(screen.getByLabelText('What did you find?'), 'A call would have done')
    expect(screen.getByText(/can break the glass again/)).toBeTruthy()
    await userEvent.click(button('Save review'))
    await settle()
    expect(endpoint.sentTo('POST', '*')[0]?.body).toEqual({
      outcome: 'training_needed',
      comment: 'A call would have done',
    })
    expect(screen.getByText(/^Training needed: Ingrid Solberg/)).toBeTruthy()
    expect(screen.queryByRole('button', { name: /^Review/ })).toBeNull()
  })

  test('wait until they are over, for compliance, and for somebody else', async () => {
    const uses = [
      { ...emergency, isActive: true },
      {
        ...emergency,
        id: '00000000-0000-4000-8000-0000000000b3',
        mayReview: { allowed: false, code: 'second_person_needed' } as const,
      },
      {
        ...emergency,
        id: '00000000-0000-4000-8000-0000000000b4',
        mayReview: { allowed: false, code: 'role_not_permitted' } as const,
      },
    ]
    await openReviews({ glass: { uses } })
    for (const text of [
      'It goes on. It can be reviewed when it is over.',
      'Nobody reviews their own emergency.',
      'Compliance reviews it.',
    ]) {
      expect(screen.getByText(text)).toBeTruthy()
    }
    expect(screen.queryByRole('button', { name: /^Review/ })).toBeNull()
  })

  test('stand above every tab while they last', async () => {
    await openReviews({ glass: { active: [running] }, me: meLead, hash: 'grants' })
    expect(screen.getByText('Maya Rivera has broken the glass for Card number.')).toBeTruthy()
    expect(screen.getByText('9:12 left')).toBeTruthy()
    expect(screen.getByText('You can end it under Active grants.')).toBeTruthy()
  })

  test('are not asked about for those who are not told of them', async () => {
    const { endpoint } = await openReviews({ me: meFrontline })
    expect(endpoint.sentTo('GET', '/break-glass')).toEqual([])
  })
})

describe('a role that waits', () => {
  test('is said to whom it belongs, with what they can do', async () => {
    await openReviews({ me: { ...meFrontline, roles: [], waitingRoles: ['lead'] } })
    expect(screen.getByText(/^Your role lead is new/)).toBeTruthy()
    expect(screen.getByText(/^Ask an administrator/)).toBeTruthy()
  })
})
