/**
 * What a customer sent: what they typed, or a document. Nothing of the form is believed: a file's name
 * and declared type are not looked at, sizes are counted while reading.
 */
import { MAX_UPLOAD_BYTES, isUploadable } from '../../core/document.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import { ScrimError } from '../../core/errors.ts'
import { MAX_VALUE_LENGTH } from '../../contract/protected-fields.ts'
import { sniffType } from '../documents/sniff.ts'
import { discardBody, readBytes } from '../input.ts'
import { checkValue } from '../protected-fields/take-in.ts'
import type { GivenValue } from '../vault/prepare-given.ts'

/** Why an answer is not taken, in the words of the page (`intake_page.<word>`). The link stays good. */
export type AnswerFault = {
  code: ScrimErrorCode
  word: 'fault' | 'fault_either' | 'fault_file_type' | 'fault_file_size' | 'fault_file_empty'
}

/** Longest form without a file: every character of the longest value may take nine bytes. */
const TEXT_FORM_BYTES = 40 * 1024
/** A file, what may be typed beside it, and the lines between them. */
const FILE_FORM_BYTES = MAX_UPLOAD_BYTES + TEXT_FORM_BYTES
/** What is read of a form that is too long, so that its sender sees why. A phone's photo is shorter. */
const DISCARDED_BYTES = 64 * 1024 * 1024

const FORM = /^application\/x-www-form-urlencoded(?:[ \t]*;.*)?$/i
const FORM_WITH_FILES = /^multipart\/form-data[ \t]*;/i
/** What no form field sends by itself: NUL, and the sign for bytes that were no text. */
const NO_TEXT = /[\0\ufffd]/

const NOTHING: AnswerFault = { code: 'value_invalid', word: 'fault' }
const NOT_ONE: AnswerFault = { code: 'value_invalid', word: 'fault_either' }
const TOO_LARGE: AnswerFault = { code: 'payload_too_large', word: 'fault_file_size' }
const EMPTY: AnswerFault = { code: 'value_invalid', word: 'fault_file_empty' }
const OTHER_TYPE: AnswerFault = { code: 'media_type_unsupported', word: 'fault_file_type' }

/** Reads the answer of a form; with `mayBeDocument` a file may stand for what is typed. */
export async function readAnswer(
  request: Request,
  mayBeDocument: boolean,
): Promise<GivenValue | { fault: AnswerFault }> {
  const type = request.headers.get('content-type') ?? ''
  const hasFiles = mayBeDocument && FORM_WITH_FILES.test(type)
  if (!hasFiles && !FORM.test(type)) return { fault: mayBeDocument ? NOT_ONE : NOTHING }
  const bytes = await bytesOf(request, hasFiles ? FILE_FORM_BYTES : TEXT_FORM_BYTES)
  if (bytes === null) return { fault: hasFiles ? TOO_LARGE : NOTHING }
  const form = await parseForm(bytes, type)
  const typed = form.getAll('value')
  // A browser sends a file field that was left alone as a file of nothing without a name.
  const files = form.getAll('file').filter(isChosen)
  const [file] = files
  const [text = ''] = typed
  if (typed.length > 1 || typeof text !== 'string') {
    return { fault: mayBeDocument ? NOT_ONE : NOTHING }
  }
  if (file === undefined || !hasFiles) return typedAnswer(text, mayBeDocument ? NOT_ONE : NOTHING)
  if (files.length > 1 || typeof file === 'string' || text.trim() !== '') return { fault: NOT_ONE }
  return documentAnswer(new Uint8Array(await file.arrayBuffer()))
}

function isChosen(file: File | string): boolean {
  return typeof file === 'string' ? file !== '' : file.size > 0 || file.name !== ''
}

/** The whole body, or null when it is too long. */
async function bytesOf(
  request: Request,
  limitBytes: number,
): Promise<Uint8Array<ArrayBuffer> | null> {
  try {
    return await readBytes(request, limitBytes)
  } catch (error) {
    if (!(error instanceof ScrimError) || error.code !== 'payload_too_large') throw error
    if (!request.bodyUsed) await discardBody(request, DISCARDED_BYTES)
    return null
  }
}

/** An empty form for what is none: cut short, or without the line that parts it. */
async function parseForm(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<FormData> {
  const headers = { 'content-type': contentType }
  return new Response(bytes, { headers }).formData().catch(() => new FormData())
}

function typedAnswer(sent: string, fault: AnswerFault): GivenValue | { fault: AnswerFault } {
  // Browsers send the line ends of a form as CRLF.
  const value = sent.replaceAll('\r\n', '\n')
  if (value.length > MAX_VALUE_LENGTH || NO_TEXT.test(value)) return { fault }
  const verdict = checkValue(value)
  return verdict.allowed ? { value } : { fault: { ...fault, code: verdict.code } }
}

function documentAnswer(bytes: Uint8Array): GivenValue | { fault: AnswerFault } {
  if (bytes.byteLength === 0) return { fault: EMPTY }
  if (bytes.byteLength > MAX_UPLOAD_BYTES) return { fault: TOO_LARGE }
  const contentType = sniffType(bytes)
  return isUploadable(contentType) ? { document: { bytes, contentType } } : { fault: OTHER_TYPE }
}
