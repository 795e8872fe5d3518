/** What a protected ticket field says now: the mask it should hold, something else, or a value. */
import type { Token } from './token.ts'
import { formatFieldText, formatToken, parseFieldText } from './token.ts'
import type { MaskedValue } from './mask.ts'

/** Mask and token of the field's newest version; null when the vault holds none of it. */
export type StandIn = { masked: string; token: string }

export type FieldReading =
  | { is: 'current' }
  | { is: 'empty' }
  /** Somebody typed this, over a mask or beside it. */
  | { is: 'plain'; value: string }
  /** No value, but not the field's mask and token either. `token` is null for a mask alone. */
  | { is: 'foreign'; token: Token | null }

const TOKENS = /\[scrim:[0-9A-Z]{1,64}\]/g
/** Every form that `maskValue` gives a mask, whoever's it is: an e-mail's, and bullets in groups. */
const MASKS =
  /[a-z]•••@[a-z0-9-]+(?:\.[a-z0-9-]+)+|(?:(?<![\p{L}\p{N}])[A-Z]{2})?•{2,}(?: •{2,})*(?: ?\d{2,4}(?![\p{L}\p{N}]))?/gu
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Total: any text is one of the four. */
export function readFieldText(text: string | null, standIn: StandIn | null): FieldReading {
  const shown = text?.trim() ?? ''
  if (!VISIBLE.test(shown)) return { is: 'empty' }
  // The vault's columns only ever receive what `maskValue` and `tokenFrom` made.
  const expected =
    standIn === null ? null : formatFieldText(standIn.masked as MaskedValue, standIn.token as Token)
  if (shown === expected) return { is: 'current' }
  const typed = withoutMasks(shown).trim()
  if (VISIBLE.test(typed)) return { is: 'plain', value: typed }
  return { is: 'foreign', token: parseFieldText(shown) }
}

/**
 * All that a field says where a value's mask and token stand among typed words: the words as they are,
 * with the value in its place. null where that token does not stand there.
 */
export function fillIn(text: string, { masked, token }: StandIn, value: string): string | null {
  // The vault's columns only ever receive what `maskValue` and `tokenFrom` made.
  const own = formatToken(token as Token)
  const end = text.indexOf(own)
  if (end === -1) return null
  const before = text.slice(0, end).trimEnd()
  const start = before.endsWith(masked) ? before.length - masked.length : end
  const parts = [text.slice(0, start), text.slice(end + own.length)]
  return parts.map(withoutMasks).join(value).trim()
}

function withoutMasks(text: string): string {
  return text.replace(TOKENS, ' ').replace(MASKS, ' ')
}
