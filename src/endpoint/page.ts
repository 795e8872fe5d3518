/**
 * The pages that Zendesk frames: a signed POST becomes a session and a page that carries it;
 * anything else becomes a page without a session that says why.
 */
import { randomBytes } from 'node:crypto'
import type { Location, PageData } from '../contract/session.ts'
import { pageData } from '../contract/session.ts'
import { ScrimError } from '../core/errors.ts'
import type { ScrimErrorCode } from '../core/errors.ts'
import { verifyPageCredential } from '../zendesk/signed-page.ts'
import type { EndpointParts } from './context.ts'
import { STATUS, toProblem } from './problem.ts'
import { countRefusal } from './refusals.ts'
import { pageHeaders } from './security-headers.ts'
import { startSession } from './session.ts'

/** Longest form body of a page POST. A page credential is about one kB. */
export const PAGE_BODY_LIMIT_BYTES = 16 * 1024

/**
 * Answers `POST /zaf/{location}`. `form` is the body as sent, null when it was no form. A refused
 * credential gets the page too, because a frame has no other way to tell its reader; the status is
 * the refusal's own (a browser shows the body of a 401 like any other, and monitors see the truth).
 */
export async function servePage(
  deps: EndpointParts,
  location: Location,
  form: string | null,
): Promise<Response> {
  try {
    const session = await signIn(deps, location, form)
    return pageResponse(deps, { location, session, refusal: null })
  } catch (error) {
    return refusedPage(deps, location, toProblem(error, deps.log).code)
  }
}

/** A page without a session: for the reader of `refusal`, and counted where it is the caller's. */
export async function refusedPage(
  deps: EndpointParts,
  location: Location,
  refusal: ScrimErrorCode,
): Promise<Response> {
  if (STATUS[refusal] === 401) await countRefusal(deps, refusal)
  return pageResponse(deps, { location, session: null, refusal })
}

async function signIn(
  deps: EndpointParts,
  location: Location,
  form: string | null,
): Promise<PageData['session']> {
  const tokens = new URLSearchParams(form ?? '').getAll('token')
  const [token] = tokens
  if (token === undefined || token === '') throw new ScrimError('page_credential_missing')
  if (tokens.length > 1) throw new ScrimError('page_credential_invalid')
  const { publicKeyPem, audience, issuer, id: subdomain } = deps.account
  const { userId, expiresAt, hash } = await verifyPageCredential(
    token,
    { publicKeyPem, audience, issuer, subdomain, location },
    deps.now(),
  )
  // The page asks for all of this in a moment. Zendesk is asked while the session is written.
  deps.zendesk.prepareView(userId)
  return startSession(deps, { userId, location, hash, expiresAt })
}

function pageResponse(deps: EndpointParts, data: PageData): Response {
  const nonce = randomBytes(16).toString('base64')
  return new Response(renderPage(deps, data, nonce), {
    status: data.refusal === null ? 200 : STATUS[data.refusal],
    headers: {
      'content-type': 'text/html; charset=utf-8',
      ...(data.refusal !== null && STATUS[data.refusal] === 401
        ? { 'www-authenticate': 'Bearer' }
        : {}),
      ...pageHeaders(deps.account, nonce),
    },
  })
}

/**
 * The SDK and the entry module run in this order, after parsing, and are asked for before what they
 * need later: the app's first question goes out as soon as both are here. styled-components looks for the
 * nonce under `property`, others under `name`.
 */
function renderPage(deps: EndpointParts, data: PageData, nonce: string): string {
  const [entry, ...preloads] = deps.assets
    .scriptsFor(data.location)
    .map((path) => escapeAttribute(`/assets/${path}`))
  return [
    '<!doctype html>',
    '<html lang="en" dir="ltr">',
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta name="csp-nonce" property="csp-nonce" content="${escapeAttribute(nonce)}">`,
    '<title>Scrim</title>',
    `<script type="application/json" id="scrim-page">${toScriptJson(pageData.parse(data))}</script>`,
    `<script defer src="${escapeAttribute(deps.account.sdkUrl)}"></script>`,
    ...(entry === undefined ? [] : [`<script type="module" src="${entry}"></script>`]),
    ...preloads.map((path) => `<link rel="modulepreload" href="${path}">`),
    '</head>',
    '<body>',
    '<div id="root"></div>',
    '<noscript>Values stay masked. Scrim needs JavaScript to show anything more.</noscript>',
    '</body>',
    '</html>',
    '',
  ].join('\n')
}

/** JSON that cannot end the script element it stands in, nor open a comment. */
export function toScriptJson(data: unknown): string {
  return JSON.stringify(data).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function escapeAttribute(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
