import { screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { NavBar } from '../../src/app/locations/NavBar.tsx'
import type { AccessReport, PersonAccess } from '../../src/contract/reports.ts'
import { WHY_RULES } from '../../src/core/why.ts'
import type { WhyRule } from '../../src/core/why.ts'
import { json, noNetwork, openEndpointDouble, problem } from './endpoint-double.ts'
import { maya, meCompliance, meLead, omar } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

const lead = { count: 1, roles: ['lead' as const], groups: [] }
const card = {
  fieldId: 'card_number',
  label: 'Card number',
  kind: 'payment_card' as const,
  sensitivityClass: 'restricted' as const,
  protection: 'vaulted' as const,
}
const found = { ...card, fieldId: null, label: '', kind: null, sensitivityClass: 'secret' as const }

const cell = (
  role: 'frontline' | 'lead' | 'compliance' | 'administrator',
  access: 'none' | 'masked' | 'request' | 'reveal',
  change: { rule?: WhyRule; automatic?: string[] } = {},
) => ({ role, access, rule: 'levels' as const, automatic: [], ...change })

const report: AccessReport = {
  policyVersion: 14,
  at: '2026-11-23T10:00:00.000Z',
  tightening: {
    areRevealsPaused: false,
    maxMinutes: null,
    displaySeconds: null,
    minReasonLength: null,
    isCopyForbidden: false,
  },
  isBreakerOpen: false,
  roles: [
    { role: 'frontline', people: 12, waiting: 1 },
    { role: 'lead', people: 2, waiting: 0 },
    { role: 'compliance', people: 1, waiting: 0 },
    { role: 'administrator', people: 1, waiting: 0 },
  ],
  fields: [
    {
      ...card,
      cells: [
        cell('frontline', 'request', { automatic: ['Own tickets'] }),
        cell('lead', 'reveal', { rule: 'matrix' }),
        cell('compliance', 'masked', { rule: 'matrix' }),
        cell('administrator', 'none', { rule: 'matrix' }),
      ],
      levels: [{ ...lead, people: 2 }],
      displaySeconds: 60,
      exceptions: [
        { holder: maya, effect: 'reveal', owner: omar, expiresAt: '2026-12-01T09:00:00.000Z' },
      ],
    },
    {
      ...found,
      cells: [
        cell('frontline', 'request'),
        cell('lead', 'request'),
        cell('compliance', 'none', { rule: 'matrix' }),
        cell('administrator', 'none', { rule: 'matrix' }),
      ],
      levels: [{ ...lead, people: 2 }],
      displaySeconds: 30,
      exceptions: [],
    },
  ],
  maxMinutes: 30,
  uses: 3,
  mayExport: true,
}

const ofMaya: PersonAccess = {
  person: maya,
  roles: ['frontline'],
  waitingRoles: ['lead'],
  groups: ['Billing'],
  policyVersion: 14,
  fields: [
    { ...card, access: 'request', why: { rule: 'levels', next: 'ask' }, levels: [lead] },
    { ...found, access: 'none', why: { rule: 'matrix', next: 'ask_colleague' }, levels: [lead] },
  ],
}

async function openReport(
  answer: AccessReport | (() => Promise<Response> | Response) = report,
  hash = '',
  me = meCompliance,
) {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/me', () => json(me))
  endpoint.on('GET', '/reports/access', typeof answer === 'function' ? answer : () => json(answer))
  endpoint.on('GET', '/reports/access/people?name=*', () =>
    json({
      people: [{ person: maya, roles: ['frontline'], waitingRoles: [], groups: ['Billing'] }],
      isComplete: false,
    }),
  )
  endpoint.on('GET', `/reports/access/people/${maya.id}`, () => json(ofMaya))
  const app = await openApp(NavBar, { endpoint, ticketId: null, hash: `access${hash}` })
  close = app.host.close
  await waitFor(() => expect(endpoint.sentTo('GET', '/reports/access')).not.toEqual([]))
  await settle()
  return { ...app, endpoint }
}

const rows = () => within(screen.getByRole('table')).getAllByRole<HTMLTableRowElement>('row')
const words = (row: HTMLTableRowElement | undefined) =>
  [...(row?.cells ?? [])].map(({ textContent }) => textContent)

describe('roles', () => {
  test('a column a role says what it may do, and who holds it', async () => {
    await openReport()
    const [head, first, second] = rows()
    expect(words(head)).toEqual([
      'Field',
      'Frontline12 people, 1 waits',
      'Lead2 people',
      'Compliance1 person',
      'Administrator1 person',
      'Approval',
    ])
    expect(words(first).slice(0, 5)).toEqual([
      'Card numberrestricted',
      'AsksPossibly by rule: Own tickets',
      'Sees, with a reason',
      'Mask',
      'Nothing',
    ])
    expect(words(first)[5]).toMatch(
      /^1 approval \(lead\)2 people could1 min on screen at a timeMaya Rivera: Sees, with a reason, until Dec 1/,
    )
    expect(words(second)[0]).toBe('Values found in tickets and notessecret')
  })

  test('a filter narrows it and stays in the address', async () => {
    await openReport()
    await userEvent.selectOptions(screen.getByLabelText('Class'), 'secret')
    expect(window.location.hash).toBe('#access?class=secret')
    expect(rows()).toHaveLength(2)
  })

  test('says what app settings and the breaker make tighter', async () => {
    await openReport({
      ...report,
      isBreakerOpen: true,
      tightening: {
        areRevealsPaused: true,
        maxMinutes: 5,
        displaySeconds: 15,
        minReasonLength: 20,
        isCopyForbidden: true,
      },
      fields: report.fields.map((field) => ({
        ...field,
        cells: field.cells.map((each) => ({ ...each, rule: 'pause' as const })),
      })),
    })
    const notes = within(
      screen.getByText(/App settings end every grant/).closest('ul') as HTMLElement,
    )
    expect(notes.getAllByRole('listitem')).toHaveLength(6)
    expect(screen.getAllByText('Reveals are paused.').length).toBeGreaterThan(0)
  })
})

describe('one person', () => {
  test('is found by name, and shown with the rule behind each field', async () => {
    const { endpoint } = await openReport()
    await userEvent.type(screen.getByLabelText('One person'), 'may')
    await waitFor(() => expect(endpoint.sent.at(-1)?.path).toBe('/reports/access/people?name=may'))
    await settle()
    expect(screen.getByText(/Type more of the name/)).toBeTruthy()
    await userEvent.click(screen.getByRole('button', { name: maya.name }))
    await settle()
    expect(window.location.hash).toBe('#access?person=101')
    expect(screen.getByRole('heading', { name: maya.name })).toBeTruthy()
    expect(screen.getByText('Waiting for a confirmation: lead')).toBeTruthy()
    expect(words(rows()[1])).toEqual([
      'Card numberrestricted',
      'Asks',
      'It takes 1 approval (lead).',
    ])
    await userEvent.click(screen.getByRole('button', { name: 'All roles' }))
    expect(window.location.hash).toBe('#access')
    expect(words(rows()[0])).toHaveLength(6)
  })

  test('one letter asks nobody', async () => {
    const { endpoint } = await openReport()
    await userEvent.type(screen.getByLabelText('One person'), 'm ')
    await settle()
    expect(endpoint.sentTo('GET', '/reports/access/people*')).toEqual([])
  })

  test('opens as its address says, and takes no nonsense from it', async () => {
    const { endpoint } = await openReport(report, '?person=101&class=nonsense')
    expect(endpoint.sent.at(-1)?.path).toBe('/reports/access/people/101')
    expect(window.location.hash).toBe('#access?person=101')
  })

  test('no rule is without words', async () => {
    for (const rule of WHY_RULES) {
      const endpoint = openEndpointDouble()
      endpoint.on('GET', '/me', () => json(meCompliance))
      endpoint.on('GET', '/reports/access', () => json(report))
      endpoint.on('GET', '/reports/access/people/101', () =>
        json({
          ...ofMaya,
          fields: [
            {
              ...card,
              access: 'request',
              levels: [lead],
              why: {
                rule,
                next: 'ask',
                label: 'Own tickets',
                exception: { owner: omar, expiresAt: '2026-12-01T09:00:00.000Z' },
              },
            },
          ],
        }),
      )
      const app = await openApp(NavBar, { endpoint, ticketId: null, hash: 'access?person=101' })
      await settle()
      expect(words(rows()[1])[2]).toMatch(/^[A-Z“].*\.$/)
      expect(words(rows()[1])[2]).not.toMatch(/access\./)
      app.host.close()
      app.unmount()
    }
  })
})

describe('the file', () => {
  let saved: string[] = []
  beforeEach(() => {
    saved = []
    URL.createObjectURL = (blob) => {
      void (blob as Blob).text().then((text) => saved.push(text))
      return 'blob:of-this-test'
    }
    URL.revokeObjectURL = () => undefined
  })

  test.each([
    ['Export roles', '', { by: 'role' }],
    ['Export everybody', '?class=secret', { by: 'person', sensitivityClass: 'secret' }],
    ['Export this person', '?person=101', { by: 'person', reportedPersonId: 101 }],
  ])('%s', async (button, hash, body) => {
    const { endpoint } = await openReport(report, hash)
    endpoint.on('POST', '/reports/access/exports', () =>
      json({ csv: 'person_id\r\n', rows: 2, isComplete: false }),
    )
    await userEvent.click(screen.getByRole('button', { name: button }))
    await settle()
    expect(endpoint.sentTo('POST', '/reports/access/exports')[0]?.body).toEqual(body)
    await waitFor(() => expect(saved).toEqual(['person_id\r\n']))
    expect(
      screen.getByText(/2 rows exported\. The log has it\..*more than one export/),
    ).toBeTruthy()
  })

  test('is not offered to a lead', async () => {
    await openReport({ ...report, mayExport: false }, '', meLead)
    expect(screen.queryByRole('button', { name: /^Export/ })).toBeNull()
  })

  test('a refusal is said', async () => {
    const { endpoint } = await openReport()
    endpoint.on('POST', '/reports/access/exports', () => problem('role_not_permitted', 403))
    await userEvent.click(screen.getByRole('button', { name: 'Export roles' }))
    await settle()
    expect(screen.getByText(/Your role does not include this/)).toBeTruthy()
  })
})

test('a report that is refused, and one that is out of reach, say so', async () => {
  await openReport(() => problem('role_not_permitted', 403))
  expect(screen.getByText('Your role does not include this.')).toBeTruthy()
  close?.()
  document.body.replaceChildren()
  await openReport(noNetwork)
  expect(screen.getByText(/cannot reach its server/)).toBeTruthy()
})
