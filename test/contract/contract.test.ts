import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import * as auditEntries from '../../src/contract/audit-entries.ts'
import * as erasure from '../../src/contract/erasure.ts'
import * as grants from '../../src/contract/grants.ts'
import * as primitives from '../../src/contract/primitives.ts'
import * as protectedFields from '../../src/contract/protected-fields.ts'
import * as restrictedNotes from '../../src/contract/restricted-notes.ts'
import * as revealRequests from '../../src/contract/reveal-requests.ts'
import * as session from '../../src/contract/session.ts'
import type { GrantState as CoreGrantState } from '../../src/core/grant.ts'
import { defaultPolicy } from '../../src/core/policy.ts'
import type { RevealRequestState } from '../../src/core/reveal-request.ts'

const ID = '0f8fad5b-d9cb-469f-a165-70867728950e'

describe('what a browser may send', () => {
  const ask = {
    ticketId: 4001,
    fieldIds: ['card_number'],
    reasonCode: 'refund',
    reasonText: 'The customer disputes the last four digits.',
    minutes: 15,
  }
  const inputs: [string, z.ZodType, Record<string, unknown>][] = [
    ['asking', revealRequests.createRevealRequestInput, ask],
    ['approving', revealRequests.approveRevealRequestInput, { minutes: 5, fieldIds: ['phone'] }],
    ['denying', revealRequests.denyRevealRequestInput, { comment: 'Ask the assignee.' }],
    ['listing requests', revealRequests.listRevealRequestsQuery, { queue: 'decided' }],
    ['revealing', grants.revealInput, { attemptId: ID, fieldId: 'phone' }],
    ['keeping a value open', grants.heartbeatInput, { attemptId: ID }],
    ['releasing', grants.releaseInput, {}],
    ['revoking', grants.revokeInput, { comment: 'Wrong ticket.' }],
    ['erasing a customer', erasure.eraseCustomerInput, { reasonText: 'They asked for it.' }],
    ['taking a value in', protectedFields.takeInInput, { value: 'L898902C3' }],
    ['writing a note', restrictedNotes.writeNoteInput, { text: 'x', sensitivityClass: 'secret' }],
    ['reading the log', auditEntries.listAuditEntriesQuery, { before: '40', ticketId: '4001' }],
  ]
  it.each(inputs)('%s is understood', (_, schema, input) => {
    expect(schema.safeParse(input).error).toBeUndefined()
  })

  it.each(inputs)('%s takes nothing besides, least of all who one is', (_, schema, input) => {
    const smuggled = [
      'requesterId',
      'approverId',
      'roles',
      'account',
      'now',
      'token',
      'policyVersion',
    ]
    for (const key of smuggled) {
      expect(schema.safeParse({ ...input, [key]: 1 }).success).toBe(false)
    }
  })

  it.each(inputs)('%s is refused as anything but an object', (_, schema) => {
    for (const input of [null, undefined, '', 'text', 0, true, [], [{}]]) {
      expect(schema.safeParse(input).success).toBe(false)
    }
  })

  const hostile: [string, z.ZodType, unknown][] = [
    ['a ticket id as text', revealRequests.createRevealRequestInput, { ...ask, ticketId: '4001' }],
    ['a ticket id of zero', revealRequests.createRevealRequestInput, { ...ask, ticketId: 0 }],
    [
      'a ticket id beyond a double',
      revealRequests.createRevealRequestInput,
      { ...ask, ticketId: 2 ** 53 },
    ],
    ['half a ticket', revealRequests.createRevealRequestInput, { ...ask, ticketId: 4001.5 }],
    ['no field', revealRequests.createRevealRequestInput, { ...ask, fieldIds: [] }],
    ['one field as text', revealRequests.createRevealRequestInput, { ...ask, fieldIds: 'phone' }],
    [
      '21 fields',
      revealRequests.createRevealRequestInput,
      { ...ask, fieldIds: Array(21).fill('phone') },
    ],
    [
      'a field id of SQL',
      revealRequests.createRevealRequestInput,
      { ...ask, fieldIds: ["' OR 1=1"] },
    ],
    [
      'a field id of a path',
      revealRequests.createRevealRequestInput,
      { ...ask, fieldIds: ['../x'] },
    ],
    [
      'a reason of 501 characters',
      revealRequests.createRevealRequestInput,
      { ...ask, reasonText: 'x'.repeat(501) },
    ],
    [
      'a reason that is an object',
      revealRequests.createRevealRequestInput,
      { ...ask, reasonText: { $ne: '' } },
    ],
    ['no minutes', revealRequests.createRevealRequestInput, { ...ask, minutes: 0 }],
    ['121 minutes', revealRequests.createRevealRequestInput, { ...ask, minutes: 121 }],
    [
      'minutes that are no number',
      revealRequests.createRevealRequestInput,
      { ...ask, minutes: Number.NaN },
    ],
    ['an approval of no field', revealRequests.approveRevealRequestInput, { fieldIds: [] }],
    ['a denial without a comment', revealRequests.denyRevealRequestInput, {}],
    ['an unknown queue', revealRequests.listRevealRequestsQuery, { queue: 'all' }],
    ['an attempt without an id', grants.revealInput, { fieldId: 'phone' }],
    ['an attempt whose id is no UUID', grants.revealInput, { attemptId: '1', fieldId: 'phone' }],
    ['a reveal of no field', grants.revealInput, { attemptId: ID }],
    [
      'a reveal by token',
      grants.revealInput,
      { attemptId: ID, fieldId: 'phone', token: '7Q2K9M4XA1BC3DEF' },
    ],
    ['an empty value', protectedFields.takeInInput, { value: '' }],
    ['a value of 4097 characters', protectedFields.takeInInput, { value: 'x'.repeat(4097) }],
    ['a value that is a number', protectedFields.takeInInput, { value: 4242 }],
    ['a place in the log before its start', auditEntries.listAuditEntriesQuery, { before: '-1' }],
    ['a place in the log that is no number', auditEntries.listAuditEntriesQuery, { before: '1e3' }],
    ['an action with a wildcard', auditEntries.listAuditEntriesQuery, { action: 'grant.%' }],
  ]
  it.each(hostile)('%s is refused', (_, schema, input) => {
    expect(schema.safeParse(input).success).toBe(false)
  })

  const ids: [string, number | null][] = [
    ['4001', 4001],
    ['1', 1],
    ['9007199254740991', 9007199254740991],
    ['9007199254740992', null],
    ['0', null],
    ['-1', null],
    ['01', null],
    ['+1', null],
    ['1.0', null],
    ['1e3', null],
    ['0x10', null],
    [' 1', null],
    ['1\n', null],
    ['１', null],
    ['', null],
    ['99999999999999999999', null],
  ]
  it.each(ids)('the ticket id %j in a path is %j', (text, expected) => {
    expect(primitives.zendeskIdParam.safeParse(text).data ?? null).toBe(expected)
  })

  it('an id of Scrim is a UUID in lower case, however it was sent', () => {
    expect(primitives.scrimId.parse(ID.toUpperCase())).toBe(ID)
    for (const text of ['', 'x', `${ID}0`, `{${ID}}`, `${ID}\n`, ID.replaceAll('-', '')]) {
      expect(primitives.scrimId.safeParse(text).success).toBe(false)
    }
    fc.assert(
      fc.property(fc.uuid(), (id) => {
        expect(primitives.scrimId.parse(id)).toBe(id)
      }),
    )
  })
})

/** Every property name of a schema with the path to it. */
function namesIn(schema: unknown): string[] {
  if (Array.isArray(schema)) return schema.flatMap(namesIn)
  if (typeof schema !== 'object' || schema === null) return []
  const own =
    'properties' in schema && typeof schema.properties === 'object' && schema.properties !== null
      ? Object.keys(schema.properties)
      : []
  return [...own, ...Object.values(schema).flatMap(namesIn)]
}

describe('what the endpoint answers', () => {
  const modules = { auditEntries, grants, primitives, protectedFields, revealRequests, session }
  const schemas = Object.entries(modules).flatMap(([, module]) =>
    Object.entries(module).filter(
      (entry): entry is [string, z.ZodType] => entry[1] instanceof z.ZodType,
    ),
  )

  it('holds a value in one answer only: the reveal', () => {
    const holders = schemas
      .filter(([, schema]) => namesIn(z.toJSONSchema(schema, { io: 'input' })).includes('value'))
      .map(([name]) => name)
    expect(holders.toSorted()).toEqual(['revealedText', 'revealedValue', 'takeInInput'])
  })

  it('holds a session credential in the page only', () => {
    const holders = schemas
      .filter(([, schema]) =>
        namesIn(z.toJSONSchema(schema, { io: 'input' })).includes('credential'),
      )
      .map(([name]) => name)
    expect(holders).toEqual(['pageData'])
  })

  it('never holds a token, a key or a ciphertext', () => {
    const forbidden = ['token', 'jwe', 'ciphertext', 'key', 'kid', 'salt', 'email']
    for (const [, schema] of schemas) {
      const names = namesIn(z.toJSONSchema(schema, { io: 'input' }))
      expect(names.filter((name) => forbidden.includes(name))).toEqual([])
    }
  })

  it('shows a lead no mask: a queued request says which fields, not what is in them', () => {
    const names = namesIn(z.toJSONSchema(revealRequests.revealRequestList, { io: 'input' }))
    expect(names).toContain('ticketSubject')
    expect(names).not.toContain('masked')
  })

  it('knows every state that a request and a grant can be in', () => {
    const requestStates: Record<RevealRequestState, true> = {
      pending: true,
      approved: true,
      denied: true,
      withdrawn: true,
      expired: true,
      ended: true,
    }
    const grantStates: Record<CoreGrantState, true> = {
      active: true,
      expired: true,
      exhausted: true,
      released: true,
      revoked: true,
      ended: true,
    }
    expect([...revealRequests.REQUEST_STATES]).toEqual(Object.keys(requestStates))
    expect([...grants.GRANT_STATES]).toEqual(Object.keys(grantStates))
  })

  it('lets one ask for as long and as briefly as the default policy allows', () => {
    const { limits, reasons } = defaultPolicy({ leadGroupId: 1, complianceGroupId: 2, fields: [] })
    for (const { code } of reasons) {
      const input = {
        ticketId: 1,
        fieldIds: ['phone'],
        reasonCode: code,
        reasonText: 'x'.repeat(limits.minReasonLength),
        minutes: limits.maxMinutes,
      }
      expect(revealRequests.createRevealRequestInput.safeParse(input).error).toBeUndefined()
    }
  })

  it('refuses a page that names a location of its own', () => {
    const page = { location: 'nav_bar', session: null, refusal: 'page_credential_replayed' }
    expect(session.pageData.safeParse(page).error).toBeUndefined()
    expect(session.pageData.safeParse({ ...page, location: 'modal' }).success).toBe(false)
    expect(session.pageData.safeParse({ ...page, refusal: 'because' }).success).toBe(false)
  })
})
