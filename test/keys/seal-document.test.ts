import { randomBytes } from 'node:crypto'
import { CompactEncrypt, decodeProtectedHeader } from 'jose'
import { describe, expect, it } from 'vitest'
import { PART_BYTES } from '../../src/core/document.ts'
import { environmentKeys, generateKey, parseKeys } from '../../src/keys/key-provider.ts'
import type { RecordBinding } from '../../src/keys/seal.ts'
import { openValue, sealValue } from '../../src/keys/seal.ts'
import {
  measureDocument,
  openDocumentPart,
  resealDocument,
  sealDocument,
} from '../../src/keys/seal-document.ts'

const RECORD: RecordBinding = {
  account: 'example',
  recordType: 'ticket',
  recordId: 4001,
  fieldId: 'passport',
  version: 1,
}
const ring = parseKeys(`${generateKey('k1')},${generateKey('k2')}`)
const keys = environmentKeys(ring)

/** Two full parts and a short one. */
const scan = new Uint8Array(randomBytes(2 * PART_BYTES + 1000))
const { jwe, parts } = await sealDocument(keys, RECORD, scan)
const [first = '', second = '', third = ''] = parts

const open = (part: number, sealed: string | undefined, sealedManifest = jwe, record = RECORD) =>
  openDocumentPart(keys, record, sealedManifest, sealed, part)
const failed = { code: 'reveal_failed' }

describe('a sealed document', () => {
  it('comes back part by part as it went in', async () => {
    const opened = await Promise.all(parts.map((sealed, part) => open(part, sealed)))
    expect(Buffer.concat(opened.map(({ bytes }) => bytes)).equals(scan)).toBe(true)
    for (const { size, parts } of opened) {
      expect({ size, parts }).toEqual({ size: scan.byteLength, parts: 3 })
    }
  })

  it.each([0, 1, PART_BYTES, PART_BYTES + 1])('may have %i bytes', async (size) => {
    const bytes = new Uint8Array(size).fill(7)
    const sealed = await sealDocument(keys, RECORD, bytes)
    expect(sealed.parts).toHaveLength(size > PART_BYTES ? 2 : 1)
    expect(await measureDocument(keys, RECORD, sealed.jwe)).toMatchObject({ size })
    const last = sealed.parts.length - 1
    const opened = await open(last, sealed.parts[last], sealed.jwe)
    expect(opened.bytes.byteLength).toBe(size - last * PART_BYTES)
  })

  it('has a key of its own: the same document sealed twice looks different', async () => {
    const again = await sealDocument(keys, RECORD, scan)
    expect(again.parts[0]).not.toBe(first)
    await expect(open(0, again.parts[0])).rejects.toMatchObject(failed)
  })

  it('opens under a new wrapping key with the parts it had', async () => {
    const rotated = environmentKeys({ ...ring, currentKeyId: 'k2' })
    const moved = await resealDocument(rotated, RECORD, jwe)
    expect(decodeProtectedHeader(moved).kid).toBe('k2')
    const opened = await openDocumentPart(rotated, RECORD, moved, second, 1)
    expect(Buffer.from(opened.bytes).equals(scan.subarray(PART_BYTES, 2 * PART_BYTES))).toBe(true)
  })
})

describe('a document stays closed', () => {
  it.each<[string, Partial<RecordBinding>]>([
    ['account', { account: 'other' }],
    ['ticket', { recordId: 4002 }],
    ['field', { fieldId: 'card_number' }],
    ['version', { version: 2 }],
  ])('when row and parts were moved to another %s', async (_, change) => {
    await expect(open(0, first, jwe, { ...RECORD, ...change })).rejects.toMatchObject(failed)
  })

  it('when a part was moved to a document of another record whose row is in order', async () => {
    const elsewhere = { ...RECORD, recordId: 4002 }
    const other = await sealDocument(keys, elsewhere, scan)
    await expect(open(0, first, other.jwe, elsewhere)).rejects.toMatchObject(failed)
  })

  it.each([
    ['two parts were swapped', 0, second],
    ['two parts were swapped', 1, first],
    ['the last part stands for an earlier one', 1, third],
    ['a part is missing', 1, undefined],
    ['a part is empty', 1, ''],
    ['a part was cut', 1, second.slice(0, -100)],
    ['a part is asked for that it never had', 3, third],
  ])('when %s', async (_, part, sealed) => {
    await expect(open(part, sealed)).rejects.toMatchObject(failed)
  })

  it('when one character of a part was changed', async () => {
    const segments = third.split('.')
    for (const at of [0, 2, 3, 4]) {
      const segment = segments[at] ?? ''
      const changed = `${segment.startsWith('A') ? 'B' : 'A'}${segment.slice(1)}`
      await expect(open(2, segments.with(at, changed).join('.'))).rejects.toMatchObject(failed)
    }
  })

  it('when it was cut to fewer parts by somebody who has its content key', async () => {
    const header = decodeProtectedHeader(first)
    const manifest = JSON.parse(await openValue(keys, RECORD, jwe, 'document')) as { key: string }
    const forged = (count: number, bytes: Uint8Array) =>
      new CompactEncrypt(bytes)
        .setProtectedHeader({ ...header, alg: 'dir', enc: 'A256GCM', 'scrim.part': [0, count] })
        .encrypt(Buffer.from(manifest.key, 'base64url'))
    const bytes = scan.slice(0, PART_BYTES)
    expect((await open(0, await forged(3, bytes))).parts).toBe(3)
    await expect(open(0, await forged(1, bytes))).rejects.toMatchObject(failed)
    await expect(open(0, await forged(3, bytes.subarray(1)))).rejects.toMatchObject(failed)
  })

  it('to whoever asks for it as a text, and a text to whoever asks for a document', async () => {
    await expect(openValue(keys, RECORD, jwe)).rejects.toMatchObject(failed)
    const text = await sealValue(keys, RECORD, JSON.stringify({ size: 1, parts: 1, key: 'AAAA' }))
    await expect(open(0, first, text)).rejects.toMatchObject(failed)
  })

  it('when the row was emptied, whatever is left of its parts', async () => {
    await expect(open(0, first, '')).rejects.toMatchObject(failed)
  })

  it('when its wrapping key is gone, which is told apart: it is not lost yet', async () => {
    const other = environmentKeys(parseKeys(generateKey('k9')))
    await expect(openDocumentPart(other, RECORD, jwe, first, 0)).rejects.toMatchObject({
      code: 'keys_unavailable',
    })
  })
})
