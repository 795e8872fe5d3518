import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../src/audit/entry.ts'
import { AUDIT_ACTIONS, encodeEntry, entryBytes, textHash } from '../../src/audit/entry.ts'
import { leafHash } from '../../src/audit/tree.ts'
import { fromHex, hex, sha256 } from './sha256.ts'

const FORMAT = readFileSync(new URL('../../src/audit/FORMAT.md', import.meta.url), 'utf8')

const REASON = textHash(
  sha256,
  fromHex('000102030405060708090a0b0c0d0e0f'),
  'The customer asks for a refund.',
)

const ENTRY: AuditEntry = {
  v: 1,
  account: 'example',
  at: '2026-11-22T10:00:00.000Z',
  action: 'reveal_request.create',
  actor: { type: 'person', id: 101, roles: ['frontline'] },
  outcome: 'ok',
  record: { type: 'ticket', id: 4001 },
  fields: ['card_number'],
  requestId: '6f1f2a52-1d0c-4c0b-9a55-0d9f5e0b7f10',
  policyVersion: 1,
  data: { reasonCode: 'refund', minutes: 15 },
  texts: { reason: REASON },
}

describe('an entry', () => {
  test('is spelled as FORMAT.md shows it', () => {
    expect(FORMAT).toContain(`\n${encodeEntry(ENTRY)}\n`)
    expect(FORMAT).toContain(`\`${hex(leafHash(sha256, entryBytes(encodeEntry(ENTRY))))}\``)
  })

  test('has one spelling, whatever the order its parts were given in', () => {
    const backwards = Object.fromEntries(Object.entries(ENTRY).toReversed()) as AuditEntry
    expect(encodeEntry(backwards)).toBe(encodeEntry(ENTRY))
  })

  test('leaves out what does not apply', () => {
    const body = encodeEntry({ ...ENTRY, requestId: undefined, texts: undefined })
    expect(body).not.toContain('requestId')
    expect(body).not.toContain('texts')
  })

  test('holds text as a hash that its salt decides', () => {
    const text = 'The customer asks for a refund.'
    expect(REASON).toMatch(/^[\w-]{43}$/)
    expect(textHash(sha256, fromHex('00'.repeat(16)), text)).not.toBe(REASON)
    expect(textHash(sha256, fromHex('000102030405060708090a0b0c0d0e0f'), `${text} `)).not.toBe(
      REASON,
    )
  })

  test('cannot say a number that JSON has no word for', () => {
    expect(() => encodeEntry({ ...ENTRY, policyVersion: Number.NaN })).toThrow('NaN')
  })

  test('is of an action that is named once, as entity and verb', () => {
    expect(new Set(AUDIT_ACTIONS).size).toBe(AUDIT_ACTIONS.length)
    for (const action of AUDIT_ACTIONS) expect(action).toMatch(/^[a-z_]+\.[a-z_]+$/)
  })
})
