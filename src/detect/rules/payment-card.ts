/** Payment card numbers (primary account numbers) of every scheme with a published range. */
import { passesLuhn } from '../checks/luhn.ts'
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule } from '../rule.ts'
import type { Confidence } from '../span.ts'

export const CARD = concept(
  'card',
  `card*,cards,cardnumber,credit,debit,pan,cc*,ccn,visa,mastercard,amex,american express,
discover,diners,jcb,unionpay,union pay,maestro,mir,troy,rupay,elo,hipercard,verve,dankort,charge,
charged,payment method,karte,kreditkarte,kartennummer,kreditkartennummer,bankkarte,girokarte,
debitkarte,carte,cb,tarjeta,carta,cartao,kaart,kaartnummer,creditcard,creditkaart,betaalkaart,
karta,karty,kort,kortnummer,kreditkort,luottokortti,kortti,kart,kredi karti,карта,карты`,
)

type Scheme = {
  name: string
  /** Of the first digits. */
  range: RegExp
  lengths: readonly number[]
  /** Whether so few issuers and so many other numbers share the range that context is needed. */
  needsContext?: boolean
}

/** Longer lengths than 16 exist on paper (ISO/IEC 7812-1) more than in wallets. */
const LONG = [16, 17, 18, 19]

/**
 * Issuer ranges as the schemes publish them: https://en.wikipedia.org/wiki/Payment_card_number lists
 * their sources. The first that fits names the card.
 */
const SCHEMES: readonly Scheme[] = [
  {
    name: 'elo',
    range:
      /^(?:401178|401179|438935|451416|457631|457632|504175|506699|5067|509|627780|636297|636368|65003[1-35-9]|6504|6505[0-3]|6507|6509|6516|6550)/,
    lengths: [16],
  },
  { name: 'verve', range: /^(?:506[01]|650002)/, lengths: [16, 18, 19] },
  { name: 'hipercard', range: /^606282/, lengths: [16, 19] },
  { name: 'visa', range: /^4/, lengths: [16] },
  { name: 'visa', range: /^4/, lengths: [13, 18, 19], needsContext: true },
  { name: 'mastercard', range: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { name: 'american_express', range: /^3[47]/, lengths: [15] },
  { name: 'discover', range: /^(?:6011|64[4-9]|65)/, lengths: LONG },
  { name: 'diners_club', range: /^(?:30[0-5]|3095|36|3[89])/, lengths: [14, 16, 19] },
  { name: 'jcb', range: /^35(?:2[89]|[3-8])/, lengths: LONG },
  { name: 'union_pay', range: /^(?:62|81)/, lengths: LONG },
  { name: 'mir', range: /^220[0-4]/, lengths: LONG },
  { name: 'troy', range: /^9792/, lengths: [16] },
  { name: 'rupay', range: /^(?:60|82|508)/, lengths: [16] },
  { name: 'dankort', range: /^5019/, lengths: [16] },
  { name: 'inter_payment', range: /^636/, lengths: LONG },
  { name: 'maestro', range: /^(?:5018|5020|5038|5[68]|6304|6759|676[1-3]|67)/, lengths: LONG },
  {
    name: 'maestro',
    range: /^(?:5018|5020|5038|5[68]|6304|6759|676[1-3]|67)/,
    lengths: [12, 13, 14, 15],
    needsContext: true,
  },
  { name: 'uatp', range: /^1/, lengths: [15], needsContext: true },
]

/** New ranges come every year: sixteen digits that begin as cards do. */
const UNLISTED = /^[2-689]\d{15}$/

/** As embossed: in fours, 4-6-5 (American Express) or 4-6-4 (Diners Club), one separator throughout. */
const EMBOSSED = /^(?:4([ ._-])4\1(?:4\1(?:[1-4]|4\1[1-3])|5)|4([ ._-])6\2[45])$/
const ONE_BY_ONE = /^1(?:[ ._-]1){11,18}$/

function judge(groups: Groups): Found | undefined {
  const { compact, start, end, layout } = groups
  // An expiry date or the next field of a row may follow at once.
  if (groups.isOpen && !'/,'.includes(groups.text.charAt(end))) return undefined
  // First, for it is the quickest to say no.
  if (!passesLuhn(compact) || /^(\d)\1+$/.test(compact)) return undefined
  const scheme = SCHEMES.find(
    ({ range, lengths }) => lengths.includes(compact.length) && range.test(compact),
  )
  if (scheme === undefined && !UNLISTED.test(compact)) return undefined
  const context = groups.near([CARD], start, end)
  const isLaidOut = EMBOSSED.test(layout) || ONE_BY_ONE.test(layout)
  const confidence = confidenceOf(groups, scheme, context !== undefined, isLaidOut)
  if (confidence === undefined) return undefined
  return {
    start,
    end,
    confidence,
    check: 'luhn',
    ...(context === undefined ? {} : { context: context.concept.name }),
  }
}

function confidenceOf(
  groups: Groups,
  scheme: Scheme | undefined,
  hasContext: boolean,
  isLaidOut: boolean,
): Confidence | undefined {
  const isWhole = layoutIsWhole(groups.layout)
  if (scheme === undefined) return hasContext && isLaidOut ? 'likely' : undefined
  if (hasContext) return isLaidOut || isWhole ? 'certain' : groups.isCrowded ? 'possible' : 'likely'
  if (scheme.needsContext === true) return undefined
  if (groups.isReference(groups.start)) return 'possible'
  if (groups.isCrowded && !isLaidOut) return undefined
  if (isLaidOut) return groups.crossesLines ? 'likely' : 'certain'
  return isWhole ? 'likely' : 'possible'
}

function layoutIsWhole(layout: string): boolean {
  return /^\d+$/.test(layout)
}

export const paymentCardRules: readonly Rule[] = [
  {
    id: 'payment_card',
    kind: 'payment_card',
    on: 'groups',
    lengths: [12, 13, 14, 15, 16, 17, 18, 19],
    maxGroups: 19,
    judge,
    contexts: [CARD],
  },
]
