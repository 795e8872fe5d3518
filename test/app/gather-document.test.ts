/** A document comes in parts and is one again, or not at all. */
import { describe, expect, test } from 'vitest'
import { gatherValue } from '../../src/app/features/revealed-value/gather-document.ts'
import type { RevealedDocument, RevealedValue } from '../../src/contract/grants.ts'
import { MAX_DOCUMENT_BYTES, PART_BYTES, partRange } from '../../src/core/document.ts'
import { documentAnswer, revealedPhone } from './fixtures.ts'

const LONG = Uint8Array.from({ length: PART_BYTES * 2 + 5 }, (_, index) => index % 251)

function answers(bytes: Uint8Array, contentType = 'application/pdf') {
  const asked: number[] = []
  const ask = async (part: number): Promise<RevealedValue> => {
    asked.push(part)
    return documentAnswer(bytes, { contentType, part })
  }
  return { first: documentAnswer(bytes, { contentType, part: 0 }), ask, asked }
}

const change = (answer: RevealedDocument, of: Partial<RevealedDocument['document']>) => ({
  ...answer,
  document: { ...answer.document, ...of },
})

describe('a document', () => {
  test('of several parts is put together, and each part is asked for once', async () => {
    const { first, ask, asked } = answers(LONG)
    const whole = await gatherValue(first, ask)
    if (!('document' in whole)) throw new Error('no document')
    expect(Buffer.from(whole.document.bytes).equals(Buffer.from(LONG))).toBe(true)
    expect(asked.toSorted()).toEqual([1, 2])
    expect(whole.document).toMatchObject({
      contentType: 'application/pdf',
      isDownloadAllowed: false,
    })
    expect(whole.watermark).toEqual(first.watermark)
  })

  test('of one part asks for nothing more', async () => {
    const { first, ask, asked } = answers(LONG.subarray(0, 10))
    const whole = await gatherValue(first, ask)
    expect('document' in whole && whole.document.bytes.length).toBe(10)
    expect(asked).toEqual([])
  })

  test('is not put together from a part of another length', async () => {
    const { first } = answers(LONG)
    const short = async (part: number) => {
      const { start, end } = partRange(LONG.length, part)
      const data = Buffer.from(LONG.subarray(start, end - 1)).toString('base64')
      return change(documentAnswer(LONG, { part }), { data })
    }
    await expect(gatherValue(first, short)).rejects.toThrow(RangeError)
  })

  test('is not put together from another part than the one asked for', async () => {
    const { first } = answers(LONG)
    await expect(gatherValue(first, async () => documentAnswer(LONG, { part: 1 }))).rejects.toThrow(
      TypeError,
    )
  })

  test('longer than any that the endpoint keeps is not even given room', async () => {
    const { first, ask } = answers(LONG)
    await expect(gatherValue(change(first, { size: MAX_DOCUMENT_BYTES + 1 }), ask)).rejects.toThrow(
      RangeError,
    )
  })

  test('whose part does not come is none', async () => {
    const { first } = answers(LONG)
    const failure = new Error('lost')
    await expect(gatherValue(first, () => Promise.reject(failure))).rejects.toBe(failure)
  })
})

describe('a text file', () => {
  const text = 'Name: Zoë\r\nPassport L898902C3\n'
  const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from(text, 'utf16le')])

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with its mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, little end first', utf16],
    ['UTF-16, big end first', Buffer.from(utf16).swap16()],
  ])('in %s becomes its text', async (_, bytes) => {
    const { first, ask } = answers(new Uint8Array(bytes), 'text/plain')
    expect(await gatherValue(first, ask)).toMatchObject({ value: text })
  })
})

test('a text that no browser lays out ends in an ellipsis', async () => {
  const { first, ask } = answers(new Uint8Array(Buffer.from('7 '.repeat(90_000))), 'text/plain')
  const shown = await gatherValue(first, ask)
  expect('value' in shown && shown.value).toMatch(/^(?:7 ){50000}\n…$/)
})

test('a value that is no document stays as it is', async () => {
  const ask = () => Promise.reject(new Error('nothing more to ask for'))
  expect(await gatherValue(revealedPhone, ask)).toBe(revealedPhone)
})
