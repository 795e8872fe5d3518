/**
 * Files: uploaded, attached to comments, given out by their content URLs, and redacted. A URL on the
 * account's host asks who one is and leads on to a content host, whose signed address asks nobody.
 */
import { SANDBOX_ACCOUNT } from '../account.ts'
import { noteRedaction } from './redaction.ts'
import { API_ORIGIN, commentEvent, nameAndAddress } from './state.ts'
import type { RestAttachment, RestComment, RestState, RestTicket, RestUser } from './state.ts'

/** What Zendesk leaves of a redacted attachment. */
export const REDACTED_NAME = 'redacted.txt'
const CONTENT_HOST = 'p1.zdusercontent.com'

/** Comments as they are listed: inline attachments only for those who ask for them. */
export function listedComments(
  comments: readonly RestComment[],
  includesInline: boolean,
): RestComment[] {
  return comments.map((comment) => ({
    ...comment,
    attachments: comment.attachments.filter(({ inline }) => includesInline || !inline),
  }))
}

/** Takes what was uploaded under these tokens; each can be used once. null when one is none. */
export function takeUploads(state: RestState, tokens: readonly string[]): RestAttachment[] | null {
  const found = tokens.map((token) => state.uploads[token])
  const attachments = found.flatMap((upload) => upload ?? [])
  if (found.includes(undefined)) return null
  for (const token of tokens) delete state.uploads[token]
  return attachments
}

/**
 * `PUT /api/v2/tickets/{id}/comments/{id}/attachments/{id}/redact`: in place and for good. `closed` on
 * a closed ticket; `unchanged` when it was redacted before.
 */
export function redactAttachment(
  state: RestState,
  ticket: RestTicket,
  comment: RestComment,
  attachment: RestAttachment,
  by: { author: RestUser; now: Date },
): 'redacted' | 'unchanged' | 'closed' {
  if (ticket.status === 'closed') return 'closed'
  if (attachment.file_name === REDACTED_NAME && attachment.size === 0) return 'unchanged'
  const token = contentTokenOf(new URL(attachment.content_url))
  if (token !== null) delete state.files[token]
  const emptyToken = `redacted-${attachment.id}`
  state.files[emptyToken] = { contentType: 'text/plain', content: '' }
  Object.assign(attachment, nameAndAddress(REDACTED_NAME, emptyToken), {
    content_type: 'text/plain',
    size: 0,
    malware_scan_result: 'not_scanned',
  })
  for (const audit of state.audits[ticket.id] ?? []) {
    audit.events = audit.events.map((event) =>
      event.type === 'Comment' && event.id === comment.id ? commentEvent(comment) : event,
    )
  }
  noteRedaction(state, ticket, by.author, by.now)
  return 'redacted'
}

/** The content token in an address on the account's host, or null for every other address. */
export function contentTokenOf(url: URL): string | null {
  return /^\/attachments\/token\/([\w-]{1,64})\/?$/.exec(url.pathname)?.[1] ?? null
}

const LOGIN_PATH = '/auth/v2/login/signin'

/**
 * Answers addresses of files; null for every other one. `origin` is where the emulator is reached: at
 * an address of Zendesk's it leads on to the content host, on this machine there is no other host.
 */
export function answerFile(
  state: RestState,
  request: Request,
  options: { origin: string; isSignedIn: boolean },
): Response | null {
  const url = new URL(request.url)
  if (url.hostname === CONTENT_HOST) {
    // As with other signed addresses, a second credential is one too many.
    if (request.headers.has('authorization')) return new Response('', { status: 400 })
    return contentOf(state, url.searchParams.get('token') ?? '')
  }
  if (url.pathname === LOGIN_PATH) {
    return new Response('<!doctype html><title>Sign in</title>', {
      headers: { 'content-type': 'text/html; charset=utf-8' },
    })
  }
  const token = contentTokenOf(url)
  if (token === null) return null
  if (!options.isSignedIn) return redirect(`${options.origin}${LOGIN_PATH}`)
  if (isHeldBack(state, token)) return new Response('', { status: 403 })
  if (options.origin !== API_ORIGIN) return contentOf(state, token)
  const { subdomain } = SANDBOX_ACCOUNT
  return redirect(`https://${CONTENT_HOST}/attachment/${subdomain}/file?token=${token}`)
}

function redirect(location: string): Response {
  return new Response(null, { status: 302, headers: { location } })
}

function contentOf(state: RestState, token: string): Response {
  const file = state.files[token]
  if (file === undefined) return new Response('', { status: 404 })
  return new Response(Buffer.from(file.content, 'latin1'), {
    headers: { 'content-type': file.contentType },
  })
}

/** Malware is given to nobody unless an administrator says so. */
function isHeldBack(state: RestState, token: string): boolean {
  const attachments = Object.values(state.comments).flatMap((comments) =>
    comments.flatMap((comment) => comment.attachments),
  )
  const attachment = attachments.find(
    ({ content_url: url }) => contentTokenOf(new URL(url)) === token,
  )
  return attachment?.malware_scan_result === 'malware_found' && !attachment.malware_access_override
}
