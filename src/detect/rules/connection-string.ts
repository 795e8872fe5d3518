/**
 * Addresses of databases, queues and the like that hold a password: URLs with user information
 * (RFC 3986 section 3.2.1), JDBC, ADO.NET, ODBC and Azure connection strings. The whole string counts:
 * it opens a door, and a part of it would still name the house.
 */
import { concept } from '../lexicon.ts'
import type { Found, Rule, Surroundings } from '../rule.ts'
import { isPlaceholder } from './secret-shape.ts'

const PASSWORD_KEY = concept(
  'connection_password',
  `password,pwd,passwd,pass,accountkey,sharedaccesskey,sharedaccesskeyname,sharedsecretvalue,
sharedaccesssignature,secret`,
)

const MAX_SCHEME = 24
const MAX_BEFORE = 300
const AUTHORITY = /\/\/([^\s/?#"'<>`\\|]{3,512})/y
const PATH = /[/?#][^\s"'<>`\\|]{0,400}/y
const HOST = /^(?:\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z_.,:-]{1,255})$/
/** Words that stand for a password in manuals, between `:` and `@`. */
const EXAMPLE = /^(?:pass|password|passwd|pwd|pw|secret|token|user|key)$/i

/** The user information's password, or undefined. */
function passwordOf(authority: string): string | undefined {
  const at = authority.lastIndexOf('@')
  const colon = authority.indexOf(':')
  if (at === -1 || colon === -1 || colon >= at || !HOST.test(authority.slice(at + 1)))
    return undefined
  return authority.slice(colon + 1, at)
}

function isPassword(value: string): boolean {
  return value !== '' && !isPlaceholder(value) && !EXAMPLE.test(value)
}

/** `at` is the colon of `scheme://`. */
function findUrl({ text }: Surroundings, at: number): Found | undefined {
  AUTHORITY.lastIndex = at + 1
  const authority = AUTHORITY.exec(text)?.[1]
  if (authority === undefined || !authority.includes('@')) return undefined
  const trimmed = authority.replace(/[.,;:!)\]}]{1,4}$/, '')
  const password = passwordOf(trimmed)
  if (password === undefined || !isPassword(password)) return undefined
  let start = at
  while (start > 0 && at - start < MAX_SCHEME && /[\w+.:-]/.test(text.charAt(start - 1))) start -= 1
  while (start < at && !/[A-Za-z]/.test(text.charAt(start))) start += 1
  if (start === at) return undefined
  let end = at + 3 + trimmed.length
  if (trimmed.length === authority.length) {
    PATH.lastIndex = end
    end += (PATH.exec(text)?.[0] ?? '').replace(/[.,;:!?)\]}]{1,4}$/, '').length
  }
  return { start, end, confidence: 'certain' }
}

/** `curl -u bob:hunter2`, `--user bob:hunter2`. `at` is the colon. */
const USER_OPTION = /(?:^|\s)(?:-u|--user)[ =]?["']?[\w.@+-]{1,60}$/
const OPTION_PASSWORD = /:([^\s"'`@]{4,64})/y

function findUserOption({ text }: Surroundings, at: number): Found | undefined {
  const before = text.slice(Math.max(0, at - 72), at)
  if (!before.includes('-u') || !USER_OPTION.test(before)) return undefined
  OPTION_PASSWORD.lastIndex = at
  const password = OPTION_PASSWORD.exec(text)?.[1]
  if (password === undefined || !isPassword(password)) return undefined
  return { start: at + 1, end: at + 1 + password.length, confidence: 'likely' }
}

/** What such strings begin with. */
const LIMITS = ['\n', '"', "'", '`', '<', '>']
const FIRST_KEY =
  /(?:jdbc:|(?:defaultendpointsprotocol|endpoint|accountname|server|data source|datasource|host|hostname|addr|address|driver|provider|user ?id|uid|user|username|user name|database|initial catalog|dbname|port)[ ]?=)/g
const VALUE = /[ ]?=[ ]?(?:"([^"\r\n]{1,200})"|'([^'\r\n]{1,200})'|([^;&\s"']{1,300}))/y
/** `;Key=value`, `&key=value` and, as libpq writes it, ` key=value` behind the password. */
const FURTHER =
  /(?:[;&] ?[A-Za-z][\w.]{0,30}(?: [\w.]{1,20}){0,3}=[^;&\s"'`<>]{0,200}|[ ][a-z_]{2,20}=[^;&\s"'`<>]{1,200})/y
const MAX_FURTHER = 12

/** `at` is behind the key that names the password. */
function findKeyed({ text }: Surroundings, at: number, keyStart: number): Found | undefined {
  VALUE.lastIndex = at
  const match = VALUE.exec(text)
  if (match === null) return undefined
  const value = match[1] ?? match[2] ?? match[3] ?? ''
  if (value.length < 2 || isPlaceholder(value)) return undefined
  const start = startOfString(text, keyStart)
  if (start === -1) return undefined
  let end = VALUE.lastIndex
  for (let pairs = 0; pairs < MAX_FURTHER; pairs += 1) {
    FURTHER.lastIndex = end
    if (!FURTHER.test(text)) break
    end = FURTHER.lastIndex
  }
  if (text.charAt(end) === ';') end += 1
  else if (text.charAt(end - 1) === '.') end -= 1
  return { start, end, confidence: 'certain', context: PASSWORD_KEY.name }
}

/** Where a list of `key=value` begins that the key at `keyStart` stands in, or -1. */
function startOfString(text: string, keyStart: number): number {
  if (!';&? '.includes(text.charAt(keyStart - 1))) return -1
  const from = Math.max(0, keyStart - MAX_BEFORE)
  const before = text.slice(from, keyStart).toLowerCase()
  FIRST_KEY.lastIndex = Math.max(...LIMITS.map((sign) => before.lastIndexOf(sign))) + 1
  const first = FIRST_KEY.exec(before)
  if (first === null || /\w/.test(before.charAt(first.index - 1))) return -1
  // What stands between is pairs, not prose.
  return /[.,:] [a-z]{2,} [a-z]{2,} /.test(before.slice(first.index)) ? -1 : from + first.index
}

export const connectionStringRules: readonly Rule[] = [
  { id: 'url_with_password', kind: 'credential', on: 'sign', sign: ':', find: findUrl },
  { id: 'user_option', kind: 'credential', on: 'sign', sign: ':', find: findUserOption },
  {
    id: 'connection_string',
    kind: 'credential',
    on: 'word',
    concepts: [PASSWORD_KEY],
    find: findKeyed,
  },
]

/** `123456789:AA…`: what Telegram's BotFather hands out. Its prefix is a number, so the colon tells. */
const TELEGRAM = /:AA[\w-]{33}(?![\w-])/y

function findTelegram({ text }: Surroundings, at: number): Found | undefined {
  TELEGRAM.lastIndex = at
  if (!TELEGRAM.test(text)) return undefined
  let start = at
  while (start > 0 && at - start <= 11 && /\d/.test(text.charAt(start - 1))) start -= 1
  if (at - start < 8 || at - start > 10 || isPlaceholder(text.slice(at + 3, TELEGRAM.lastIndex))) {
    return undefined
  }
  return { start, end: TELEGRAM.lastIndex, confidence: 'certain' }
}

/** Keys that an inner or a last part tells: `at` is behind that part. */
function infix(before: RegExp, reach: number, after: RegExp) {
  return ({ text }: Surroundings, at: number): Found | undefined => {
    after.lastIndex = at
    if (!after.test(text)) return undefined
    const head = before.exec(text.slice(Math.max(0, at - reach), at))
    if (head === null) return undefined
    return { start: at - head[0].length, end: after.lastIndex, confidence: 'certain' }
  }
}

const ID = '[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}'

export const innerMarkRules: readonly Rule[] = [
  { id: 'telegram_bot_token', kind: 'credential', on: 'sign', sign: ':', find: findTelegram },
  {
    id: 'terraform_token',
    kind: 'credential',
    on: 'word',
    concepts: [concept('atlasv1', 'atlasv1')],
    find: infix(/(?<![\w.])[0-9A-Za-z]{14}\.atlasv1$/, 24, /\.[\w=-]{60,70}(?![\w=-])/y),
  },
  {
    id: 'maxmind_key',
    kind: 'credential',
    on: 'word',
    concepts: [concept('mmk', 'mmk')],
    find: infix(/(?<!\w)[0-9A-Za-z]{6}_[0-9A-Za-z]{29}_mmk$/, 42, /(?!\w)/y),
  },
  {
    id: 'teams_webhook',
    kind: 'credential',
    on: 'word',
    concepts: [concept('webhookb2', 'webhookb2')],
    find: infix(
      /https:\/\/[0-9a-z]{1,60}\.webhook\.office\.com\/webhookb2$/,
      100,
      new RegExp(`/${ID}@${ID}/IncomingWebhook/[0-9a-f]{32}/${ID}`, 'y'),
    ),
  },
]
