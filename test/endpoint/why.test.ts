/** What the endpoint says of why a field is masked is what asking for it would come to. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { FULL_MASK } from '../../src/core/mask.ts'
import type { Policy } from '../../src/core/policy.ts'
import type { Why } from '../../src/core/why.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { circuitBreakers, exceptions } from '../../src/storage/schema.ts'
import { gate, policyWith } from '../support/approvals.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { activate, putIntoGroups } from '../support/powers.ts'
import { asking, fieldsOf, putValue, revealed, startGranted } from '../support/story.ts'

const BILLING = 201
const LEADS = 203

async function cardOf(caller: Caller) {
  const list = await fieldsOf(caller)
  const card = list.fields.find(({ fieldId }) => fieldId === 'card_number')
  if (card === undefined) throw new Error('no card')
  return { ...card, list }
}

async function started(policy: Policy = sandboxPolicy, by = MAYA) {
  const endpoint = await startEndpoint({ policy })
  await putValue(await endpoint.signIn(MAYA))
  return { endpoint, caller: await endpoint.signIn(by) }
}

const withMatrix = (restricted: 'none' | 'masked' | 'request' | 'reveal'): Policy => ({
  ...sandboxPolicy,
  matrix: {
    ...sandboxPolicy.matrix,
    frontline: { ...sandboxPolicy.matrix.frontline, restricted },
  },
})

const rule: Policy['automatic'][number] = {
  id: 'own_tickets',
  label: 'Own tickets',
  roles: ['frontline'],
  classes: ['restricted'],
  isWithinHoursOnly: false,
  isAssigneeOnly: true,
  perPersonPerDay: 1,
  minutes: 5,
}

function addException({ deps }: TestEndpoint, change: Partial<typeof exceptions.$inferInsert>) {
  return deps.database.orm.insert(exceptions).values({
    id: randomUUID(),
    account: deps.account.id,
    personId: MAYA,
    sensitivityClass: 'restricted',
    effect: 'request',
    why: 'Chargebacks until the new tool is there',
    ownerId: OMAR,
    state: 'active',
    createdBy: SAM_ADMINISTRATOR,
    createdAt: deps.now(),
    expiresAt: new Date(deps.now().getTime() + 86_400_000),
    decidedBy: INGRID_COMPLIANCE,
    decidedAt: deps.now(),
    ...change,
  })
}

describe('the rule that decides', () => {
  it('is the levels, with the people of each', async () => {
    const { caller } = await started(policyWith([gate(1, ['lead']), gate(1, ['compliance'])]))
    const { why, list } = await cardOf(caller)
    expect(why).toEqual({ rule: 'levels', next: 'ask' })
    const restricted = list.classes.find((each) => each.sensitivityClass === 'restricted')
    expect(restricted?.askers).toEqual(['frontline', 'lead'])
    expect(restricted?.levels).toMatchObject([
      { count: 1, roles: ['lead'], people: [{ id: OMAR }] },
      { count: 1, roles: ['compliance'], people: [{ id: INGRID_COMPLIANCE }] },
    ])
    expect(list.roles).toEqual(['frontline'])
  })

  it('names groups as Zendesk does, and their people', async () => {
    const { caller } = await started(policyWith([gate(1, [], { groupIds: [BILLING, 999] })]))
    const { list } = await cardOf(caller)
    const [level] = list.classes[0]?.levels ?? []
    expect(level?.groups).toEqual(['Billing', '#999'])
    expect(level?.people.map(({ id }) => id)).toContain(TOMAS)
  })

  it.each<[string, Policy, Why, boolean]>([
    [
      'the matrix shows nothing',
      withMatrix('none'),
      { rule: 'matrix', next: 'ask_colleague' },
      false,
    ],
    [
      'the matrix shows a mask',
      withMatrix('masked'),
      { rule: 'matrix', next: 'ask_colleague' },
      false,
    ],
    ['the matrix reveals', withMatrix('reveal'), { rule: 'matrix', next: 'give_reason' }, true],
    [
      'nobody could approve',
      policyWith([gate(5, ['lead'])]),
      { rule: 'nobody', next: 'ask_administrator' },
      true,
    ],
    [
      'nobody decides at night',
      {
        ...sandboxPolicy,
        deciding: {
          ...sandboxPolicy.deciding,
          hours: {
            timeZone: 'UTC',
            weekly: [{ days: [2], from: '08:00', to: '16:00' }],
            holidays: [],
          },
        },
      },
      { rule: 'levels', next: 'ask_and_wait' },
      true,
    ],
  ])('%s', async (_, policy, why, mayAsk) => {
    const endpoint = await startEndpoint({ policy })
    const maya = await endpoint.signIn(MAYA)
    // Who may not ask may not take in: a lead does.
    await putValue(await endpoint.signIn(OMAR))
    const card = await cardOf(maya)
    expect(card.why).toMatchObject(why)
    expect(card.mayAsk.allowed).toBe(mayAsk)
  })

  it('says when somebody is on duty again', async () => {
    const hours = {
      timeZone: 'UTC',
      weekly: [{ days: [2], from: '08:00', to: '16:00' }],
      holidays: [],
    }
    const { caller } = await started({
      ...sandboxPolicy,
      deciding: { ...sandboxPolicy.deciding, hours },
    })
    // The tests' clock starts on a Monday.
    expect((await cardOf(caller)).list.form.onDutyAt).toBe('2026-11-24T08:00:00.000Z')
  })

  it('is an exception, with its owner, while it holds', async () => {
    const endpoint = await startEndpoint({ policy: withMatrix('none') })
    await putValue(await endpoint.signIn(OMAR))
    await addException(endpoint, {})
    const maya = await endpoint.signIn(MAYA)
    const card = await cardOf(maya)
    expect(card).toMatchObject({
      access: 'request',
      masked: '•••• •••• •••• 4242',
      mayAsk: { allowed: true },
      why: { rule: 'levels', next: 'ask', exception: { owner: { id: OMAR } } },
    })
    endpoint.clock.advance(86_400)
    const later = await cardOf(await endpoint.signIn(MAYA))
    expect(later).toMatchObject({ access: 'none', masked: FULL_MASK, why: { rule: 'matrix' } })
  })

  it('is an automatic rule as long as its count of the day lasts, and asking comes to just that', async () => {
    const endpoint = await startEndpoint({ policy: { ...sandboxPolicy, automatic: [rule] } })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    expect((await cardOf(maya)).why).toEqual({
      rule: 'rule',
      next: 'give_reason',
      label: 'Own tickets',
    })
    const asked = await maya.post('/api/reveal-requests', asking())
    expect(JSON.parse(asked.text)).toMatchObject({ state: 'approved' })
    expect((await cardOf(maya)).why).toEqual({ rule: 'levels', next: 'ask' })
  })

  it('does not speak of a rule for the assignee to somebody else', async () => {
    const { caller } = await started({ ...sandboxPolicy, automatic: [rule] }, TOMAS)
    expect((await cardOf(caller)).why.rule).toBe('levels')
  })

  it('is the soft cap where policy would have approved, and the hard cap from there on', async () => {
    const cap = { perHour: null, perDay: null, customersPerDay: null }
    const endpoint = await startEndpoint({
      policy: {
        ...sandboxPolicy,
        automatic: [{ ...rule, perPersonPerDay: 9 }],
        caps: { soft: { ...cap, perHour: 1 }, hard: { ...cap, perHour: 2 }, accountPerHour: null },
      },
    })
    const { maya, grantId } = await startGranted(endpoint, { minutes: 5 }).catch(async () => {
      // The rule approves before Omar can.
      const caller = await endpoint.signIn(MAYA)
      const list = await fieldsOf(caller)
      return { maya: caller, grantId: list.grants[0]?.id ?? '' }
    })
    await revealed(maya, grantId)
    expect((await cardOf(maya)).why).toMatchObject({
      rule: 'soft_cap',
      next: 'ask',
      cap: { per: 'hour', limit: 1 },
    })
    endpoint.clock.advance(61)
    await revealed(maya, grantId)
    const card = await cardOf(maya)
    expect(card.why).toMatchObject({ rule: 'hard_cap', next: 'wait', cap: { limit: 2 } })
    expect(card.mayAsk).toMatchObject({ allowed: false, code: 'reveal_cap_reached' })
    const refused = await maya.post('/api/reveal-requests', asking())
    expect(refused.problem().code).toBe('reveal_cap_reached')
  })

  it('is the circuit breaker while it is open', async () => {
    const { endpoint, caller } = await started()
    await endpoint.deps.database.orm.insert(circuitBreakers).values({
      id: randomUUID(),
      account: endpoint.deps.account.id,
      openedAt: endpoint.clock.now(),
      count: 500,
    })
    const card = await cardOf(caller)
    expect(card.why).toMatchObject({ rule: 'breaker', next: 'wait' })
    expect(card.mayAsk).toMatchObject({ allowed: false, code: 'circuit_open' })
  })

  it('is power that nobody has confirmed: masks, and nothing else', async () => {
    const policy: Policy = {
      ...withMatrix('none'),
      matrix: { ...withMatrix('none').matrix, lead: sandboxPolicy.matrix.lead },
    }
    const endpoint = await startEndpoint({ policy })
    await putValue(await endpoint.signIn(OMAR))
    await activate(endpoint)
    await putIntoGroups(endpoint, MAYA, [BILLING, LEADS])
    const card = await cardOf(await endpoint.signIn(MAYA))
    expect(card).toMatchObject({
      masked: '•••• •••• •••• 4242',
      mayAsk: { allowed: false, code: 'power_waits' },
      why: { rule: 'power', next: 'have_confirmed' },
    })
    expect(card.list.waitingRoles).toEqual(['lead'])
  })

  it('is the ticket where it is solved', async () => {
    const { endpoint, caller } = await started({
      ...sandboxPolicy,
      reasons: sandboxPolicy.reasons.map((reason) => ({ ...reason, isForSolvedTickets: false })),
    })
    endpoint.zendesk.changeTicket(4001, { status: 'solved' })
    expect((await cardOf(caller)).why).toEqual({ rule: 'ticket', next: 'reopen_ticket' })
  })

  it('names delegates among the people who could decide', async () => {
    const { endpoint, caller } = await started()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const lent = await omar.post('/api/delegations', {
      toId: LENA,
      startsAt: '2026-11-23T10:00:00.000Z',
      endsAt: '2026-11-30T10:00:00.000Z',
      reasonText: 'Away at a conference this week',
    })
    expect(lent.status).toBe(200)
    const { list } = await cardOf(caller)
    const people = list.classes.flatMap(({ levels }) => levels.flatMap((level) => level.people))
    // Lena may not open this ticket, so what is lent to her opens nothing here.
    expect(new Set(people.map(({ id }) => id))).toEqual(new Set([OMAR]))
  })
})
