/**
 * The page that a customer's one-time link opens: HTML without scripts, in the customer's language.
 *
 * It has no form token. A token keeps another site from posting with a visitor's standing; here nobody
 * has any: no cookie, no session. What the post needs is the secret in its own address, and who knows
 * that may post. Links that were used, have expired or never existed are answered alike.
 */
import { hash } from 'node:crypto'
import { intake_page as ar } from '../../../translations/ar.json'
import { intake_page as de } from '../../../translations/de.json'
import { intake_page as en } from '../../../translations/en.json'
import { MAX_VALUE_LENGTH } from '../../contract/protected-fields.ts'
import { ScrimError } from '../../core/errors.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import type { EndpointDeps } from '../context.ts'
import { STATUS, toProblem } from '../problem.ts'
import { countRefusal } from '../refusals.ts'
import type { OpenIntake } from './use.ts'
import { answerFault, findIntake, useIntakeLink } from './use.ts'

/** Longest form body: every character of the longest value may take nine bytes. */
export const INTAKE_BODY_LIMIT_BYTES = 40 * 1024

type Words = typeof en
const LANGUAGES: Readonly<Record<string, Words>> = { en, de, ar }

/** `code` is for the request's log line. */
export type IntakeAnswer = { response: Response; code: ScrimErrorCode | null }

type Reader = { deps: EndpointDeps; acceptLanguage: string | undefined }

/** `GET /intake/{secret}`: says what is asked and by whom. Uses nothing up. */
export async function showIntake(reader: Reader, secret: string): Promise<IntakeAnswer> {
  return guarded(reader, async (page) => {
    const intake = await findIntake(reader.deps, secret)
    return intake === null ? gone(reader, page) : answer(page.form(intake, null), 200)
  })
}

/** `POST /intake/{secret}` with the form's body, null when it was none. */
export async function answerIntake(
  reader: Reader,
  secret: string,
  form: string | null,
): Promise<IntakeAnswer> {
  return guarded(reader, async (page) => {
    const intake = await findIntake(reader.deps, secret)
    if (intake === null) return gone(reader, page)
    const values = new URLSearchParams(form ?? '').getAll('value')
    // Browsers send the line ends of a form as CRLF.
    const value = (values.length === 1 ? (values[0] ?? '') : '').replaceAll('\r\n', '\n')
    const fault = answerFault(value)
    if (fault !== null) return answer(page.form(intake, fault), STATUS[fault], fault)
    const isStored = await useIntakeLink(reader.deps, intake, value)
    return isStored ? answer(page.done(), 200) : gone(reader, page)
  })
}

/** A failure is a page, too: its reader has nothing else to look at. */
async function guarded(
  reader: Reader,
  work: (page: Page) => Promise<IntakeAnswer>,
): Promise<IntakeAnswer> {
  const page = pageIn(reader)
  try {
    return await work(page)
  } catch (error) {
    const { code, status } = toProblem(error, reader.deps.log)
    return answer(page.failed(), status, code)
  }
}

async function gone({ deps }: Reader, page: Page): Promise<IntakeAnswer> {
  const { code } = new ScrimError('intake_link_not_found')
  await countRefusal(deps, code)
  return answer(page.gone(), STATUS[code], code)
}

/** The language that the browser asks for first among ours (RFC 9110, section 12.5.4), or English. */
export function pickLanguage(acceptLanguage = ''): string {
  const wanted = acceptLanguage
    .slice(0, 200)
    .split(',')
    .map((part) => {
      const [range = '', ...parameters] = part.trim().toLowerCase().split(';')
      const quality = parameters.map((each) => /^\s*q=([\d.]+)$/.exec(each)?.[1]).find(Boolean)
      return { language: range.split('-')[0] ?? '', quality: Number(quality ?? 1) }
    })
    .filter(({ language, quality }) => quality > 0 && Object.hasOwn(LANGUAGES, language))
    .toSorted((a, b) => b.quality - a.quality)
  return wanted[0]?.language ?? 'en'
}

const STYLE = `
:root{color-scheme:light dark;--text:#293239;--subtle:#5c6970;--line:#848f99;--ground:#fff;--panel:#f8f9f9;--accent:#1f73b7;--on-accent:#fff;--danger:#b3262c}
@media(prefers-color-scheme:dark){:root{--text:#d8dcde;--subtle:#b0b8be;--line:#848f99;--ground:#151a1e;--panel:#1c2227;--accent:#6eaedb;--on-accent:#151a1e;--danger:#eb6264}}
*{box-sizing:border-box}
body{margin:0;background:var(--panel);color:var(--text);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}
h1{margin:0 0 .75rem;font-size:1.375rem;line-height:1.3}
p{margin:0 0 1rem}
.subtle{color:var(--subtle);font-size:.875rem}
label{display:block;margin-bottom:.25rem;font-weight:600}
input,textarea{width:100%;border:1px solid var(--line);border-radius:4px;background:var(--ground);padding:.625rem .75rem;color:inherit;font:inherit}
button{margin:1rem 0;border:0;border-radius:4px;background:var(--accent);padding:.625rem 1.5rem;color:var(--on-accent);font:inherit;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
[aria-invalid]{border-color:var(--danger)}
.fault{margin:.25rem 0 0;color:var(--danger)}
`

/** The one style by its hash, no script, no picture, no frame, and a form that posts to us alone. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${hash('sha256', STYLE, 'base64')}'`,
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'x-robots-tag': 'noindex, nofollow, noarchive',
}

function answer(html: string, status: number, code: ScrimErrorCode | null = null): IntakeAnswer {
  return { response: new Response(html, { status, headers: HEADERS }), code }
}

type Page = ReturnType<typeof pageIn>

function pageIn({ deps, acceptLanguage }: Reader) {
  const language = pickLanguage(acceptLanguage)
  const words = LANGUAGES[language] ?? en
  const company = deps.policy.intake.companyName ?? new URL(deps.account.zendeskOrigin).host
  const fill = (text: string, values: Readonly<Record<string, string>>) =>
    escapeHtml(text).replace(/\{(\w+)\}/g, (_, name: string) => isolated(values[name] ?? ''))
  const page = (title: string, body: readonly string[]) =>
    [
      '<!doctype html>',
      `<html lang="${language}" dir="${language === 'ar' ? 'rtl' : 'ltr'}">`,
      '<head>',
      '<meta charset="utf-8">',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
      '<meta name="robots" content="noindex, nofollow">',
      '<meta name="referrer" content="no-referrer">',
      `<title>${escapeHtml(title)}</title>`,
      `<style>${STYLE}</style>`,
      '</head>',
      '<body>',
      '<main>',
      ...body,
      '</main>',
      '</body>',
      '</html>',
      '',
    ].join('\n')
  const message = (title: string, text: string) =>
    page(title, [`<h1>${escapeHtml(title)}</h1>`, `<p>${escapeHtml(text)}</p>`])

  return {
    form({ link, field }: OpenIntake, fault: ScrimErrorCode | null): string {
      const until = new Intl.DateTimeFormat(language, {
        dateStyle: 'long',
        timeStyle: 'short',
        timeZone: 'UTC',
      }).format(link.expiresAt)
      const isLong = field.kind === 'internal_note' || field.kind === 'address'
      const attributes = [
        'id="value"',
        'name="value"',
        'required',
        `maxlength="${MAX_VALUE_LENGTH}"`,
        'autocomplete="off"',
        'autocapitalize="off"',
        'spellcheck="false"',
        'dir="auto"',
        ...(fault === null ? [] : ['aria-invalid="true"', 'aria-describedby="fault"', 'autofocus']),
      ].join(' ')
      return page(words.title, [
        `<h1>${fill(words.asks, { company, field: field.label })}</h1>`,
        `<p>${escapeHtml(words.why)}</p>`,
        '<form method="post" accept-charset="utf-8" autocomplete="off">',
        `<label for="value">${isolated(field.label)}</label>`,
        isLong
          ? `<textarea rows="5" ${attributes}></textarea>`
          : `<input type="text" ${attributes}>`,
        ...(fault === null
          ? []
          : [`<p class="fault" id="fault" role="alert">${escapeHtml(words.fault)}</p>`]),
        `<button type="submit">${escapeHtml(words.send)}</button>`,
        '</form>',
        `<p class="subtle">${fill(words.once, { time: `${until} UTC` })}</p>`,
      ])
    },
    done: () => message(words.done, words.done_next),
    gone: () => message(words.gone, words.gone_next),
    failed: () => message(words.failed, words.failed_next),
  }
}

/** A name inside a sentence, whole whatever its direction (Unicode TR9, isolates). */
function isolated(text: string): string {
  return `<bdi>${escapeHtml(text)}</bdi>`
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('"', '&quot;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}
