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
import { MAX_UPLOAD_BYTES, UPLOAD_TYPES, mayBeDocument } from '../../core/document.ts'
import { ScrimError } from '../../core/errors.ts'
import type { ScrimErrorCode } from '../../core/errors.ts'
import type { FieldKind } from '../../core/protected-field.ts'
import type { EndpointDeps, OuterDeps } from '../context.ts'
import { withPolicy } from '../policy/source.ts'
import { STATUS, toProblem } from '../problem.ts'
import { countRefusal } from '../refusals.ts'
import type { AnswerFault } from './read-answer.ts'
import { readAnswer } from './read-answer.ts'
import type { OpenIntake } from './use.ts'
import { findIntake, useIntakeLink } from './use.ts'

type Words = typeof en
const LANGUAGES: Readonly<Record<string, Words>> = { en, de, ar }

/** `code` is for the request's log line. */
export type IntakeAnswer = { response: Response; code: ScrimErrorCode | null }

type Reader = { deps: OuterDeps; acceptLanguage: string | undefined }

/** `GET /intake/{secret}`: says what is asked and by whom. Uses nothing up. */
export async function showIntake(reader: Reader, secret: string): Promise<IntakeAnswer> {
  return guarded(reader, async (page, deps) => {
    const intake = await findIntake(deps, secret)
    return intake === null ? gone(reader, page) : answer(page.form(intake, null), 200)
  })
}

/** `POST /intake/{secret}` with the form. It is read once there is a link to answer. */
export async function answerIntake(
  reader: Reader,
  secret: string,
  request: Request,
): Promise<IntakeAnswer> {
  return guarded(reader, async (page, deps) => {
    const intake = await findIntake(deps, secret)
    if (intake === null) return gone(reader, page)
    const sent = await readAnswer(request, mayBeDocument(intake.field.kind))
    if ('fault' in sent) {
      const { fault } = sent
      return answer(page.form(intake, fault), STATUS[fault.code], fault.code)
    }
    const isStored = await useIntakeLink(deps, intake, sent)
    return isStored ? answer(page.done(), 200) : gone(reader, page)
  })
}

/** A failure is a page, too: its reader has nothing else to look at. */
async function guarded(
  reader: Reader,
  work: (page: Page, deps: EndpointDeps) => Promise<IntakeAnswer>,
): Promise<IntakeAnswer> {
  try {
    const deps = await withPolicy(reader.deps)
    return await work(pageIn(reader, deps.policy.intake.companyName), deps)
  } catch (error) {
    const { code, status } = toProblem(error, reader.deps.log)
    return answer(pageIn(reader, null).failed(), status, code)
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
input[type=file]{padding:.5rem}
input::file-selector-button{margin-inline-end:.75rem;border:1px solid var(--line);border-radius:4px;background:var(--panel);padding:.375rem .75rem;color:inherit;font:inherit;cursor:pointer}
.or{display:flex;align-items:center;gap:.75rem;margin:1rem 0;color:var(--subtle)}
.or::before,.or::after{flex:1;border-top:1px solid var(--line);content:""}
.hint{margin:0 0 .375rem;color:var(--subtle);font-size:.875rem}
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

/** What is wrong with the file rather than with the answer as a whole. */
const FILE_FAULTS: readonly AnswerFault['word'][] = [
  'fault_file_type',
  'fault_file_size',
  'fault_file_empty',
]
const BYTES_A_MEGABYTE = 1024 * 1024

/** A field to type into; several lines for what often has them. */
function typedInput(kind: FieldKind, isRequired: boolean): (attributes: string) => string {
  const own = [
    ...(isRequired ? ['required'] : []),
    `maxlength="${MAX_VALUE_LENGTH}"`,
    'autocomplete="off"',
    'autocapitalize="off"',
    'spellcheck="false"',
    'dir="auto"',
  ].join(' ')
  const isLong = kind === 'internal_note' || kind === 'address'
  return (attributes) =>
    isLong
      ? `<textarea rows="5" ${attributes} ${own}></textarea>`
      : `<input type="text" ${attributes} ${own}>`
}

/** Without `capture`: a phone then offers its camera beside its pictures and files. */
const FILE_INPUT = (attributes: string) =>
  `<input type="file" accept="${UPLOAD_TYPES.join(',')}" ${attributes}>`

type Page = ReturnType<typeof pageIn>

/** `companyName` is policy's; null says the address of the help centre. */
function pageIn({ deps, acceptLanguage }: Reader, companyName: string | null) {
  const language = pickLanguage(acceptLanguage)
  const words = LANGUAGES[language] ?? en
  const company = companyName ?? new URL(deps.account.zendeskOrigin).host
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
  const uploadSize = new Intl.NumberFormat(language, { style: 'unit', unit: 'megabyte' })
    .format(MAX_UPLOAD_BYTES / BYTES_A_MEGABYTE)
    .replaceAll(' ', '\u00a0')
  /** One way to answer: its label, its input, what it takes, and what was wrong with it. */
  const control = (
    id: string,
    label: string,
    input: (attributes: string) => string,
    { hint = null, fault }: { hint?: string | null; fault: AnswerFault | null },
  ) => {
    const describedBy = [
      ...(hint === null ? [] : [`${id}-hint`]),
      ...(fault === null ? [] : [`${id}-fault`]),
    ]
    const attributes = [
      `id="${id}"`,
      `name="${id}"`,
      ...(describedBy.length === 0 ? [] : [`aria-describedby="${describedBy.join(' ')}"`]),
      ...(fault === null ? [] : ['aria-invalid="true"', 'autofocus']),
    ]
    return [
      `<label for="${id}">${label}</label>`,
      ...(hint === null ? [] : [`<p class="hint" id="${id}-hint">${hint}</p>`]),
      input(attributes.join(' ')),
      ...(fault === null
        ? []
        : [
            `<p class="fault" id="${id}-fault" role="alert">${fill(words[fault.word], { size: uploadSize })}</p>`,
          ]),
    ]
  }
  const message = (title: string, text: string) =>
    page(title, [`<h1>${escapeHtml(title)}</h1>`, `<p>${escapeHtml(text)}</p>`])

  return {
    form({ link, field }: OpenIntake, fault: AnswerFault | null): string {
      const until = new Intl.DateTimeFormat(language, {
        dateStyle: 'long',
        timeStyle: 'short',
        timeZone: 'UTC',
      }).format(link.expiresAt)
      const hasFile = mayBeDocument(field.kind)
      const isFileAtFault = fault !== null && FILE_FAULTS.includes(fault.word)
      const value = control(
        'value',
        hasFile ? fill(words.typed, { field: field.label }) : isolated(field.label),
        typedInput(field.kind, !hasFile),
        { fault: isFileAtFault ? null : fault },
      )
      const file = control('file', escapeHtml(words.file), FILE_INPUT, {
        hint: fill(words.file_hint, { size: uploadSize }),
        fault: isFileAtFault ? fault : null,
      })
      return page(words.title, [
        `<h1>${fill(words.asks, { company, field: field.label })}</h1>`,
        `<p>${escapeHtml(words.why)}</p>`,
        `<form method="post" ${hasFile ? 'enctype="multipart/form-data"' : 'accept-charset="utf-8"'} autocomplete="off">`,
        ...value,
        ...(hasFile ? [`<p class="or">${escapeHtml(words.or)}</p>`, ...file] : []),
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
