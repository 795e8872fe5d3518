/** An agent takes a document down into a protected field. */
import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { takenIn } from '../../../src/contract/protected-fields.ts'
import { MAX_UPLOAD_BYTES } from '../../../src/core/document.ts'
import { openDocument } from '../../../src/endpoint/vault/open-document.ts'
import { findSealed } from '../../../src/storage/found-values.ts'
import { protectedValues } from '../../../src/storage/schema.ts'
import { sample, startGrantedDocument } from '../../support/document.ts'
import type { Caller, TestEndpoint } from '../../support/endpoint.ts'
import { AISHA, MAYA, SAM_ADMINISTRATOR, startEndpoint, toAnswer } from '../../support/endpoint.ts'
import { RUNTIMES } from '../../support/endpoint-runtimes.ts'

const FILE = 'application/octet-stream'

async function drop(
  endpoint: TestEndpoint,
  by: Caller,
  bytes: Uint8Array<ArrayBuffer>,
  { fieldId = 'passport', type = FILE }: { fieldId?: string; type?: string } = {},
) {
  const path = `/api/tickets/4001/protected-fields/${fieldId}/document`
  const headers = { authorization: `Bearer ${by.credential}`, 'content-type': type }
  return toAnswer(await endpoint.request(path, { method: 'POST', headers, body: bytes }))
}

const rowsOf = ({ deps }: TestEndpoint) =>
  deps.database.orm
    .select()
    .from(protectedValues)
    .where(and(eq(protectedValues.account, deps.account.id), eq(protectedValues.recordId, 4001)))

describe('a document that an agent takes down', () => {
  it.each(RUNTIMES)('is stored whole on %s, as long as one may be', async (runtime) => {
    const endpoint = await startEndpoint({ runtime })
    const maya = await endpoint.signIn(MAYA)
    const scan = sample('image/webp', MAX_UPLOAD_BYTES)
    const taken = (await drop(endpoint, maya, scan)).as(takenIn)
    expect(taken).toEqual({ fieldId: 'passport', masked: '••••••••', version: 1 })
    const { deps } = endpoint
    const key = { record: { type: 'ticket', id: 4001 }, fieldId: 'passport', version: 1 } as const
    const jwe = (await findSealed(deps.database.orm, deps.account.id, key)) ?? ''
    expect(Buffer.from(scan).equals(await openDocument(deps, key, jwe))).toBe(true)
    await endpoint.expectAuditEntry({
      action: 'protected_value.take_in',
      actor: { type: 'person', id: MAYA, roles: ['frontline'] },
      fields: ['passport'],
      data: { version: 1, contentType: 'image/webp' },
    })
    const tooLong = sample('image/webp', MAX_UPLOAD_BYTES + 1)
    expect((await drop(endpoint, maya, tooLong)).problem().code).toBe('payload_too_large')
    await endpoint.sweep()
    const [row] = await rowsOf(endpoint)
    expect(endpoint.zendesk.fieldText(4001, 302)).toBe(`•••••••• [scrim:${row?.token}]`)
    await endpoint.close()
  })

  it('takes the place of the one before, whose grants end', async () => {
    const endpoint = await startEndpoint()
    const { maya, grantId } = await startGrantedDocument(endpoint, sample())
    expect((await drop(endpoint, maya, sample())).as(takenIn).version).toBe(2)
    await endpoint.expectAuditEntry({ action: 'grant.end', grantId })
  })

  const text = (content: string) => new TextEncoder().encode(content)
  it.each<[string, Uint8Array<ArrayBuffer>, object, number, string]>([
    ['is empty', new Uint8Array(), {}, 422, 'value_invalid'],
    ['is HTML', text('<!doctype html><p>'), {}, 415, 'media_type_unsupported'],
    ['is plain text', text('L898902C3'), {}, 415, 'media_type_unsupported'],
    ['is nothing we know', text('\x7fELF'), {}, 415, 'media_type_unsupported'],
    ['is for a card', sample(), { fieldId: 'card_number' }, 415, 'media_type_unsupported'],
    ['is for no field', sample(), { fieldId: 'no_such_field' }, 404, 'field_unknown'],
    ['comes as a form', sample(), { type: 'multipart/form-data' }, 415, 'media_type_unsupported'],
    ['says its own type', sample(), { type: 'image/png' }, 415, 'media_type_unsupported'],
  ])('is refused when it %s', async (_, bytes, change, status, code) => {
    const endpoint = await startEndpoint()
    const answer = await drop(endpoint, await endpoint.signIn(MAYA), bytes, change)
    expect(answer.problem()).toMatchObject({ status, code })
    expect(await rowsOf(endpoint)).toEqual([])
    await endpoint.expectNoAuditEntry('protected_value.take_in')
  })

  it.each([
    [AISHA, 'ticket_access_denied'],
    [SAM_ADMINISTRATOR, 'role_not_permitted'],
  ])('is refused to person %d, and that is logged', async (personId, code) => {
    const endpoint = await startEndpoint()
    const caller = await endpoint.signIn(personId)
    expect((await drop(endpoint, caller, sample())).problem().code).toBe(code)
    await endpoint.expectAuditEntry({ action: 'protected_value.refuse', outcome: 'refused', code })
    expect(await rowsOf(endpoint)).toEqual([])
  })

  it('is read for nobody without a session', async () => {
    const endpoint = await startEndpoint()
    const stranger = { credential: 'none' } as Caller
    expect((await drop(endpoint, stranger, sample())).problem().code).toBe('session_invalid')
  })
})
