/** What a typed reason says once everything that only looks like more is taken away. */

/**
 * Cyrillic and Greek letters that look like a Latin one, each followed by it (after UTS #39,
 * confusables). Enough that a text cannot be sent again with one letter swapped.
 */
const LOOK_ALIKES = new Map(
  (
    'аa сc ԁd еe һh іi ӏl јj кk оo рp ԛq ѕs тt уy хx ѵv ԝw АA ВB ЕE НH ІI ЈJ КK МM ОO РP СC ЅS ' +
    'ТT УY ХX αa εe ιi κk νv οo ρp τt υu χx γy ΑA ΒB ΕE ΖZ ΗH ΙI ΚK ΜM ΝN ΟO ΡP ΤT ΥY ΧX ıi ɑa ɡg'
  )
    .split(' ')
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
)

/** The text as one sees it: nothing invisible (Hangul fillers are letters, too), no runs of white space. */
export function visibleText(text: string): string {
  return text
    .replace(/\s+/gu, ' ')
    .replace(/[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}]/gu, '')
    .replace(/ {2,}/g, ' ')
    .trim()
}

/** Letters and digits only, in one case and one alphabet: how reasons are compared. */
export function essenceOf(text: string): string {
  const plain = visibleText(text)
    .normalize('NFKD')
    .replace(/[^\p{L}\p{N}]+/gu, '')
  return Array.from(plain, (letter) => LOOK_ALIKES.get(letter) ?? letter)
    .join('')
    .toLowerCase()
}

/** Whether a text is one piece over and over, such as "abcabcabc". */
export function isOnePieceRepeated(text: string): boolean {
  return /^(.+?)\1+$/su.test(text)
}

/** What two reasons are compared by: case, spacing, look-alike letters and numbers make no difference. */
export function gistOf(text: string): string {
  return essenceOf(text).replace(/\p{N}+/gu, '')
}

/** From so much on two reasons say nearly the same: a word changed in a sentence leaves more in common. */
const RESEMBLANCE = 0.75

/** Whether two gists say nearly the same: the share of pairs of letters that they have in common (Dice). */
export function resembles(one: string, other: string): boolean {
  if (one === other) return one !== ''
  const left = pairsOf(one)
  const right = pairsOf(other)
  const sum = one.length + other.length - 2
  if (sum <= 0) return false
  let shared = 0
  for (const [pair, times] of left) shared += Math.min(times, right.get(pair) ?? 0)
  return (2 * shared) / sum >= RESEMBLANCE
}

function pairsOf(text: string): Map<string, number> {
  const pairs = new Map<string, number>()
  for (let at = 0; at + 2 <= text.length; at += 1) {
    const pair = text.slice(at, at + 2)
    pairs.set(pair, (pairs.get(pair) ?? 0) + 1)
  }
  return pairs
}
