/**
 * What an attachment is to policy: something to take out, something to leave, or something that nobody
 * could look into. Decides by content, not by name; what the sender calls it counts where content says
 * nothing, and to leave pictures unfetched that nobody would look into.
 */
import { setImmediate } from 'node:timers/promises'
import { MAX_DOCUMENT_BYTES } from '../../core/document.ts'
import { documentKind, handlingOf } from '../../core/ingestion.ts'
import type { SensitivityClass } from '../../core/protected-field.ts'
import { detect } from '../../detect/detect.ts'
import type { DetectedKind, Span } from '../../detect/span.ts'
import type { ContentAttachment } from '../../zendesk/ticket-content.ts'
import type { EndpointDeps } from '../context.ts'
import { extractText } from '../documents/extract-text.ts'
import { sniffType } from '../documents/sniff.ts'

/** What of a file goes to the vault, and as what. */
export type FoundDocument = {
  bytes: Uint8Array
  /** What no type is known of is kept, and cannot be shown. */
  contentType: string
  kind: DetectedKind
  sensitivityClass: SensitivityClass
  /** What was found in its text, each kind once. */
  foundKinds: readonly DetectedKind[]
  /** Of these, what is kept nowhere: it does not stand in `bytes`. */
  destroyedKinds: readonly DetectedKind[]
}

/**
 * `document`: take it out. `nothing`: there is nothing to take out. `unread`: it could not be looked
 * into (encrypted, broken, too large, held back as malware, of a type whose text we cannot read), or
 * not be kept as policy wants it, and stays.
 */
export type Look = { is: 'document'; document: FoundDocument } | { is: 'nothing' | 'unread' }

const NOTHING: Look = { is: 'nothing' }
const UNREAD: Look = { is: 'unread' }

const PDF = 'application/pdf'
const PLAIN_TEXT = 'text/plain'
const UNKNOWN = 'application/octet-stream'
/** Nothing to read: taken whole on marked tickets, left alone on all others. */
const PICTURE = /^(?:image|audio|video)\/(?!svg)/
const MARKUP: readonly string[] = ['text/html', 'text/xml', 'image/svg+xml']
/** Characters that are looked through at a stretch: some hundredths of a second. */
const PIECE_LENGTH = 100_000
/** What Zendesk, too, leaves of what is redacted. */
const BLOCK = '▇'

/**
 * Fetches a file and looks into it. `isMarked`: the ticket is one whose pictures and PDFs policy takes
 * whole; there, what cannot be read is taken whole, too. Throws `zendesk_unavailable`, `zendesk_busy`.
 */
export async function lookInto(
  deps: EndpointDeps,
  attachment: ContentAttachment,
  isMarked: boolean,
): Promise<Look> {
  const { isScanned, kind, sensitivityClass } = deps.policy.ingestion.attachments
  if (attachment.size === 0) return NOTHING
  if (!isMarked && (!isScanned || PICTURE.test(attachment.contentType))) return NOTHING
  if (!isMarked && attachment.isMalware) return UNREAD
  const bytes = await deps.zendesk.content.attachment(attachment, MAX_DOCUMENT_BYTES)
  if (bytes === null || bytes === 'too_large') return UNREAD
  const contentType = sniffType(bytes)
  const whole: Look = {
    is: 'document',
    document: {
      bytes,
      contentType: contentType ?? UNKNOWN,
      kind,
      sensitivityClass,
      foundKinds: [],
      destroyedKinds: [],
    },
  }

  if (PICTURE.test(contentType ?? attachment.contentType)) return isMarked ? whole : NOTHING
  if (!isScanned) return contentType === PDF ? whole : NOTHING
  const isReadable = contentType !== null && !attachment.isMalware
  const read = isReadable ? await extractText(bytes, contentType) : null
  if (read === null) return isMarked ? whole : UNREAD
  const found = await findIn(deps, read.text, whole.document.contentType)
  const foundKinds = kindsOf(found)
  const isTakenWhole = isMarked && (contentType === PDF || !read.isComplete)
  if (found.length === 0 && !isTakenWhole) return read.isComplete ? NOTHING : UNREAD

  const as = isTakenWhole ? { kind, sensitivityClass } : documentKind(deps.policy, foundKinds)
  const document = { ...whole.document, ...as, foundKinds }
  const destroyed = found.filter((span) => handlingOf(deps.policy, span.kind) === 'destroyed')
  if (destroyed.length === 0) return { is: 'document', document }
  // It cannot be cut out of the file, only of its text; and a part of the text is not all there was.
  if (!read.isComplete) return UNREAD
  return {
    is: 'document',
    document: {
      ...document,
      bytes: new TextEncoder().encode(blackOut(read.text, destroyed)),
      contentType: contentType === PDF ? PLAIN_TEXT : document.contentType,
      destroyedKinds: kindsOf(destroyed),
    },
  }
}

async function findIn(deps: EndpointDeps, text: string, contentType: string): Promise<Span[]> {
  const { levels, custom } = deps.policy.detection
  const markup = MARKUP.includes(contentType) ? 'html' : 'text'
  const found: Span[] = []
  for (let at = 0; at < text.length;) {
    const piece = pieceAt(text, at)
    for (const span of detect(piece, { levels, custom, markup })) {
      if (handlingOf(deps.policy, span.kind) === 'ignored') continue
      found.push({ ...span, start: span.start + at, end: span.end + at })
    }
    at += piece.length
    // People's requests have their turn in between.
    await setImmediate()
  }
  return found
}

/** Up to a line's end, or a blank, where there is one. */
function pieceAt(text: string, at: number): string {
  const piece = text.slice(at, at + PIECE_LENGTH)
  if (at + piece.length === text.length) return piece
  const end = Math.max(piece.lastIndexOf('\n'), 0) || Math.max(piece.lastIndexOf(' '), 0)
  return end === 0 ? piece : piece.slice(0, end + 1)
}

function kindsOf(spans: readonly Span[]): DetectedKind[] {
  return [...new Set(spans.map(({ kind }) => kind))].toSorted()
}

/** Spans are in order and do not overlap. */
function blackOut(text: string, spans: readonly Span[]): string {
  let kept = ''
  let at = 0
  for (const { start, end } of spans) {
    kept += text.slice(at, start) + BLOCK.repeat(end - start)
    at = end
  }
  return kept + text.slice(at)
}
