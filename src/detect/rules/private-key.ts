/**
 * Private keys as files hold them: PEM (RFC 7468, OpenSSH, OpenPGP armour), PuTTY's own format and JSON
 * Web Keys (RFC 7517).
 */
import { endOf } from '../ahead.ts'
import { concept } from '../lexicon.ts'
import type { Found, Rule, Surroundings } from '../rule.ts'

const BEGIN = concept('private_key', 'begin')
const JWK = concept('private_key', 'kty')
const PUTTY = concept('private_key', 'putty user key file')

/** The longest in use, an RSA key of 16384 bits, takes some 13 KB; most take 2 KB. */
const MAX_LENGTH = 16_384
const BOUNDARY = '-----'
const LABEL = /(?: [A-Z0-9]{2,10}){0,3} PRIVATE KEY(?: BLOCK)?-----/y
const END_LABEL = /-----END[A-Z0-9 ]{1,48}-----/y
/** As a text holds a line break: as such, or written `\n` in JSON; before a line a quotation's `>`. */
const LINE_BREAK = /(?:[ \t]{0,8}(?:\r?\n|\\r\\n|\\n)[ \t>|]{0,8}|[ \t]{1,8})/y
const BASE64_LINE = /[0-9A-Za-z+/=]{1,8192}(?![^\s"'`\\<-])/y
const HEADER_LINE = /[A-Z][A-Za-z-]{2,20}: [^\r\n\\]{1,120}/y
/** Shorter words are prose, but for the last line and OpenPGP's checksum. */
const MIN_LINE = 16
const MAX_SHORT_LINES = 2
/** Less is no key but a placeholder between the boundaries. */
const MIN_BODY = 16

/** `at` is behind `-----BEGIN`. A key cut off by a sender's clipboard counts as far as it goes. */
function findPem({ text }: Surroundings, at: number): Found | undefined {
  const start = at - 'BEGIN'.length - BOUNDARY.length
  if (start < 0 || text.slice(start, at) !== '-----BEGIN') return undefined
  const bodyStart = endOf(LABEL, text, at)
  if (bodyStart === -1) return undefined
  const bodyEnd = endOfBody(text, bodyStart)
  if (bodyEnd - bodyStart < MIN_BODY) return undefined
  return { start, end: bodyEnd, confidence: 'certain' }
}

/** Behind the closing boundary, or behind the last line that belongs to a key. */
function endOfBody(text: string, bodyStart: number): number {
  let end = bodyStart
  let at = bodyStart
  let shortLines = 0
  while (at - bodyStart < MAX_LENGTH) {
    const closed = endOf(END_LABEL, text, at)
    if (closed !== -1) return at - bodyStart < MIN_BODY ? bodyStart : closed
    const header = endOf(HEADER_LINE, text, at)
    const line = header === -1 ? endOf(BASE64_LINE, text, at) : header
    const next = endOf(LINE_BREAK, text, line === -1 ? at : line)
    const from = next === -1 ? line : next
    if (from === -1) return end
    if (line - at >= MIN_LINE) {
      end = line
      shortLines = 0
    } else if (line !== -1 && (shortLines += 1) > MAX_SHORT_LINES) return end
    at = from
    if (next === -1 && endOf(END_LABEL, text, at) === -1) return end
  }
  return end
}

const PUTTY_VERSION = /-\d: [0-9a-z@.-]{3,40}[ \t]?\r?\n/y

/** `PuTTY-User-Key-File-3: ssh-ed25519` to its `Private-MAC`. */
function findPutty({ text }: Surroundings, at: number): Found | undefined {
  if (endOf(PUTTY_VERSION, text, at) === -1) return undefined
  const part = text.slice(at, at + MAX_LENGTH)
  const lines = part.indexOf('Private-Lines: ')
  if (lines === -1) return undefined
  const start = at - 'PuTTY-User-Key-File'.length
  const mac = part.indexOf('Private-MAC: ', lines)
  const bodyStart = at + lines + 'Private-Lines: '.length
  const lineEnd = (from: number) => {
    const end = text.slice(from, from + 256).search(/[\r\n]/)
    return end === -1 ? Math.min(text.length, from + 256) : from + end
  }
  const end = mac === -1 ? endOfBody(text, lineEnd(bodyStart)) : lineEnd(at + mac)
  return { start, end, confidence: 'certain' }
}

const JWK_TYPE = /"\s{0,4}:\s{0,4}"(?:RSA|EC|OKP|oct)"/y
const JWK_SECRET = /"[dk]"\s{0,4}:\s{0,4}"[\w-]{20,1400}"/y
const MAX_JWK = 6144

/** `{"kty":"EC", …, "d":"…"}`: without `d`, or `k` of a symmetric one, it is a public key. */
function findJwk({ text }: Surroundings, at: number): Found | undefined {
  if (endOf(JWK_TYPE, text, at) === -1) return undefined
  const from = Math.max(0, at - MAX_JWK)
  const open = text.slice(from, at).lastIndexOf('{')
  const close = text.slice(at, at + MAX_JWK).indexOf('}')
  if (open === -1 || close === -1) return undefined
  const start = from + open
  const end = at + close + 1
  const object = text.slice(start, end)
  const isPrivate = ['"d"', '"k"'].some((name) => {
    const member = object.indexOf(name)
    return member !== -1 && endOf(JWK_SECRET, object, member) !== -1
  })
  return isPrivate ? { start, end, confidence: 'certain' } : undefined
}

/** `-----BEGIN … PRIVATE KEY` in base64 itself, as Kubernetes secrets and CI variables hold it. */
const ENCODED = ['BSU0Eg', 'BQUklWQVRF', 'BFQyBQ', 'BPUEVOU1NI', 'BFTkNSWVBU', 'BEU0Eg'].map(
  (label) => `LS0tLS1CRUdJTi${label}`,
)

export const privateKeyRules: readonly Rule[] = [
  { id: 'private_key', kind: 'credential', on: 'word', concepts: [BEGIN], find: findPem },
  { id: 'putty_private_key', kind: 'credential', on: 'word', concepts: [PUTTY], find: findPutty },
  { id: 'json_web_key', kind: 'credential', on: 'word', concepts: [JWK], find: findJwk },
  {
    id: 'private_key_base64',
    kind: 'credential',
    on: 'prefix',
    prefixes: ENCODED,
    form: /LS0tLS1CRUdJTi[0-9A-Za-z+/]{60,8000}={0,2}/y,
    confidence: 'certain',
  },
]
