/** The checksums of bech32 and bech32m (BIP-173, BIP-350). */

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3]
const BECH32 = 1
const BECH32M = 0x2bc830a3

/** `text` is in one case; the last `1` ends its human-readable part. */
export function passesBech32(text: string): boolean {
  if (text !== text.toLowerCase() && text !== text.toUpperCase()) return false
  const lower = text.toLowerCase()
  const separator = lower.lastIndexOf('1')
  const prefix = Array.from(lower.slice(0, separator), (character) => character.charCodeAt(0))
  const data = Array.from(lower.slice(separator + 1), (character) => ALPHABET.indexOf(character))
  if (separator < 1 || data.length < 6 || data.includes(-1)) return false
  let sum = 1
  for (const value of [
    ...prefix.map((code) => code >> 5),
    0,
    ...prefix.map((code) => code & 31),
    ...data,
  ]) {
    const top = sum >>> 25
    sum = ((sum & 0x1ffffff) << 5) ^ value
    GENERATOR.forEach((generator, bit) => {
      if ((top >>> bit) & 1) sum ^= generator
    })
  }
  return sum === BECH32 || sum === BECH32M
}
