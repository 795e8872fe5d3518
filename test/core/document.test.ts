import { describe, expect, it } from 'vitest'
import {
  MAX_DOCUMENT_BYTES,
  MAX_UPLOAD_BYTES,
  PART_BYTES,
  countParts,
  isShowable,
  isUploadable,
  mayBeDocument,
  partRange,
} from '../../src/core/document.ts'
import { FIELD_KINDS } from '../../src/core/protected-field.ts'

/** AWS Lambda quotas: a request or an answer that is not streamed holds at most 6 MB. */
const LAMBDA_PAYLOAD_BYTES = 6 * 1024 * 1024
/** For the event or the answer around the bytes. */
const ROOM_BYTES = 128 * 1024
const inBase64 = (bytes: number) => Math.ceil(bytes / 3) * 4

describe('a document', () => {
  it.each([0, 1, PART_BYTES - 1, PART_BYTES, PART_BYTES + 1, MAX_UPLOAD_BYTES, MAX_DOCUMENT_BYTES])(
    'of %i bytes is cut into parts that make the whole again',
    (size) => {
      const parts = Array.from({ length: countParts(size) }, (_, part) => partRange(size, part))
      expect(parts.map(({ start }) => start)).toEqual([
        0,
        ...parts.slice(0, -1).map(({ end }) => end),
      ])
      expect(parts.at(-1)?.end).toBe(size)
      expect(parts.filter(({ start, end }) => end - start > PART_BYTES)).toEqual([])
    },
  )

  it('that may be sent fits a request to Lambda, and a part of it an answer', () => {
    expect(inBase64(MAX_UPLOAD_BYTES) + ROOM_BYTES).toBeLessThan(LAMBDA_PAYLOAD_BYTES)
    expect(inBase64(PART_BYTES) + ROOM_BYTES).toBeLessThan(LAMBDA_PAYLOAD_BYTES)
  })

  it('may be sent as a scan or photo, and shown as text besides', () => {
    const types = [
      'application/pdf',
      'image/png',
      'image/jpeg',
      'image/webp',
      'image/gif',
      'text/plain',
      'text/html',
      'text/xml',
      'image/svg+xml',
      'application/octet-stream',
    ]
    expect(types.filter(isShowable)).toEqual(types.slice(0, 6))
    expect(types.filter(isUploadable)).toEqual(types.slice(0, 5))
    expect(isUploadable(null)).toBe(false)
  })

  it('may be given for identity documents only', () => {
    expect(FIELD_KINDS.filter(mayBeDocument)).toEqual(['identity_document'])
  })
})
