/** Random stories of a desk, played to the endpoint and to a model of two hundred lines: both agree. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { verifyAuditLog } from '../../src/storage/audit-log.ts'
import { INGRID_COMPLIANCE, LENA, OMAR } from '../support/endpoint.ts'
import { Desk, PEOPLE, RULES } from './desk-driver.ts'
import { DeskModel } from './desk-model.ts'

type Step = fc.AsyncCommand<DeskModel, Desk>

/** A step that may be refused: both desks have to say the same, and stand alike afterwards. */
function step(
  name: string,
  play: (model: DeskModel, desk: Desk) => Promise<{ expected: unknown; found: unknown }>,
): Step {
  return {
    check: () => true,
    run: async (model, desk) => {
      const { expected, found } = await play(model, desk)
      expect({ [name]: found }).toEqual({ [name]: expected })
      const { asks, grants } = await desk.state()
      expect(asks).toEqual(model.asks.map(({ state }) => state))
      expect(grants).toEqual(model.grants.map(({ state, usesLeft }) => ({ state, usesLeft })))
    },
    toString: () => name,
  }
}

/** One of those there are, the newest of the open ones more often than not; undefined where there is none. */
function pick<Item extends { state: string }>(
  items: readonly Item[],
  number: number,
): { at: number; item: Item } | undefined {
  const all = items.map((item, at) => ({ at, item }))
  const open = all.filter(({ item }) => item.state === 'pending' || item.state === 'active')
  const from = open.length > 0 && number < 4 ? open : all
  return from.toReversed()[number % Math.max(1, from.length)]
}

/** The same stories with every run; another seed tells others. */
const SEED = 20_261_122
const RUNS = 30
const NOTHING = { expected: null, found: null }
const anybody = fc.constantFrom(...PEOPLE.map(({ id }) => id))
const anyLead = fc.constantFrom(
  ...PEOPLE.filter(({ roles }) => roles.includes('lead')).map(({ id }) => id),
)
const anyNumber = fc.nat(5)
const rarely = fc.constantFrom(false, false, false, true)
const anyFields = fc.subarray(['phone', 'card_number'], { minLength: 1 })
/** Whoever decides is asked for more often than the others. */
const anyDecider = fc.oneof(anybody, fc.constantFrom(OMAR, LENA, INGRID_COMPLIANCE))
const anyField = fc.constantFrom('phone', 'card_number')
const anyMinutes = fc.constantFrom(5, 15, 30, 45)
const anyPart = fc.record(
  { fields: anyFields, minutes: fc.constantFrom(5, 10, 30), uses: fc.constantFrom(1, 2) },
  { requiredKeys: [], noNullPrototype: true },
)

const onRequest = (
  verb: string,
  play: (
    model: DeskModel,
    desk: Desk,
    by: number,
    at: number,
  ) => Promise<{ expected: boolean; found: boolean }>,
) =>
  fc.tuple(anybody, anyNumber).map(([by, number]) =>
    step(`${by} ${verb} request ${number}`, async (model, desk) => {
      const asked = pick(model.asks, number)
      return asked === undefined ? NOTHING : play(model, desk, by, asked.at)
    }),
  )

const ask = (model: DeskModel, at: number) => {
  const found = model.asks[at]
  if (found === undefined) throw new Error('no such request')
  return found
}

const requests = fc.tuple(anybody, anyFields, anyMinutes).map(([by, fields, minutes]) =>
  step(`${by} asks for ${fields.join(' and ')} for ${minutes} min`, async (model, desk) => ({
    expected: model.request(by, fields, minutes, null),
    found: await desk.request(by, fields, minutes, null),
  })),
)

/** A request that everybody who decides approves, one after the other: most of a desk's day. */
const passages = fc.tuple(anybody, anyFields).map(([by, fields]) =>
  step(`${by} asks for ${fields.join(' and ')}, and all approve`, async (model, desk) => {
    const expected = [model.request(by, fields, 10, null)]
    const found = [await desk.request(by, fields, 10, null)]
    for (const decider of [OMAR, LENA, INGRID_COMPLIANCE]) {
      const asked = pick(model.asks, 0)
      if (asked === undefined) continue
      expected.push(model.approve(decider, asked.item, {}))
      found.push(await desk.approve(decider, asked.at, {}))
    }
    return { expected, found }
  }),
)

const extensions = fc.tuple(anyNumber, anyFields).map(([number, fields]) =>
  step(`more time for ${fields.join(' and ')} of grant ${number}`, async (model, desk) => {
    const grant = pick(model.grants, number)
    if (grant === undefined) return NOTHING
    const by = grant.item.requester
    return {
      expected: model.request(by, fields, 5, grant.at),
      found: await desk.request(by, fields, 5, grant.at),
    }
  }),
)

const claims = onRequest('claims', async (model, desk, by, at) => ({
  expected: model.claim(by, ask(model, at)),
  found: await desk.claim(by, at),
}))

const approvals = fc.tuple(anyDecider, anyNumber, anyPart).map(([by, number, part]) =>
  step(`${by} approves request ${number} ${JSON.stringify(part)}`, async (model, desk) => {
    const asked = pick(model.asks, number)
    if (asked === undefined) return NOTHING
    return {
      expected: model.approve(by, asked.item, part),
      found: await desk.approve(by, asked.at, part),
    }
  }),
)

const denials = onRequest('denies', async (model, desk, by, at) => ({
  expected: model.deny(by, ask(model, at)),
  found: await desk.deny(by, at),
}))

const withdrawals = onRequest('withdraws', async (model, desk, by, at) => ({
  expected: model.withdraw(by, ask(model, at)),
  found: await desk.withdraw(by, at),
}))

const reveals = fc
  .tuple(anybody, fc.boolean(), anyNumber, anyField)
  .map(([other, isOther, number, field]) =>
    step(
      `grant ${number} shows ${field} to ${isOther ? other : 'its owner'}`,
      async (model, desk) => {
        const grant = pick(model.grants, number)
        if (grant === undefined) return NOTHING
        const by = isOther ? other : grant.item.requester
        const wasLive = model.isLive(grant.item, field) && by === grant.item.requester
        const answer = await desk.reveal(by, grant.at, field)
        // Whatever the model makes of it: nothing is shown without a live grant of one's own.
        if (answer !== null && !wasLive)
          throw new Error(`shown without a live grant: ${answer.status}`)
        return { expected: model.reveal(by, grant.item, field), found: answer !== null }
      },
    ),
  )

const onGrant = (
  verb: string,
  play: (
    model: DeskModel,
    desk: Desk,
    by: number,
    at: number,
  ) => Promise<{ expected: boolean; found: boolean }>,
) =>
  fc.tuple(anybody, anyNumber).map(([by, number]) =>
    step(`${by} ${verb} grant ${number}`, async (model, desk) => {
      const grant = pick(model.grants, number)
      return grant === undefined ? NOTHING : play(model, desk, by, grant.at)
    }),
  )

const given = (model: DeskModel, at: number) => {
  const found = model.grants[at]
  if (found === undefined) throw new Error('no such grant')
  return found
}

const releases = onGrant('releases', async (model, desk, by, at) => ({
  expected: model.release(by, given(model, at)),
  found: await desk.release(by, at),
}))

const revocations = onGrant('revokes', async (model, desk, by, at) => ({
  expected: model.revoke(by, given(model, at)),
  found: await desk.revoke(by, at),
}))

const delegations = fc
  .tuple(anybody, anybody, fc.constantFrom(30, 600))
  .map(([from, to, minutes]) =>
    step(`${from} delegates to ${to} for ${minutes} min`, async (model, desk) => ({
      expected: model.delegate(from, to, minutes),
      found: await desk.delegate(from, to, minutes),
    })),
  )

const suspensions = fc.tuple(anybody, rarely).map(([id, isSuspended]) =>
  step(`${id} is ${isSuspended ? '' : 'no longer '}suspended`, async (model, desk) => {
    model.suspend(id, isSuspended)
    await desk.suspend(id, isSuspended)
    return NOTHING
  }),
)

const promotions = fc.tuple(anyLead, rarely).map(([id, isDropped]) =>
  step(`${id} is ${isDropped ? 'no' : 'a'} lead`, async (model, desk) => {
    model.makeLead(id, !isDropped)
    desk.lead(id, !isDropped)
    return NOTHING
  }),
)

const policies = fc.constantFrom(0, 0, 0, ...RULES.keys()).map((at) =>
  step(`policy ${at}`, async (model, desk) => {
    const rules = RULES[at] ?? model.rules
    model.rules = rules
    desk.changePolicy(rules)
    return NOTHING
  }),
)

const solving = rarely.map((isSolved) =>
  step(`the ticket is ${isSolved ? 'solved' : 'open'}`, async (model, desk) => {
    model.isSolved = isSolved
    desk.solve(isSolved)
    return NOTHING
  }),
)

const clock = fc.constantFrom(3, 3, 3, 6, 11, 31, 500).map((minutes) =>
  step(`${minutes} min pass`, async (model, desk) => {
    model.pass(minutes)
    await desk.pass(minutes)
    return NOTHING
  }),
)

/** Most of a desk's day is asking, approving and looking: stories without grants prove little. */
const STEPS = [
  ...Array.from({ length: 4 }, () => passages),
  ...Array.from({ length: 3 }, () => requests),
  ...Array.from({ length: 6 }, () => approvals),
  ...Array.from({ length: 6 }, () => reveals),
  extensions,
  claims,
  denials,
  withdrawals,
  releases,
  revocations,
  delegations,
  suspensions,
  promotions,
  policies,
  solving,
  clock,
  clock,
]

test('in no story does the endpoint do what the model would not', async () => {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(fc.commands(STEPS, { maxCommands: 60, size: 'max' }), async (story) => {
      const desk = await Desk.open()
      const model = new DeskModel(PEOPLE, RULES[0])
      await fc.asyncModelRun(() => ({ model, real: desk }), story)

      // Every transition has its entry, and nothing else has one.
      const entries = await desk.endpoint.auditEntries()
      const logged = new Map<string, number>()
      for (const { action, outcome } of entries.filter((entry) =>
        model.actions.has(entry.action),
      )) {
        if (outcome === 'ok') logged.set(action, (logged.get(action) ?? 0) + 1)
      }
      expect(Object.fromEntries(logged)).toEqual(Object.fromEntries(model.logged))
      // Nobody decided on their own request, in their own name or another's.
      for (const { requestId, approverId, onBehalfOf } of await desk.decisions()) {
        const requester = model.asks[desk.requestIds.indexOf(requestId)]?.requester
        expect([approverId, onBehalfOf]).not.toContain(requester)
      }
      const { database, account } = desk.endpoint.deps
      expect(await verifyAuditLog(database, account.id)).toMatchObject({ isIntact: true })
      for (const [action, count] of logged) seen.set(action, (seen.get(action) ?? 0) + count)
    }),
    { numRuns: RUNS, seed: SEED },
  )
  // Stories in which nothing happens prove nothing.
  for (const action of ['grant.create', 'grant.reveal', 'grant.expire', 'reveal_request.end']) {
    expect(seen.get(action) ?? 0).toBeGreaterThan(0)
  }
}, 600_000)
