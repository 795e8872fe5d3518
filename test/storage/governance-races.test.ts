/** Two people, or one twice, at one moment: emergencies, their reviews, and new power, on both engines. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { brokenGlass } from '../../src/contract/break-glass.ts'
import { me } from '../../src/contract/session.ts'
import { createApp } from '../../src/endpoint/app.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import {
  confirmPowers,
  decidePower,
  findPowers,
  forgetPower,
  forgetPowersBesides,
  openPowerBaseline,
  recordWaitingPowers,
} from '../../src/storage/powers.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  INGRID_COMPLIANCE,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import { activate, putIntoGroups } from '../support/powers.ts'
import { approve, ask, asking, putValue, reveal } from '../support/story.ts'

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 24 })],
] as const

const MINUTES = 10
const FIELDS = ['card_number', 'phone', 'iban', 'birth_date'] as const
const VALUES: Record<(typeof FIELDS)[number], string> = {
  card_number: '4242 4242 4242 4242',
  phone: '+44 20 7946 0018',
  iban: 'DE89 3704 0044 0532 0130 00',
  birth_date: '1990-04-01',
}
const AT = new Date('2026-11-23T10:00:00.000Z')
const LATER = new Date('2026-11-23T10:10:00.000Z')

describe.each(engines)('at one moment on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  const countOf = async (endpoint: TestEndpoint, action: string) =>
    (await endpoint.auditEntries()).filter((entry) => entry.action === action).length

  async function emergencies() {
    const policy = {
      ...sandboxPolicy,
      breakGlass: { personIds: [MAYA, TOMAS], minutes: MINUTES, uses: 1 },
    }
    const endpoint = await startEndpoint({ database, policy })
    const maya = await endpoint.signIn(MAYA)
    for (const fieldId of FIELDS) await putValue(maya, 4001, fieldId, VALUES[fieldId])
    return { endpoint, maya }
  }
  const invoke = (by: Caller, change: object = {}) => {
    const { minutes: _minutes, ...emergency } = asking()
    return by.post('/api/break-glass', { ...emergency, ...change })
  }

  it('sixteen emergencies of one person are one, with one grant and one entry', async () => {
    const { endpoint } = await emergencies()
    const sessions = await Promise.all(Array.from({ length: 16 }, () => endpoint.signIn(MAYA)))
    const answers = await Promise.all(
      sessions.map((by, at) => invoke(by, { fieldIds: [FIELDS[at % FIELDS.length]] })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await countOf(endpoint, 'break_glass.invoke')).toBe(1)
    expect(await countOf(endpoint, 'grant.create')).toBe(1)
    expect(await countOf(endpoint, 'break_glass.refuse')).toBe(15)
  })

  it('a request that is approved while it is escalated makes one grant', async () => {
    const { endpoint, maya } = await emergencies()
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    const { id } = await ask(maya)
    await Promise.all([approve(omar, id), invoke(maya, { requestId: id })])
    expect(await countOf(endpoint, 'grant.create')).toBe(1)
    const view = (await omar.get('/api/reveal-requests?queue=decided')).text
    expect(view).toContain('"state":"approved"')
  })

  it('eight reviews of one emergency are one', async () => {
    const { endpoint, maya } = await emergencies()
    const { request } = (await invoke(maya)).as(brokenGlass)
    endpoint.clock.advance(MINUTES * 60)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const review = { outcome: 'justified', comment: 'The fraud desk confirms it.' }
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => ingrid.post(`/api/break-glass/${request.id}/review`, review)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(await countOf(endpoint, 'break_glass.review')).toBe(1)
  })

  it('a grant of an emergency with one use reveals once to eight', async () => {
    const { maya } = await emergencies()
    const { grant } = (await invoke(maya)).as(brokenGlass)
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => reveal(maya, grant.id, randomUUID())),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('a new lead who is confirmed and declined at once is one of the two', async () => {
    const endpoint = await startEndpoint({ database })
    await activate(endpoint)
    await putIntoGroups(endpoint, TOMAS, [201, 203])
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    const path = `/api/people/${TOMAS}/powers/group_203`
    await Promise.all([
      ...Array.from({ length: 4 }, () => ingrid.post(`${path}/decline`)),
      ...Array.from({ length: 4 }, () => sam.post(`${path}/confirm`)),
    ])
    const stored = await findPowers(database.orm, endpoint.deps.account.id)
    const { state } =
      stored.find(({ personId, power }) => personId === TOMAS && power === 'group_203') ?? {}
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const { id } = await ask(maya)
    const answer = await approve(await endpoint.signIn(TOMAS, 'nav_bar'), id)
    expect(answer.status === 200).toBe(state === 'confirmed')
  })

  it('eight sweeps that see a new lead record them once', async () => {
    const endpoint = await startEndpoint({ database })
    await activate(endpoint)
    endpoint.clock.advance(301)
    endpoint.zendesk.changePerson(TOMAS, { groupIds: [201, 203] })
    await Promise.all(Array.from({ length: 8 }, () => endpoint.sweep()))
    expect(await countOf(endpoint, 'power.wait')).toBe(1)
    endpoint.clock.advance(301)
    endpoint.zendesk.changePerson(TOMAS, { groupIds: [201] })
    await Promise.all(Array.from({ length: 8 }, () => endpoint.sweep()))
    expect(await countOf(endpoint, 'power.lose')).toBe(1)
  })

  describe('powers', () => {
    const key = { personId: 102, power: 'group_203' }
    const inAccount = <Result>(
      work: (
        tx: Parameters<Parameters<Database['transaction']>[0]>[0],
        account: string,
      ) => Promise<Result>,
      account = `test-${randomUUID()}`,
    ) => database.transaction((tx) => work(tx, account))

    it('are enforced from the first activation on, and that is one', async () => {
      const account = `test-${randomUUID()}`
      const first = await Promise.all(
        Array.from({ length: 6 }, () => inAccount((tx) => openPowerBaseline(tx, account, AT))),
      )
      expect(first.filter(Boolean)).toHaveLength(1)
    })

    it('wait when they are first seen, and once', async () => {
      const account = `test-${randomUUID()}`
      const seen = await Promise.all(
        Array.from({ length: 6 }, () =>
          inAccount((tx) => recordWaitingPowers(tx, account, [key], AT)),
        ),
      )
      expect(seen.flat()).toEqual([key])
      expect(await findPowers(database.orm, account)).toMatchObject([{ ...key, state: 'waiting' }])
    })

    it('are never confirmed by their own holder, whatever the code above says', async () => {
      const account = `test-${randomUUID()}`
      await inAccount((tx) => recordWaitingPowers(tx, account, [key], AT))
      const own = { state: 'confirmed', by: key.personId, at: AT } as const
      await expect(inAccount((tx) => decidePower(tx, account, key, own))).rejects.toMatchObject({
        sqlState: '23514',
      })
      expect(await findPowers(database.orm, account)).toMatchObject([{ state: 'waiting' }])
    })

    it('are forgotten only when they were seen before what they are compared with', async () => {
      const account = `test-${randomUUID()}`
      await inAccount((tx) => recordWaitingPowers(tx, account, [key], AT))
      expect(await inAccount((tx) => forgetPower(tx, account, key, AT))).toBe(false)
      expect(await inAccount((tx) => forgetPower(tx, account, key, LATER))).toBe(true)
      expect(await inAccount((tx) => forgetPower(tx, account, key, LATER))).toBe(false)
    })

    it('that no policy builds on are forgotten, and others of the account and of others stay', async () => {
      const [account, other] = [`test-${randomUUID()}`, `test-${randomUUID()}`]
      const held = [key, { personId: 102, power: 'agent' }]
      await inAccount((tx) => confirmPowers(tx, account, held, AT))
      await inAccount((tx) => confirmPowers(tx, other, held, AT))
      await inAccount((tx) => forgetPowersBesides(tx, account, ['agent']))
      const left = await findPowers(database.orm, account)
      expect(left.map(({ power }) => power)).toEqual(['agent'])
      expect(await findPowers(database.orm, other)).toHaveLength(2)
    })
  })
})

describe('two instances on one database', () => {
  it('a confirmation by one counts at the other’s very next request', async () => {
    const url = inject('postgresUrl')
    const [here, there] = await Promise.all([openDatabase({ url }), openDatabase({ url })])
    await migrateDatabase(here)
    try {
      const endpoint = await startEndpoint({ database: here })
      await activate(endpoint)
      await putIntoGroups(endpoint, TOMAS, [201, 203])
      const tomas = await endpoint.signIn(TOMAS, 'nav_bar')
      const other = createApp({ ...endpoint.deps, database: there })
      const rolesThere = async () => {
        const headers = { authorization: `Bearer ${tomas.credential}` }
        return me.parse(await (await other.request('/api/me', { headers })).json()).roles
      }
      expect(await rolesThere()).toEqual(['frontline'])
      const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
      const path = `/api/people/${TOMAS}/powers/group_203`
      await ingrid.post(`${path}/confirm`)
      expect(await rolesThere()).toEqual(['frontline', 'lead'])
    } finally {
      await Promise.all([here.close(), there.close()])
    }
  })
})
