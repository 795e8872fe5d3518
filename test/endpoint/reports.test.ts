/** Who may see what: by role, of one person, as a file, and as things stand at this moment. */
import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import {
  accessExport,
  accessReport,
  personAccess,
  reportedPeople,
} from '../../src/contract/reports.ts'
import type { AccessReport } from '../../src/contract/reports.ts'
import type { Policy } from '../../src/core/policy.ts'
import { sandboxPolicy } from '../../src/sandbox/account.ts'
import { exceptions } from '../../src/storage/schema.ts'
import {
  INGRID_COMPLIANCE,
  LENA,
  MAYA,
  OMAR,
  SAM_ADMINISTRATOR,
  TOMAS,
  startEndpoint,
} from '../support/endpoint.ts'
import type { Caller, TestEndpoint } from '../support/endpoint.ts'

const report = async (caller: Caller) => (await caller.get('/api/reports/access')).as(accessReport)
const accessOf = async (caller: Caller, personId: number) =>
  (await caller.get(`/api/reports/access/people/${personId}`)).as(personAccess)
const found = async (caller: Caller, name: string) =>
  (await caller.get(`/api/reports/access/people?name=${encodeURIComponent(name)}`)).as(
    reportedPeople,
  )

function cells({ fields }: AccessReport, fieldId: string) {
  const field = fields.find((each) => each.fieldId === fieldId)
  return Object.fromEntries(field?.cells.map(({ role, access }) => [role, access]) ?? [])
}

/** Consented to by compliance. */
async function addException(
  { deps }: TestEndpoint,
  change: Partial<typeof exceptions.$inferInsert> = {},
) {
  await deps.database.orm.insert(exceptions).values({
    id: randomUUID(),
    account: deps.account.id,
    personId: INGRID_COMPLIANCE,
    fieldId: null,
    sensitivityClass: 'restricted',
    effect: 'request',
    why: 'Chargebacks until the new tool is there',
    ownerId: OMAR,
    state: 'active',
    createdBy: SAM_ADMINISTRATOR,
    createdAt: deps.now(),
    expiresAt: new Date(deps.now().getTime() + 86_400_000),
    decidedBy: LENA,
    decidedAt: deps.now(),
    ...change,
  })
}

describe('role by field', () => {
  it('says for each field of the catalogue what each role may do, and who approves', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const answer = await report(ingrid)
    expect(cells(answer, 'card_number')).toEqual({
      frontline: 'request',
      lead: 'request',
      compliance: 'masked',
      administrator: 'none',
    })
    const card = answer.fields.find(({ fieldId }) => fieldId === 'card_number')
    expect(card?.levels).toEqual([{ count: 1, roles: ['lead'], groups: [], people: 2 }])
    expect(answer.roles.find(({ role }) => role === 'lead')).toEqual({
      role: 'lead',
      people: 2,
      waiting: 0,
    })
    expect(answer.policyVersion).toBe(sandboxPolicy.version)
  })

  it('has a row for what is found in tickets, one for each class', async () => {
    const endpoint = await startEndpoint()
    const { fields } = await report(await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar'))
    expect(
      fields.filter(({ fieldId }) => fieldId === null).map((each) => each.sensitivityClass),
    ).toEqual(['confidential', 'restricted', 'secret'])
  })

  it('is as tight as the app settings in Zendesk make it', async () => {
    const endpoint = await startEndpoint()
    endpoint.zendesk.changeSettings({ areRevealsPaused: true, maxMinutes: 5 })
    const answer = await report(await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'))
    expect(answer.tightening).toMatchObject({ areRevealsPaused: true, maxMinutes: 5 })
    expect(answer.maxMinutes).toBe(5)
    const card = answer.fields.find(({ fieldId }) => fieldId === 'card_number')
    expect(card?.cells.find(({ role }) => role === 'frontline')?.rule).toBe('pause')
  })

  it('names who has an exception, while it holds', async () => {
    const endpoint = await startEndpoint()
    await addException(endpoint)
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const holders = async () =>
      (await report(ingrid)).fields
        .find(({ fieldId }) => fieldId === 'card_number')
        ?.exceptions.map(({ holder, owner }) => [holder.id, owner.id])
    expect(await holders()).toEqual([[INGRID_COMPLIANCE, OMAR]])
    endpoint.clock.advance(86_400)
    const later = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    expect((await report(later)).fields.flatMap((field) => field.exceptions)).toEqual([])
  })

  it('names the rules that may approve by themselves, and none for secret fields', async () => {
    const policy: Policy = {
      ...sandboxPolicy,
      automatic: [
        {
          id: 'own',
          label: 'Own tickets',
          roles: ['frontline'],
          classes: ['confidential', 'restricted'],
          isWithinHoursOnly: false,
          isAssigneeOnly: true,
          perPersonPerDay: 3,
          minutes: 5,
        },
      ],
    }
    const endpoint = await startEndpoint({ policy })
    const { fields } = await report(await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar'))
    const rules = (fieldId: string) =>
      fields
        .find((each) => each.fieldId === fieldId)
        ?.cells.find(({ role }) => role === 'frontline')?.automatic
    expect(rules('card_number')).toEqual(['Own tickets'])
    expect(rules('passport')).toEqual([])
  })

  it('is not for frontline agents', async () => {
    const endpoint = await startEndpoint()
    const maya = await endpoint.signIn(MAYA, 'nav_bar')
    for (const path of ['', '/people?name=a', `/people/${MAYA}`]) {
      expect((await maya.get(`/api/reports/access${path}`)).problem().code).toBe(
        'role_not_permitted',
      )
    }
    await endpoint.expectNoAuditEntry('report.read')
  })

  it('is logged once a session', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    await report(ingrid)
    await report(ingrid)
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ action }) => action === 'report.read')).toHaveLength(1)
    await endpoint.expectAuditEntry({
      action: 'report.read',
      actor: { type: 'person', id: INGRID_COMPLIANCE, roles: ['frontline', 'compliance'] },
      data: { report: 'access', personId: null },
    })
  })
})

describe('one person', () => {
  it('is found by a part of their name, accents aside', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const { people, isComplete } = await found(ingrid, 'tomas')
    expect(people.map(({ person }) => person.id)).toEqual([TOMAS])
    expect(isComplete).toBe(true)
    expect((await found(ingrid, 'no such name')).people).toEqual([])
  })

  it('has an answer and its rule for every field', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const maya = await accessOf(ingrid, MAYA)
    expect(maya.fields.find(({ fieldId }) => fieldId === 'card_number')).toMatchObject({
      access: 'request',
      why: { rule: 'levels', next: 'ask' },
      levels: [{ count: 1, roles: ['lead'] }],
    })
    await endpoint.expectAuditEntry({
      action: 'report.read',
      data: { report: 'access', personId: MAYA },
    })
  })

  it('who is suspended sees nothing', async () => {
    const endpoint = await startEndpoint()
    endpoint.zendesk.changePerson(MAYA, { isSuspended: true })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const maya = await accessOf(ingrid, MAYA)
    expect(maya.roles).toEqual([])
    expect(maya.fields.map(({ access }) => access)).not.toContain('request')
  })

  it('sees more by an exception, and the report says by whose', async () => {
    const endpoint = await startEndpoint()
    await addException(endpoint, { effect: 'reveal' })
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    const card = (await accessOf(sam, INGRID_COMPLIANCE)).fields.find(
      ({ fieldId }) => fieldId === 'card_number',
    )
    expect(card).toMatchObject({
      access: 'reveal',
      why: { rule: 'exception', exception: { owner: { id: OMAR } } },
    })
  })

  it('a lead sees whoever shares a group with them, and nobody else', async () => {
    const endpoint = await startEndpoint()
    const lena = await endpoint.signIn(LENA, 'nav_bar')
    const { people } = await found(lena, 'a')
    const ids = people.map(({ person }) => person.id)
    expect(ids).toContain(OMAR)
    expect(ids).not.toContain(MAYA)
    expect((await accessOf(lena, LENA)).person.id).toBe(LENA)
    // As if there were no such person.
    const refused = await lena.get(`/api/reports/access/people/${MAYA}`)
    expect(refused.problem().code).toBe('person_unknown')
    expect((await lena.get('/api/reports/access/people/999')).problem().code).toBe('person_unknown')
    const entries = await endpoint.auditEntries()
    expect(entries.filter(({ data }) => data?.['personId'] === MAYA)).toEqual([])
  })
})

describe('the file', () => {
  it('has a row for each role and field, and is logged before it leaves', async () => {
    const endpoint = await startEndpoint()
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const answer = await ingrid.post('/api/reports/access/exports', { by: 'role' })
    const { csv, rows, isComplete } = answer.as(accessExport)
    expect(isComplete).toBe(true)
    expect(rows).toBe((sandboxPolicy.fields.length + 3) * 4)
    const [header, ...lines] = csv.trimEnd().split('\r\n')
    expect(header).toMatch(/^\uFEFFperson_id,person,roles,waiting_roles,groups,field,/)
    expect(lines).toHaveLength(rows)
    expect(lines.some((line) => line.includes('frontline,,,card_number,Card number'))).toBe(true)
    await endpoint.expectAuditEntry({
      action: 'report.export',
      outcome: 'ok',
      data: { report: 'access', format: 'csv', by: 'role', personId: null, class: null, rows },
    })
  })

  it('has everybody or one person, narrowed to a class', async () => {
    const endpoint = await startEndpoint()
    const sam = await endpoint.signIn(SAM_ADMINISTRATOR, 'nav_bar')
    const one = await sam.post('/api/reports/access/exports', {
      by: 'person',
      reportedPersonId: MAYA,
      sensitivityClass: 'secret',
    })
    const secret = sandboxPolicy.fields.filter((each) => each.sensitivityClass === 'secret').length
    expect(one.as(accessExport).rows).toBe(secret + 1)
    const all = await sam.post('/api/reports/access/exports', { by: 'person' })
    expect(all.as(accessExport).rows).toBeGreaterThan(secret + 1)
  })

  it('holds no formula, whatever somebody is called', async () => {
    const endpoint = await startEndpoint()
    endpoint.zendesk.changePerson(MAYA, { name: '=HYPERLINK("https://example.com")' })
    const ingrid = await endpoint.signIn(INGRID_COMPLIANCE, 'nav_bar')
    const answer = await ingrid.post('/api/reports/access/exports', {
      by: 'person',
      reportedPersonId: MAYA,
    })
    expect(answer.as(accessExport).csv).not.toMatch(/(^|,)"?=/m)
  })

  it.each([
    ['a lead', OMAR],
    ['a frontline agent', MAYA],
  ])('%s gets none, and the refusal is an entry', async (_, personId) => {
    const endpoint = await startEndpoint()
    const caller = await endpoint.signIn(personId, 'nav_bar')
    const answer = await caller.post('/api/reports/access/exports', { by: 'person' })
    expect(answer.problem().code).toBe('role_not_permitted')
    await endpoint.expectAuditEntry({
      action: 'report.export',
      outcome: 'refused',
      code: 'role_not_permitted',
    })
  })
})
