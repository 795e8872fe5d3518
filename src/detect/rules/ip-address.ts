/** IP addresses of either version. Those that name no machine (masks, loopback, "any") are nobody's. */
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule, Surroundings } from '../rule.ts'

export const NETWORK = concept(
  'ip_address',
  `ip*,ips,ipv4,ipv6,remote addr,remote address,forwarded for,host,hosts,hostname,server,
gateway,dns,nameserver,subnet,ping,ping6,ssh,rdp,ftp,telnet,traceroute,login from,logged in from,
connection from,firewall,whitelist,allowlist,blacklist,blocklist,router,proxy,vpn,inet,inet6,
peer,endpoint`,
)
const REACH = 40

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)'
const QUAD = new RegExp(`${OCTET}(?:\\.${OCTET}){3}(?![\\w]|\\.\\d)`, 'y')
const QUAD_LAYOUT = /^[1-3](?:\.[1-3]){3}$/

function judge(groups: Groups): Found | undefined {
  const { text, start, end, compact, layout } = groups
  if (!QUAD_LAYOUT.test(layout)) return undefined
  if (groups.isOpen && !'/:,-'.includes(text.charAt(end))) return undefined
  if (!isMachine(text, start)) return undefined
  const context = groups.near([NETWORK], start, end, REACH)
  if (context !== undefined) return { start, end, confidence: 'certain', context: NETWORK.name }
  if (groups.isReference(start)) return undefined
  // Four small numbers are a version as often.
  return { start, end, confidence: compact.length < 6 ? 'possible' : 'likely' }
}

/** Whether an address that a machine may have begins at `at`; the one it ends with is `QUAD.lastIndex`. */
function isMachine(text: string, at: number): boolean {
  QUAD.lastIndex = at
  const quad = QUAD.exec(text)?.[0]
  if (quad === undefined) return false
  const [first = 0, ...rest] = quad.split('.').map(Number)
  return first > 0 && first < 224 && first !== 127 && !rest.every((octet) => octet === 255)
}

/** `ssh admin@192.0.2.1`: behind an at sign no number is tried otherwise. */
function behindAt({ text }: Surroundings, at: number): Found | undefined {
  if (!isMachine(text, at + 1)) return undefined
  return { start: at + 1, end: QUAD.lastIndex, confidence: 'likely' }
}

const SIX = /[0-9a-f:]{2,45}(?:\.\d{1,3}){0,3}/iy

/** `at` is the first colon. */
function six(surroundings: Surroundings, at: number): Found | undefined {
  const { text } = surroundings
  // A time or a label has no second one so soon.
  if (!text.slice(at + 1, at + 6).includes(':')) return undefined
  let start = at
  while (at - start < 4 && isHex(text.charCodeAt(start - 1))) start -= 1
  if (/[\p{L}\p{N}:_.%-]/u.test(text.charAt(start - 1))) return undefined
  SIX.lastIndex = start
  const run = SIX.exec(text)?.[0] ?? ''
  // The colon or dot that ends a clause.
  const address = run.endsWith('::') ? run : run.replace(/[:.]$/, '')
  const end = start + address.length
  if (!/:.{0,4}:/.test(address) || /[\p{L}\p{N}_]/u.test(text.charAt(end))) return undefined
  const groups = address.split(':')
  // Pairs throughout are a hardware address or a fingerprint.
  if (!address.includes('::') && groups.every(({ length }) => length < 3)) return undefined
  if (!isAddress(address) || /^[0:]+1?$/.test(address) || /^fe80::$/i.test(address))
    return undefined
  const context = surroundings.near([NETWORK], start, end, REACH)
  if (context !== undefined) return { start, end, confidence: 'certain', context: NETWORK.name }
  if (surroundings.isReference(start)) return undefined
  // `a::b` is a name in a program.
  if (address.length < 7 || !/\d/.test(address)) return undefined
  return { start, end, confidence: groups.length === 8 ? 'certain' : 'likely' }
}

/** The platform's own parser judges: RFC 4291 in WHATWG's URL standard. */
function isAddress(address: string): boolean {
  return URL.canParse(`http://[${address}]/`)
}

function isHex(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 102) || (code >= 65 && code <= 70)
}

export const ipAddressRules: readonly Rule[] = [
  {
    id: 'ipv4',
    kind: 'ip_address',
    on: 'groups',
    lengths: [4, 5, 6, 7, 8, 9, 10, 11, 12],
    minGroups: 4,
    maxGroups: 4,
    judge,
    contexts: [NETWORK],
  },
  { id: 'ipv4_host', kind: 'ip_address', on: 'sign', sign: '@', find: behindAt },
  { id: 'ipv6', kind: 'ip_address', on: 'sign', sign: ':', contexts: [NETWORK], find: six },
]
