/** How the policy changes: who drafts, who consents, what is refused, and what follows at once. */
import { describe, expect, it, test } from 'vitest'
import { me } from '../../src/contract/session.ts'
import {
  policyAnalysis,
  policyFacts,
  policyVersionList,
  policyVersionView,
} from '../../src/contract/policy.ts'
import { protectedFieldList } from '../../src/contract/protected-fields.ts'
import { policySchema } from '../../src/core/policy.ts'
import { createApp } from '../../src/endpoint/app.ts'
import { storedPolicies } from '../../src/endpoint/policy/source.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import {
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  startEndpoint,
  toAnswer,
} from '../support/endpoint.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'
import {
  FOUNDERS,
  act,
  draftOf,
  drafted,
  narrows,
  startGoverned,
  widens,
} from '../support/governed.ts'
import { ask, asking, putValue } from '../support/story.ts'

const LEADS = 203
const COMPLIANCE = 204

const listed = async (who: Caller) => (await who.get('/api/policy/versions')).as(policyVersionList)
const versionSeen = async (who: Caller, version: number) =>
  (await who.get(`/api/policy/versions/${version}`)).as(policyVersionView)

/** Lena administers, too, beside her being a lead. */
function makeAdministrator(endpoint: TestEndpoint, personId: number): void {
  endpoint.zendesk.changePerson(personId, { zendeskRole: 'admin', roleType: 4, groupIds: [201] })
}

describe('before the first policy', () => {
  const start = () => startEndpoint({ founders: FOUNDERS })

  it('proposes the document it is handed as version 1, which waits', async () => {
    const endpoint = await start()
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    expect(await listed(sam)).toMatchObject({
      active: null,
      waiting: 1,
      founders: { first: { id: SAM_ADMINISTRATOR }, second: { id: INGRID_COMPLIANCE } },
      versions: [{ version: 1, state: 'waiting', author: { type: 'system' }, basedOn: null }],
    })
    const { document } = await versionSeen(sam, 1)
    expect(document).toEqual({ ...sandboxPolicy, version: 1 })
    const entries = (await endpoint.auditEntries()).filter(({ action }) =>
      action.startsWith('policy.'),
    )
    expect(entries.map(({ action, actor }) => [action, actor])).toEqual([
      ['policy.submit', { type: 'system', name: 'bootstrap' }],
    ])
  })

  it('is proposed once, however many instances start', async () => {
    const endpoint = await start()
    const { policies: _policies, policy, ...parts } = { policy: sandboxPolicy, ...endpoint.doors }
    const sources = [1, 2, 3, 4].map(() => storedPolicies(parts, policy ?? sandboxPolicy))
    const found = await Promise.all(sources.map((source) => source.now()))
    expect(found.map(({ version }) => version)).toEqual([0, 0, 0, 0])
    const proposed = (await endpoint.auditEntries()).filter(
      ({ action }) => action === 'policy.submit',
    )
    expect(proposed).toHaveLength(1)
  })

  it('lets nobody ask nor reveal, and everybody see the masks they would', async () => {
    const endpoint = await start()
    const maya = await endpoint.signIn(MAYA)
    const { fields } = (await maya.get('/api/tickets/4001/protected-fields')).as(protectedFieldList)
    expect(new Set(fields.map(({ access }) => access))).toEqual(new Set(['masked']))
    const asked = await maya.post('/api/reveal-requests', asking())
    expect(asked.problem().status).toBeGreaterThanOrEqual(400)
    await endpoint.expectNoAuditEntry('reveal_request.create')
  })

  it('becomes active when the second founder consents', async () => {
    const endpoint = await start()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const answer = await act(ingrid, 1, 'consent', { comment: 'As we agreed on Monday' })
    expect(answer.as(policyVersionView)).toMatchObject({
      version: 1,
      state: 'active',
      submittedBy: { id: SAM_ADMINISTRATOR },
      decidedBy: { id: INGRID_COMPLIANCE },
      decisionComment: 'As we agreed on Monday',
    })
    await endpoint.expectAuditEntry({ action: 'policy.consent', actor: { id: INGRID_COMPLIANCE } })
    await endpoint.expectAuditEntry({
      action: 'policy.activate',
      policyVersion: 1,
      data: { version: 1, supersedes: null },
    })
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    expect((await ask(maya)).state).toBe('pending')
    // Nothing is founded twice.
    expect((await listed(ingrid)).founders).toBeNull()
  })

  it.each([
    ['the first founder, whose word it is', SAM_ADMINISTRATOR, 'second_person_needed'],
    ['a lead', OMAR, 'role_not_permitted'],
    ['an agent', MAYA, 'role_not_permitted'],
  ] as const)('is not consented to by %s', async (_, personId, code) => {
    const endpoint = await start()
    const who = await endpoint.signIn(personId, 'nav_bar')
    expect((await act(who, 1, 'consent')).problem()).toMatchObject({ status: 403, code })
    await endpoint.expectAuditEntry({ action: 'policy.refuse', code })
    await endpoint.expectNoAuditEntry('policy.activate')
  })

  it('is not consented to by the first founder under a second user', async () => {
    const endpoint = await start()
    endpoint.zendesk.changePerson(INGRID_COMPLIANCE, { email: 'Sam.Okafor@example.com' })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await act(ingrid, 1, 'consent')).problem().code).toBe('second_person_needed')
    await endpoint.expectNoAuditEntry('policy.activate')
  })

  it('is not consented to by another administrator while there are founders', async () => {
    const endpoint = await start()
    makeAdministrator(endpoint, LENA)
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    expect((await act(lena, 1, 'consent')).problem().code).toBe('role_not_permitted')
  })

  it('is consented to by nobody where no founders are named', async () => {
    const { database, ...endpoint } = await startEndpoint({ founders: FOUNDERS }).then((one) => ({
      ...one,
      database: one.deps.database,
    }))
    const { founders: _founders, ...doors } = endpoint.doors
    const app = createApp({
      ...doors,
      database,
      policies: storedPolicies(endpoint.deps, sandboxPolicy),
    })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const answer = await toAnswer(
      await app.request('http://endpoint.example.com/api/policy/versions/1/consent', {
        method: 'POST',
        headers: {
          authorization: `Bearer ${ingrid.credential}`,
          'content-type': 'application/json',
        },
        body: '{}',
      }),
    )
    expect(answer.problem().code).toBe('role_not_permitted')
  })

  it('can be another one: the founders reject the first and agree on their own', async () => {
    const endpoint = await start()
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const rejected = await act(ingrid, 1, 'reject', { comment: 'Leads should not see passports' })
    expect(rejected.as(policyVersionView).state).toBe('rejected')
    const own = await drafted(sam, { ...sandboxPolicy, version: 0 }, narrows)
    expect((await act(sam, own.version, 'submit')).as(policyVersionView).state).toBe('waiting')
    const active = (await act(ingrid, own.version, 'consent')).as(policyVersionView)
    expect(active).toMatchObject({ version: 2, state: 'active' })
  })
})

describe('a draft', () => {
  it('is kept with what it would change, whom it concerns and what its cases say', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const version = await drafted(sam, active, widens, [
      {
        name: 'agents see phone numbers',
        who: { groupIds: [201] },
        what: { fieldIds: ['phone'] },
        expect: 'allowed',
      },
    ])
    expect(version).toMatchObject({
      version: 2,
      state: 'draft',
      author: { type: 'person', person: { id: SAM_ADMINISTRATOR } },
      basedOn: 1,
      isOutdated: false,
      analysis: {
        issues: [],
        comparedWith: 1,
        isWidening: true,
        changes: [
          {
            path: 'matrix.frontline.confidential',
            direction: 'widens',
            before: 'request',
            after: 'reveal',
          },
          {
            path: 'cases.0',
            direction: 'narrows',
            after: expect.objectContaining({ name: 'agents see phone numbers' }),
          },
        ],
        cases: [{ name: 'agents see phone numbers', isPassed: true }],
      },
      mayEdit: { allowed: true },
      maySubmit: { allowed: true },
      mayWithdraw: { allowed: true },
      mayDecide: { allowed: false, code: 'policy_not_draft' },
    })
    const preview = version.analysis?.preview
    expect(preview?.fields.map(({ label }) => label)).toEqual([
      'Phone',
      'Birth date',
      'Private e-mail',
      null,
    ])
    expect(preview?.consequence).toMatchObject({ peopleLose: 0, requestsEnd: 0, grantsEnd: 0 })
    expect(preview?.consequence.peopleGain).toBeGreaterThan(0)
    await endpoint.expectAuditEntry({
      action: 'policy.draft',
      data: {
        version: 2,
        changes: 2,
        isWidening: true,
        changedPaths: ['matrix.frontline.confidential', 'cases.0'],
      },
    })
    // It decides nothing.
    expect((await listed(sam)).active).toBe(1)
  })

  it('with faults is refused by their paths, unknown keys among them', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const draft = draftOf(active, (policy) => {
      policy.limits.maxMinutes = 0
      Object.assign(policy.limits, { maxMinutse: 30 })
    })
    const cases = [{ name: 'x', who: {}, what: { fieldIds: [] }, expect: 'masked' }]
    const answer = await sam.post('/api/policy/versions', { ...draft, cases })
    expect(answer.problem()).toMatchObject({
      status: 400,
      code: 'bad_input',
      issues: [
        { path: 'body.document.limits.maxMinutes', rule: 'too_small' },
        { path: 'body.document.limits', rule: 'unknown key "maxMinutse"' },
        { path: 'body.cases.0.what.fieldIds', rule: 'too_small' },
      ],
    })
    expect((await listed(sam)).versions).toHaveLength(1)
    expect(
      (await endpoint.auditEntries()).filter(({ action }) => action === 'policy.draft'),
    ).toHaveLength(0)
  })

  it('is checked while it is written, and nothing is kept', async () => {
    const { sam, active } = await startGoverned()
    const { document, cases } = draftOf(active, (policy) => {
      policy.roles.lead = [{ by: 'group', groupId: 999 }]
    })
    const analysis = (await sam.post('/api/policy/check', { document, cases })).as(policyAnalysis)
    expect(analysis.findings).toContainEqual(
      expect.objectContaining({ code: 'group_unknown', severity: 'error', path: 'roles.lead.0' }),
    )
    const broken = await sam.post('/api/policy/check', { document: { roles: {} }, cases })
    expect(broken.as(policyAnalysis)).toMatchObject({ preview: null, changes: [] })
    expect(broken.as(policyAnalysis).issues).toContainEqual({
      path: 'document.fields',
      rule: 'invalid_type',
    })
    expect((await listed(sam)).versions).toHaveLength(1)
  })

  it('that nests without end is refused', async () => {
    const { sam } = await startGoverned()
    const nested = `${'{"a":'.repeat(1000)}1${'}'.repeat(1000)}`
    const answer = await sam.post('/api/policy/check', {
      document: JSON.parse(nested),
      cases: [],
    })
    expect(answer.problem().code).toBe('bad_input')
  })

  it('holds no value in its texts', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const draft = draftOf(active, (policy) => {
      policy.reasons.push({ code: 'vip', label: '4111 1111 1111 1111', isForSolvedTickets: false })
    })
    expect((await sam.post('/api/policy/versions', draft)).problem()).toMatchObject({
      code: 'text_sensitive',
      kinds: ['payment_card'],
    })
    await endpoint.expectAuditEntry({ action: 'policy.refuse', code: 'text_sensitive' })
  })

  it('is changed by its author alone', async () => {
    const { endpoint, sam, active } = await startGoverned()
    makeAdministrator(endpoint, LENA)
    const { version } = await drafted(sam, active, widens)
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    // Lena's being an administrator is new: it waits. Ingrid confirms it.
    const next = draftOf(active, narrows)
    expect((await lena.put(`/api/policy/versions/${version}`, next)).problem().code).toBe(
      'role_not_permitted',
    )
    const edited = (await sam.put(`/api/policy/versions/${version}`, next)).as(policyVersionView)
    expect(edited).toMatchObject({ version, analysis: { isWidening: false } })
  })

  it.each([
    ['an agent', MAYA],
    ['a lead', OMAR],
    ['compliance', INGRID_COMPLIANCE],
  ])('is not written by %s', async (_, personId) => {
    const { endpoint, active } = await startGoverned()
    const who = await endpoint.signIn(personId, 'nav_bar')
    const answer = await who.post('/api/policy/versions', draftOf(active, widens))
    expect(answer.problem()).toMatchObject({ status: 403, code: 'role_not_permitted' })
    await endpoint.expectAuditEntry({ action: 'policy.refuse', code: 'role_not_permitted' })
  })

  it('is taken back, and is nothing to submit any more', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const { version } = await drafted(sam, active, widens)
    expect((await act(sam, version, 'withdraw')).as(policyVersionView).state).toBe('withdrawn')
    await endpoint.expectAuditEntry({ action: 'policy.withdraw', data: { version } })
    expect((await act(sam, version, 'submit')).problem().code).toBe('policy_not_draft')
    expect((await act(sam, version, 'withdraw')).problem().code).toBe('policy_not_draft')
  })
})

describe('submitting', () => {
  it('what only narrows makes it active at once', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const { version } = await drafted(sam, active, narrows)
    const after = (await act(sam, version, 'submit')).as(policyVersionView)
    expect(after).toMatchObject({
      state: 'active',
      submittedBy: { id: SAM_ADMINISTRATOR },
      decidedBy: null,
    })
    expect((await versionSeen(sam, 1)).state).toBe('superseded')
    await endpoint.expectAuditEntry({
      action: 'policy.activate',
      actor: { id: SAM_ADMINISTRATOR },
      policyVersion: version,
      data: { supersedes: 1, isWidening: false },
    })
  })

  it('what widens anything waits for a second person', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const { version } = await drafted(sam, active, (policy) => {
      narrows(policy)
      widens(policy)
    })
    expect((await act(sam, version, 'submit')).as(policyVersionView).state).toBe('waiting')
    await endpoint.expectAuditEntry({
      action: 'policy.submit',
      data: { version, isWidening: true },
    })
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'policy.activate')).toHaveLength(1)
  })

  test.each([
    [
      'cases that come out otherwise',
      widens,
      [{ name: 'masked', who: {}, what: { fieldIds: ['phone'] }, expect: 'masked' }],
      { code: 'policy_cases_failed', status: 422, issues: [{ path: 'cases.0', rule: 'failed' }] },
    ],
    [
      'a gate that nobody passes',
      (policy: typeof sandboxPolicy) => {
        policy.approval.secret = [
          { count: 5, roles: ['lead'], groupIds: [], slaMinutes: null, escalatesTo: null },
        ]
      },
      [],
      {
        code: 'policy_lint_failed',
        status: 422,
        issues: [{ path: 'document.approval.secret', rule: 'gate_unpassable' }],
      },
    ],
    ['nothing new', () => undefined, [], { code: 'policy_unchanged', status: 409 }],
  ])('%s is refused', async (_, change, cases, problem) => {
    const { endpoint, sam, active } = await startGoverned()
    const { version } = await drafted(sam, active, change, cases)
    expect((await act(sam, version, 'submit')).problem()).toMatchObject(problem)
    expect((await versionSeen(sam, version)).state).toBe('draft')
    await endpoint.expectAuditEntry({ action: 'policy.refuse', code: problem.code })
  })

  it('what drops a case waits for a second person: nobody is held to it any more', async () => {
    const { sam, active } = await startGoverned()
    const cases = [
      { name: 'no passports', who: {}, what: { fieldIds: ['passport'] }, expect: 'masked' },
    ]
    const held = await drafted(sam, active, narrows, cases)
    const next = (await act(sam, held.version, 'submit')).as(policyVersionView)
    expect(next.state).toBe('active')
    const document = policySchema.parse(next.document)
    const same = await drafted(sam, document, () => undefined, cases)
    expect((await act(sam, same.version, 'submit')).problem().code).toBe('policy_unchanged')
    const without = await drafted(sam, document, () => undefined)
    expect(without.analysis).toMatchObject({
      isWidening: true,
      changes: [{ path: 'cases.0', direction: 'widens', before: { name: 'no passports' } }],
    })
    expect((await act(sam, without.version, 'submit')).as(policyVersionView).state).toBe('waiting')
  })

  it('what was begun from a version that is no longer active is refused', async () => {
    const { sam, active } = await startGoverned()
    const old = await drafted(sam, active, widens)
    const quick = await drafted(sam, active, narrows)
    await act(sam, quick.version, 'submit')
    expect((await act(sam, old.version, 'submit')).problem().code).toBe('policy_outdated')
    expect(await versionSeen(sam, old.version)).toMatchObject({ state: 'draft', isOutdated: true })
  })

  it('a second one that widens is refused while one waits', async () => {
    const { sam, active } = await startGoverned()
    const one = await drafted(sam, active, widens)
    const other = await drafted(sam, active, (policy) => (policy.limits.uses = 20))
    await act(sam, one.version, 'submit')
    expect((await act(sam, other.version, 'submit')).problem().code).toBe('policy_waits')
    expect((await listed(sam)).waiting).toBe(one.version)
  })
})

describe('consenting', () => {
  async function waiting(change = widens) {
    const governed = await startGoverned()
    const { version } = await drafted(governed.sam, governed.active, change)
    await act(governed.sam, version, 'submit')
    return { ...governed, version }
  }

  it('makes the version active', async () => {
    const { endpoint, ingrid, version } = await waiting()
    expect((await versionSeen(ingrid, version)).mayDecide).toEqual({ allowed: true })
    const after = (await act(ingrid, version, 'consent')).as(policyVersionView)
    expect(after).toMatchObject({ state: 'active', decidedBy: { id: INGRID_COMPLIANCE } })
    await endpoint.expectAuditEntry({
      action: 'policy.consent',
      data: { version, changedPaths: ['matrix.frontline.confidential'] },
    })
    await endpoint.expectAuditEntry({ action: 'policy.activate', data: { supersedes: 1 } })
  })

  it('is not its author’s', async () => {
    const { endpoint, sam, version } = await waiting()
    expect((await versionSeen(sam, version)).mayDecide).toEqual({
      allowed: false,
      code: 'second_person_needed',
    })
    for (const verb of ['consent', 'reject'] as const) {
      const answer = await act(sam, version, verb, { comment: 'Mine' })
      expect(answer.problem()).toMatchObject({ status: 403, code: 'second_person_needed' })
    }
    expect((await versionSeen(sam, version)).state).toBe('waiting')
    await endpoint.expectAuditEntry({ action: 'policy.refuse', code: 'second_person_needed' })
  })

  it('is not the author’s under another user with the same e-mail address', async () => {
    const { endpoint, sam, version } = await waiting()
    endpoint.zendesk.changePerson(INGRID_COMPLIANCE, { email: 'SAM.OKAFOR@example.com' })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await act(ingrid, version, 'consent')).problem().code).toBe('second_person_needed')
    expect((await versionSeen(sam, version)).state).toBe('waiting')
  })

  it.each([
    ['the version that holds', true],
    ['the version itself', false],
  ])('is not of a user whom %s pairs with the author', async (_, isInOld) => {
    const pair: [number, number] = [SAM_ADMINISTRATOR, INGRID_COMPLIANCE]
    const governed = await startGoverned()
    let { active } = governed
    const { sam, ingrid } = governed
    if (isInOld) {
      const pairing = await drafted(sam, active, (policy) => (policy.samePerson = [pair]))
      const after = (await act(sam, pairing.version, 'submit')).as(policyVersionView)
      active = policySchema.parse(after.document)
    }
    const { version } = await drafted(sam, active, (policy) => {
      widens(policy)
      policy.samePerson = isInOld ? [] : [pair]
    })
    await act(sam, version, 'submit')
    expect((await act(ingrid, version, 'consent')).problem().code).toBe('second_person_needed')
  })

  it('is not of somebody whom only the version itself would give the power', async () => {
    const { endpoint, version } = await waiting((policy) => {
      policy.roles.compliance.push({ by: 'group', groupId: LEADS })
    })
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await act(omar, version, 'consent')).problem().code).toBe('role_not_permitted')
  })

  it('is not of somebody who lost the power since the version was submitted', async () => {
    const { endpoint, ingrid, version } = await waiting()
    const { state } = endpoint.zendesk.emulator
    state.groupMemberships = state.groupMemberships.filter(
      ({ user_id: userId }) => userId !== INGRID_COMPLIANCE,
    )
    // A view may be minutes old; an act looks again.
    endpoint.clock.advance(6)
    expect((await ingrid.get('/api/me')).as(me).roles).toContain('compliance')
    expect((await act(ingrid, version, 'consent')).problem().code).toBe('role_not_permitted')
  })

  it('is not of somebody suspended', async () => {
    const { endpoint, ingrid, version } = await waiting()
    endpoint.zendesk.changePerson(INGRID_COMPLIANCE, { isSuspended: true })
    expect((await act(ingrid, version, 'consent')).problem().code).toBe('person_suspended')
  })

  it('comes too late once another version became active', async () => {
    const { sam, ingrid, active, version } = await waiting()
    const quick = await drafted(sam, active, narrows)
    await act(sam, quick.version, 'submit')
    expect((await act(ingrid, version, 'consent')).problem().code).toBe('policy_outdated')
    // It can still be got out of the way.
    const rejected = await act(ingrid, version, 'reject', { comment: 'Too late' })
    expect(rejected.as(policyVersionView).state).toBe('rejected')
  })

  it('looks at lint once more: Zendesk may have changed', async () => {
    const { endpoint, ingrid, version } = await waiting((policy) => {
      policy.roles.lead.push({ by: 'customRole', customRoleId: 401 })
    })
    endpoint.zendesk.emulator.state.customRoles = []
    endpoint.zendesk.changePerson(MAYA, {})
    expect((await act(ingrid, version, 'consent')).problem()).toMatchObject({
      code: 'policy_lint_failed',
      issues: [{ path: 'document.roles.lead.1', rule: 'custom_role_unknown' }],
    })
  })

  it('can be refused, with the reason for its author', async () => {
    const { endpoint, sam, ingrid, version } = await waiting()
    expect((await act(ingrid, version, 'reject')).problem().code).toBe('bad_input')
    await act(ingrid, version, 'reject', { comment: 'Phones are for leads' })
    expect(await versionSeen(sam, version)).toMatchObject({
      state: 'rejected',
      decidedBy: { id: INGRID_COMPLIANCE },
      decisionComment: 'Phones are for leads',
    })
    await endpoint.expectAuditEntry({ action: 'policy.reject', data: { version } })
    expect((await act(ingrid, version, 'consent')).problem().code).toBe('policy_not_draft')
  })

  it('is of one of two at once', async () => {
    const { endpoint, ingrid, version } = await waiting()
    const answers = await Promise.all([1, 2, 3].map(() => act(ingrid, version, 'consent')))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409, 409])
    const activations = (await endpoint.auditEntries()).filter(
      ({ action, data }) => action === 'policy.activate' && data?.['version'] === version,
    )
    expect(activations).toHaveLength(1)
  })

  it('and withdrawing at once: one of them counts', async () => {
    const { sam, ingrid, version } = await waiting()
    const [consented, withdrawn] = await Promise.all([
      act(ingrid, version, 'consent'),
      act(sam, version, 'withdraw'),
    ])
    expect([consented.status, withdrawn.status].toSorted()).toEqual([200, 409])
    const { state } = await versionSeen(sam, version)
    expect(state).toBe(consented.status === 200 ? 'active' : 'withdrawn')
  })
})

describe('what a change does', () => {
  it('acts on the very next request of another instance', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const maya = await endpoint.signIn(MAYA)
    const { policies: _policies, ...parts } = endpoint.doors
    const other = createApp({ ...parts, policies: storedPolicies(parts, sandboxPolicy) })
    const look = async () => {
      const response = await other.request(
        'http://endpoint.example.com/api/tickets/4001/protected-fields',
        { headers: { authorization: `Bearer ${maya.credential}` } },
      )
      const { fields } = (await toAnswer(response)).as(protectedFieldList)
      return fields.find(({ fieldId }) => fieldId === 'passport')?.access
    }
    expect(await look()).toBe('request')
    const { version } = await drafted(sam, active, narrows)
    await act(sam, version, 'submit')
    expect(await look()).toBe('masked')
  })

  it('ends requests and grants that lost their ground at once, as the preview said', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    const request = await ask(maya)
    const draft = await drafted(sam, active, (policy) => {
      policy.matrix.frontline.restricted = 'masked'
    })
    expect(draft.analysis?.preview).toMatchObject({
      requests: [{ requestId: request.id, requester: { id: MAYA }, effect: 'ends' }],
      consequence: { requestsEnd: 1, grantsEnd: 0, fieldsLost: ['Card number', 'IBAN'] },
    })
    await act(sam, draft.version, 'submit')
    await endpoint.expectAuditEntry({
      action: 'reveal_request.end',
      requestId: request.id,
      code: 'role_not_permitted',
    })
  })

  it('names the version that decided in every entry', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const { version } = await drafted(sam, active, narrows)
    await act(sam, version, 'submit')
    const maya = await endpoint.signIn(MAYA)
    await putValue(maya)
    await ask(maya)
    await endpoint.expectAuditEntry({ action: 'reveal_request.create', policyVersion: version })
  })

  it('is what the sweep goes by', async () => {
    const { endpoint, sam, active } = await startGoverned()
    const { version } = await drafted(sam, active, narrows)
    await act(sam, version, 'submit')
    endpoint.zendesk.changeSettings({ maxMinutes: 5 })
    await endpoint.sweep()
    await endpoint.expectAuditEntry({ action: 'app_settings.change', policyVersion: version })
  })
})

describe('readers', () => {
  it('are administrators and compliance; others have no such screen', async () => {
    const { endpoint, sam, ingrid } = await startGoverned()
    for (const who of [sam, ingrid]) {
      expect((await who.get('/api/me')).as(me).mayReadPolicy).toBe(true)
    }
    const omar = await endpoint.signIn(OMAR, 'nav_bar')
    expect((await omar.get('/api/me')).as(me).mayReadPolicy).toBe(false)
    for (const path of ['versions', 'versions/1', 'facts']) {
      expect((await omar.get(`/api/policy/${path}`)).problem().code).toBe('role_not_permitted')
    }
    await endpoint.expectAuditEntry({ action: 'policy.refuse', code: 'role_not_permitted' })
  })

  it('choose groups, roles, people and fields by name', async () => {
    const { sam } = await startGoverned()
    const facts = (await sam.get('/api/policy/facts')).as(policyFacts)
    expect(facts.groups).toContainEqual({ id: COMPLIANCE, name: 'Compliance' })
    expect(facts.customRoles).toContainEqual({ id: 401, name: 'Team lead' })
    expect(facts.people).toContainEqual({ id: MAYA, name: 'Maya Rivera' })
    expect(facts.ticketFields).toContainEqual({ id: 302, title: 'Passport', canHoldMask: true })
  })

  it('hear of a version that does not exist', async () => {
    const { sam } = await startGoverned()
    expect((await sam.get('/api/policy/versions/77')).problem().code).toBe('policy_not_found')
    expect((await act(sam, 77, 'submit')).problem().code).toBe('policy_not_found')
  })
})
