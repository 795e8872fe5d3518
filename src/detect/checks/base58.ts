/** Base58, the writing of most coins' addresses, and its check (four bytes of a doubled SHA-256). */
import { sha256 } from '@noble/hashes/sha2.js'

export const BITCOIN_ALPHABET = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'
export const XRP_ALPHABET = 'rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz'

/** The bytes of a text in `alphabet`, or undefined where a character is not of it. */
export function decodeBase58(text: string, alphabet: string): Uint8Array | undefined {
  // Five bytes a limb keep the product below 2 ** 53.
  const limbs: number[] = []
  for (const character of text) {
    let carry = alphabet.indexOf(character)
    if (carry === -1) return undefined
    for (let at = 0; at < limbs.length; at += 1) {
      carry += (limbs[at] ?? 0) * 58
      limbs[at] = carry % LIMB
      carry = Math.floor(carry / LIMB)
    }
    if (carry > 0) limbs.push(carry)
  }
  const bytes: number[] = []
  for (const limb of limbs) {
    let rest = limb
    for (let byte = 0; byte < LIMB_BYTES; byte += 1) {
      bytes.push(rest % 256)
      rest = Math.floor(rest / 256)
    }
  }
  while (bytes.at(-1) === 0) bytes.pop()
  for (let at = 0; text[at] === alphabet[0] && at < text.length; at += 1) bytes.push(0)
  return Uint8Array.from(bytes.reverse())
}

const LIMB_BYTES = 5
const LIMB = 2 ** 40

/** Whether the last four bytes are the first of the rest's hash, hashed twice. */
export function passesBase58Check(text: string, alphabet = BITCOIN_ALPHABET): boolean {
  const bytes = decodeBase58(text, alphabet)
  if (bytes === undefined || bytes.length < 25) return false
  const hash = sha256(sha256(bytes.subarray(0, -4)))
  return bytes.subarray(-4).every((byte, at) => byte === hash[at])
}
