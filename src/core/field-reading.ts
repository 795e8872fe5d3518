/** What a protected ticket field says now: the mask it should hold, something else, or a value. */
import type { Token } from './token.ts'
import { formatFieldText, parseFieldText } from './token.ts'
import type { MaskedValue } from './mask.ts'
import { looksMasked } from './mask.ts'

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
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

/** Total: any text is one of the four. */
export function readFieldText(text: string | null, standIn: StandIn | null): FieldReading {
  const shown = text?.trim() ?? ''
  if (!VISIBLE.test(shown)) return { is: 'empty' }
  // The vault's columns only ever receive what `maskValue` and `tokenFrom` made.
  const expected =
    standIn === null ? null : formatFieldText(standIn.masked as MaskedValue, standIn.token as Token)
  if (shown === expected) return { is: 'current' }
  const withoutOwn = standIn === null ? shown : shown.replaceAll(standIn.masked, ' ')
  const typed = withoutOwn.replace(TOKENS, ' ').trim()
  if (VISIBLE.test(typed) && !looksMasked(typed)) return { is: 'plain', value: typed }
  return { is: 'foreign', token: parseFieldText(shown) }
}
