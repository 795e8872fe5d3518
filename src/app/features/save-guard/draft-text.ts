/**
 * The draft's text, whichever way the host gives it: plain, or HTML where its editor is rich. What is
 * found is told and replaced by value, because the agent may go on writing meanwhile.
 */
import type { Detect, DetectOptions } from '../../../detect/detector.ts'
import type { Span } from '../../../detect/span.ts'

/** A span of the draft and what it says once tags and references are read. */
export type Occurrence = Span & { value: string }

/** Elements that end a line. */
const BREAKS =
  /^(?:address|blockquote|br|dd|div|dl|dt|h[1-6]|hr|li|ol|p|pre|section|table|td|th|tr|ul)$/i
const TAG = /<\/?([a-z][a-z0-9]{0,15})(?:[\s/][^<>]{0,2000})?>/gi
const REFERENCE = /&(?:#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,31}\d{0,2});/i
/** Names and addresses of an editor's own, full of digits that nobody wrote. */
const OWN_ATTRIBUTE =
  /\b(?:class|data-[\w-]{1,40}|height|id|src|srcset|style|width)\s{0,4}=\s{0,4}(?:"[^"<>]{0,2000}"|'[^'<>]{0,2000}')/gi

/** Whether a text may be HTML. Plain text that looks like it is read both ways. */
export function mayBeMarkup(text: string): boolean {
  return new RegExp(TAG.source, 'i').test(text) || REFERENCE.test(text)
}

/** HTML as a reader sees it: no tags, references as the characters they stand for. */
export function plainText(text: string): string {
  if (!mayBeMarkup(text)) return text
  const lines = text.replace(TAG, (_, name: string) => (BREAKS.test(name) ? '\n' : ''))
  // Parsed apart from the page: nothing in it runs or loads.
  const page = new DOMParser().parseFromString(
    `<!doctype html><body>${lines.replaceAll('<', '&lt;')}`,
    'text/html',
  )
  return page.body.textContent ?? ''
}

function valueIn(written: string): string {
  return plainText(written).replaceAll('\u00a0', ' ').trim()
}

/** What `detect` finds in the draft, by place. Throws what `detect` throws. */
export function scanDraft(detect: Detect, text: string, options: DetectOptions): Occurrence[] {
  const found = mayBeMarkup(text)
    ? bothWays(detect, text, options)
    : detect(text, { ...options, markup: 'text' })
  return found.map((span) => ({ ...span, value: valueIn(text.slice(span.start, span.end)) }))
}

/** As HTML, and besides that what stands where HTML has no text: in an address that a link leads to. */
function bothWays(detect: Detect, text: string, options: DetectOptions): Span[] {
  const read = detect(text, { ...options, markup: 'html' })
  const written = text.replace(OWN_ATTRIBUTE, (own) => ' '.repeat(own.length))
  const more = detect(written, { ...options, markup: 'text' }).filter(
    (span) => !read.some((other) => span.start < other.end && other.start < span.end),
  )
  return [...read, ...more].toSorted((one, other) => one.start - other.start)
}

/** `text` with `mask` in place of each occurrence. Tags inside one stay, so that what opens closes. */
export function replaceOccurrences(
  text: string,
  occurrences: readonly Occurrence[],
  mask: string,
): string {
  return occurrences
    .toSorted((one, other) => other.start - one.start)
    .reduce((rest, { start, end }) => {
      const tags = rest.slice(start, end).match(TAG)?.join('') ?? ''
      return rest.slice(0, start) + mask + tags + rest.slice(end)
    }, text)
}

/** Whether two texts say the same to a reader, spaces aside. */
export function saysTheSame(one: string, other: string): boolean {
  const spoken = (text: string) => plainText(text).replace(/\s+/gu, '')
  return spoken(one) === spoken(other)
}
