import { screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, describe, expect, test } from 'vitest'
import { TicketSidebar } from '../../src/app/locations/TicketSidebar.tsx'
import type {
  ProtectedFieldList,
  ProtectedFieldView,
  WhyMasked,
} from '../../src/contract/protected-fields.ts'
import { FIELD_KINDS } from '../../src/core/protected-field.ts'
import { WHY_NEXTS, WHY_RULES } from '../../src/core/why.ts'
import { json, openEndpointDouble } from './endpoint-double.ts'
import { cardField, lena, listMasked, omar, requestPending } from './fixtures.ts'
import { openApp, settle } from './open-app.tsx'

let close: (() => void) | undefined
afterEach(() => close?.())

async function openWhy(
  change: Partial<ProtectedFieldView>,
  list: Partial<ProtectedFieldList> = {},
) {
  const endpoint = openEndpointDouble()
  const fields = [{ ...cardField, ...change }]
  endpoint.on('GET', '/tickets/4001/protected-fields', () =>
    json({ ...listMasked, ...list, fields }),
  )
  const app = await openApp(TicketSidebar, { endpoint })
  close = app.host.close
  await userEvent.click(await screen.findByRole('button', { name: /^Why\?/ }))
  await settle()
  return screen.getByRole('note')
}

const no = (code: 'role_not_permitted' | 'field_not_visible' | 'power_waits') => ({
  mayAsk: { allowed: false as const, code },
})

describe('"Why?" says which rule decides and what to do', () => {
  const cases: [
    string,
    Partial<ProtectedFieldView>,
    Partial<ProtectedFieldList>,
    RegExp,
    RegExp,
  ][] = [
    [
      'the levels, and who could decide now',
      { why: { rule: 'levels', next: 'ask' } },
      {},
      /restricted, so the ticket only shows what is needed .* takes 1 approval \(lead\)\./,
      /Omar and Lena can decide right now\./,
    ],
    [
      'two levels, one of a group',
      { why: { rule: 'levels', next: 'ask' } },
      {
        classes: [
          {
            sensitivityClass: 'restricted',
            askers: ['frontline'],
            levels: [
              { count: 1, roles: ['lead'], groups: [], people: [omar] },
              { count: 2, roles: ['compliance'], groups: ['Fraud'], people: [lena] },
            ],
          },
        ],
      },
      /takes 1 approval \(lead\) and 2 approvals \(compliance, Fraud\)\./,
      /Omar can decide right now\./,
    ],
    [
      'nobody on duty before tomorrow',
      { why: { rule: 'levels', next: 'ask_and_wait' } },
      { form: { ...listMasked.form, onDutyAt: '2026-11-23T08:00:00.000Z' } },
      /takes 1 approval/,
      /decisions are made again from Nov 23/,
    ],
    [
      'the matrix: a mask and no more',
      {
        ...no('role_not_permitted'),
        access: 'masked',
        why: { rule: 'matrix', next: 'ask_colleague' },
      },
      { roles: ['compliance'] },
      /Your role \(compliance\) sees a mask of restricted fields and cannot ask/,
      /somebody whose role may: frontline, lead\./,
    ],
    [
      'the matrix: nothing at all',
      {
        ...no('field_not_visible'),
        access: 'none',
        masked: null,
        why: { rule: 'matrix', next: 'ask_colleague' },
      },
      { roles: ['administrator'] },
      /Your role \(administrator\) does not see restricted fields\./,
      /somebody whose role may/,
    ],
    [
      'no role at all',
      {
        ...no('field_not_visible'),
        access: 'none',
        why: { rule: 'matrix', next: 'ask_colleague' },
      },
      { roles: [] },
      /You have no role in Scrim/,
      /somebody whose role may/,
    ],
    [
      'new power',
      { ...no('power_waits'), access: 'none', why: { rule: 'power', next: 'have_confirmed' } },
      { roles: [], waitingRoles: ['lead'] },
      /Your new role \(lead\) waits for a second person/,
      /Ask an administrator or a compliance officer/,
    ],
    [
      'an exception',
      {
        access: 'reveal',
        why: {
          rule: 'exception',
          next: 'give_reason',
          exception: { owner: omar, expiresAt: '2026-12-01T09:00:00.000Z' },
        },
      },
      {},
      /An exception that Omar Haddad answers for shows it to you .* until Dec 1/,
      /you see it at once/,
    ],
    [
      'an automatic rule',
      { why: { rule: 'rule', next: 'give_reason', label: 'Own tickets by day' } },
      {},
      /The rule “Own tickets by day” shows it to you/,
      /you see it at once/,
    ],
    [
      'a hard cap',
      {
        mayAsk: { allowed: false, code: 'reveal_cap_reached', limit: 30 },
        why: {
          rule: 'hard_cap',
          next: 'wait',
          cap: { per: 'hour', limit: 30, remainingSeconds: 600 },
        },
      },
      {},
      /You have seen 30 values within an hour, the most that policy allows\./,
      /Wait 10 min, or ask a lead/,
    ],
    [
      'a soft cap',
      {
        why: {
          rule: 'soft_cap',
          next: 'ask',
          cap: { per: 'customers', limit: 15, remainingSeconds: 600 },
        },
      },
      {},
      /values of 15 customers within a day, so now it takes 1 approval \(lead\)\./,
      /can decide right now/,
    ],
    [
      'nobody who could',
      { why: { rule: 'nobody', next: 'ask_administrator' } },
      {},
      /there is nobody who could give that on this ticket/,
      /Tell an administrator/,
    ],
  ]
  test.each(cases)('%s', async (_, field, list, reason, next) => {
    const note = await openWhy(field, list)
    expect(note.textContent).toMatch(reason)
    expect(note.textContent).toMatch(next)
  })

  test('a refusal that the rules do not explain is said as itself', async () => {
    const note = await openWhy({
      mayAsk: { allowed: false, code: 'circuit_open' },
      why: { rule: 'levels', next: 'ask' },
    })
    expect(note.textContent).toMatch(/stopped all reveals of the account/)
  })

  test('no rule and no next step is without words', async () => {
    for (const rule of WHY_RULES) {
      for (const next of WHY_NEXTS) {
        const cap: WhyMasked['cap'] = { per: 'day', limit: 3, remainingSeconds: 60 }
        const note = await openWhy({
          why: { rule, next, cap },
          mayAsk: { allowed: false, code: 'ticket_solved' },
        })
        const [reason, step] = within(note).getAllByRole('paragraph')
        expect(reason?.textContent).toMatch(/\.$/)
        expect(step?.textContent).toMatch(/\.$/)
        close?.()
        document.body.replaceChildren()
      }
    }
  })
})

describe('each kind has a lesson', () => {
  test.each(FIELD_KINDS)('%s', async (kind) => {
    const note = await openWhy({ kind })
    await userEvent.click(within(note).getByRole('button', { name: /^What to know about it/ }))
    const points = within(note).getAllByRole('definition')
    expect(points).toHaveLength(3)
    for (const point of points) expect(point.textContent).toMatch(/\.$/)
  })

  test('a document is not checked by what somebody says', async () => {
    const note = await openWhy({ kind: 'identity_document', contentType: 'image/png' })
    await userEvent.click(within(note).getByRole('button', { name: /^What to know about it/ }))
    expect(within(note).queryByText('Without seeing it')).toBeNull()
  })
})

test('a request that waits says why, too', async () => {
  const endpoint = openEndpointDouble()
  endpoint.on('GET', '/tickets/4001/protected-fields', () =>
    json({ ...listMasked, requests: [requestPending] }),
  )
  const app = await openApp(TicketSidebar, { endpoint })
  close = app.host.close
  const row = screen.getByText('Passport', { selector: 'h2' }).closest('li') as HTMLElement
  await userEvent.click(within(row).getByRole('button', { name: /^Why\?/ }))
  await settle()
  expect(within(row).getByRole('note').textContent).toMatch(/secret, so the ticket shows nothing/)
})
