/** One version is active and one waits, whatever many instances do at the same instant. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, it, test } from 'vitest'
import { policyVersionView } from '../../src/contract/policy.ts'
import type { Database } from '../../src/storage/database.ts'
import { openDatabase } from '../../src/storage/database.ts'
import { migrateDatabase } from '../../src/storage/migrate.ts'
import type { Activation } from '../../src/storage/policy-versions.ts'
import {
  activatePolicyVersion,
  closePolicyVersion,
  findActivePolicyVersion,
  findPolicyVersion,
  insertFirstPolicyVersion,
  insertPolicyVersion,
  listPolicyVersions,
  replaceDraft,
  submitPolicyVersion,
} from '../../src/storage/policy-versions.ts'
import { policyVersions } from '../../src/storage/schema.ts'
import { findSession, insertSession } from '../../src/storage/sessions.ts'
import { violates } from '../../src/storage/storage-error.ts'
import { act, drafted, narrows, startGoverned, widens } from '../support/governed.ts'

const AT = new Date('2026-11-23T10:00:00.000Z')
const SAM = 107
const INGRID = 106
const newAccount = () => `account-${randomUUID()}`
const content = { cases: { cases: [] }, comment: 'Because', createdAt: AT }
const byPerson = (id: number) => ({ type: 'person', id }) as const

const engines = [
  ['PGlite', () => openDatabase({ memory: true })],
  ['Postgres', () => openDatabase({ url: inject('postgresUrl'), maxConnections: 16 })],
] as const

describe.each(engines)('on %s', (_, open) => {
  let database: Database
  beforeAll(async () => {
    database = await open()
    await migrateDatabase(database)
  })
  afterAll(() => database.close())

  const transact = <T>(work: Parameters<Database['transaction']>[0]): Promise<T> =>
    database.transaction(work) as Promise<T>
  const draft = (account: string, basedOn: number | null = null): Promise<number> =>
    transact((tx) =>
      insertPolicyVersion(tx, account, {
        ...content,
        basedOn,
        author: byPerson(SAM),
        documentOf: (version) => ({ version }),
      }),
    )
  const activation = (version: number, more: Partial<Activation> = {}): Activation => ({
    version,
    basedOn: null,
    from: 'waiting',
    at: AT,
    submittedBy: SAM,
    consent: { by: INGRID, comment: '' },
    ...more,
  })
  /** As the endpoint does: what comes to nothing is undone. */
  const activate = async (account: string, step: Activation): Promise<boolean> => {
    try {
      await database.transaction(async (tx) => {
        if (!(await activatePolicyVersion(tx, account, step))) throw new Error('undo')
      })
      return true
    } catch {
      return false
    }
  }
  const stateOf = async (account: string, version: number) =>
    (await findPolicyVersion(database.orm, account, version))?.state
  /** Version 1 is active, version 2 waits. */
  async function governed() {
    const account = newAccount()
    await transact((tx) => insertFirstPolicyVersion(tx, account, { ...content, document: {} }))
    await activate(account, activation(1))
    const version = await draft(account, 1)
    await transact((tx) => submitPolicyVersion(tx, account, version, { by: SAM, at: AT }))
    return { account, version }
  }
  const trues = (answers: readonly boolean[]) => answers.filter(Boolean).length

  test('of many first starts one writes version 1', async () => {
    const account = newAccount()
    const first = { ...content, document: { version: 1 } }
    const written = await Promise.all(
      Array.from({ length: 8 }, () =>
        transact<boolean>((tx) => insertFirstPolicyVersion(tx, account, first)),
      ),
    )
    expect(trues(written)).toBe(1)
    expect(await findPolicyVersion(database.orm, account, 1)).toMatchObject({
      state: 'waiting',
      author: { type: 'system' },
      basedOn: null,
    })
    expect(await findActivePolicyVersion(database.orm, account)).toBeNull()
  })

  test('drafts of one instant get numbers of their own, and know them', async () => {
    const account = newAccount()
    const made = await Promise.all(Array.from({ length: 8 }, () => draft(account)))
    expect(made.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    const found = await findPolicyVersion(database.orm, account, 5)
    expect(found?.document).toEqual({ version: 5 })
    const page = await listPolicyVersions(database.orm, account, { before: 7, limit: 3 })
    expect(page.map(({ version }) => version)).toEqual([6, 5, 4])
    expect(page[0]).not.toHaveProperty('document')
  })

  test('of two consents at once one makes the version active', async () => {
    const { account, version } = await governed()
    const step = activation(version, { basedOn: 1 })
    const answers = await Promise.all(
      [INGRID, 108, 109, 110].map((by) =>
        activate(account, { ...step, consent: { by, comment: '' } }),
      ),
    )
    expect(trues(answers)).toBe(1)
    expect(await findActivePolicyVersion(database.orm, account)).toBe(version)
    expect(await stateOf(account, 1)).toBe('superseded')
  })

  test('of two versions begun from one, whichever is first takes its place', async () => {
    const { account, version } = await governed()
    const quick = await draft(account, 1)
    const answers = await Promise.all([
      activate(account, activation(version, { basedOn: 1 })),
      activate(account, activation(quick, { basedOn: 1, from: 'draft', consent: null })),
    ])
    expect(trues(answers)).toBe(1)
    const active = await findActivePolicyVersion(database.orm, account)
    expect(active).toBe(answers[0] ? version : quick)
    expect(await stateOf(account, answers[0] ? quick : version)).toBe(
      answers[0] ? 'draft' : 'waiting',
    )
  })

  test('of consent and rejection at once one counts', async () => {
    const { account, version } = await governed()
    const rejected = { state: 'rejected', at: AT, by: INGRID, comment: 'No' } as const
    const [isActive, isRejected] = await Promise.all([
      activate(account, activation(version, { basedOn: 1 })),
      transact<boolean>((tx) => closePolicyVersion(tx, account, version, ['waiting'], rejected)),
    ])
    expect(isActive).toBe(!isRejected)
    expect(await stateOf(account, version)).toBe(isActive ? 'active' : 'rejected')
    expect(await findActivePolicyVersion(database.orm, account)).toBe(isActive ? version : 1)
  })

  test('one version waits at a time', async () => {
    const { account } = await governed()
    const second = await draft(account, 1)
    const submitting = transact((tx) =>
      submitPolicyVersion(tx, account, second, { by: SAM, at: AT }),
    )
    await expect(submitting).rejects.toSatisfy((error) => violates(error, 'one_waiting_policy'))
    expect(await stateOf(account, second)).toBe('draft')
  })

  test('a draft is written anew by its author, and only while it is one', async () => {
    const { account, version } = await governed()
    const next = { document: { version: 9 }, cases: { cases: [] }, comment: 'Else', basedOn: 1 }
    const replace = (number: number, by: number) =>
      transact<boolean>((tx) => replaceDraft(tx, account, number, by, next))
    expect(await replace(version, SAM)).toBe(false)
    const other = await draft(account, 1)
    expect(await replace(other, INGRID)).toBe(false)
    expect(await replace(other, SAM)).toBe(true)
    expect((await findPolicyVersion(database.orm, account, other))?.comment).toBe('Else')
  })

  test('the database itself refuses an author who consents, and a second active version', async () => {
    const { account, version } = await governed()
    const own = activation(version, { basedOn: 1, consent: { by: SAM, comment: '' } })
    const consenting = transact((tx) => activatePolicyVersion(tx, account, own))
    await expect(consenting).rejects.toSatisfy((error) => violates(error, 'no_own_consent'))
    const second = transact((tx) =>
      tx.insert(policyVersions).values({
        account,
        version: 99,
        state: 'active',
        document: {},
        cases: {},
        comment: '',
        createdAt: AT,
      }),
    )
    await expect(second).rejects.toSatisfy((error) => violates(error, 'one_active_policy'))
  })

  test('a session brings the number of the active version along', async () => {
    const { account, version } = await governed()
    const id = randomUUID().replaceAll('-', '').padEnd(64, '0')
    await insertSession(database.orm, {
      id,
      account,
      userId: 101,
      location: 'nav_bar',
      createdAt: AT,
      renewedAt: AT,
      expiresAt: AT,
      endsAt: AT,
    })
    const numberNow = async () => (await findSession(database.orm, account, id))?.policyVersion
    expect(await numberNow()).toBe(1)
    await activate(account, activation(version, { basedOn: 1 }))
    expect(await numberNow()).toBe(version)
  })

  it('whole: of eight consents at once one is told it consented, and one activation is logged', async () => {
    const { endpoint, sam, ingrid, active } = await startGoverned({ database })
    const { version } = await drafted(sam, active, widens)
    await act(sam, version, 'submit')
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => act(ingrid, version, 'consent')),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]))
    const activations = (await endpoint.auditEntries()).filter(
      ({ action, data }) => action === 'policy.activate' && data?.['version'] === version,
    )
    expect(activations).toHaveLength(1)
  })

  it('whole: two that narrow at once, begun from one version, are one activation', async () => {
    const { sam, active } = await startGoverned({ database })
    const one = await drafted(sam, active, narrows)
    const other = await drafted(sam, active, (policy) => (policy.limits.uses = 1))
    const answers = await Promise.all([
      act(sam, one.version, 'submit'),
      act(sam, other.version, 'submit'),
    ])
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const winner = answers.find(({ status }) => status === 200)?.as(policyVersionView)
    const loser = answers.find(({ status }) => status === 409)?.problem()
    expect(winner?.state).toBe('active')
    expect(loser?.code).toBe('policy_outdated')
  })
})
