/** Hardware addresses (EUI-48, IEEE 802): pairs between colons or hyphens, or three fours between dots. */
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule, Surroundings } from '../rule.ts'

const HARDWARE = concept(
  'mac_address',
  `mac*,macs,macaddress,hwaddr,hardware address,physical address,bssid,ether,ethernet address,
wifi address,physikalische adresse,bluetooth address`,
)
const PAIRS = /[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![\w]|[:-][0-9a-f])/iy

/** `at` is the first colon or hyphen. */
function pairs({ text }: Surroundings, at: number): Found | undefined {
  const sign = text.charCodeAt(at)
  if (text.charCodeAt(at + 3) !== sign || text.charCodeAt(at + 6) !== sign) return undefined
  const start = at - 2
  if (start < 0 || /[\p{L}\p{N}_:-]/u.test(text.charAt(start - 1))) return undefined
  PAIRS.lastIndex = start
  const address = PAIRS.exec(text)?.[0]
  if (address === undefined || !isDevice(address)) return undefined
  return { start, end: PAIRS.lastIndex, confidence: 'certain' }
}

/** All zeros, all ones and the like are nobody's. */
function isDevice(address: string): boolean {
  return !/^(.)\1{11}$/i.test(address.replace(/[:.-]/g, ''))
}

/** `0242.ac11.0003`, or `0242AC110003` where the text says so. */
function judge(groups: Groups): Found | undefined {
  const { start, end, compact, layout } = groups
  const isDotted = layout === '4.4.4'
  if ((!isDotted && layout !== '12' && layout !== '6-6') || groups.isOpen) return undefined
  if (!/^[0-9A-F]{12}$/.test(compact) || !isDevice(compact)) return undefined
  const context = groups.near([HARDWARE], start, end)
  if (context !== undefined) return { start, end, confidence: 'certain', context: HARDWARE.name }
  if (!isDotted || !/[A-F]/.test(compact) || groups.isReference(start)) return undefined
  return { start, end, confidence: 'likely' }
}

export const macAddressRules: readonly Rule[] = [
  { id: 'mac', kind: 'mac_address', on: 'sign', sign: ':', find: pairs },
  { id: 'mac_hyphens', kind: 'mac_address', on: 'sign', sign: '-', find: pairs },
  {
    id: 'mac_groups',
    kind: 'mac_address',
    on: 'groups',
    lengths: [12],
    hasLetters: 'maybe',
    maxGroups: 3,
    judge,
    contexts: [HARDWARE],
  },
]
