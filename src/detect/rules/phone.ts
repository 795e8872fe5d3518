/**
 * Phone numbers. Valid means: a calling code and a national number that libphonenumber's general pattern
 * for it covers (`phone-plans.ts`); for most codes one of the right length, which lets numbers pass that
 * begin with digits nobody has there. Patterns by type of line are left out, so a number of the right
 * length in an exchange that no operator has yet, such as 555-0143, is a phone number here.
 */
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule } from '../rule.ts'
import type { Confidence } from '../span.ts'
import { PHONE_LENGTHS, PHONE_PLANS } from './phone-plans.ts'

/** Words that name a phone number. */
export const PHONE = concept(
  'phone',
  `phone*,phones,telephone*,tel*,telno,mobile*,mob,cell*,cellphone,landline,contact number,
callback number,call back number,number to call,whatsapp,whats app,fax*,hotline,helpline,sms to,
text me at,text me on,msisdn,ph,phonenumber,signal,imessage,mobilnummeret,contact no,telefon,
telefonnummer,telefonnr,handy,handynummer,mobil,mobilnummer,mobiltelefon,festnetz,rufnummer,
ruckrufnummer,durchwahl,telefax,erreichbar unter,handynr,mobilnr,portable,fixe,joignable au,
telecopie,gsm,telefono,movil,celular,cellulare,recapito telefonico,fisso,telefone,telemovel,
telefoon,telefoonnummer,mobiel,mobiele nummer,komorka,komorkowy,telefonszam,puhelin,
puhelinnumero,telefonu,телефон,номер телефона,мобильный,тел,电话,手机,手机号,電話,電話番号,携帯,携帯電話,전화,전화번호,
휴대폰,הטלפון,טלפון,هاتف,رقم الهاتف,फोन`,
)

/** Words that ask for a call: a number written as a phone number, or long enough, follows. */
const CALL = concept(
  'call',
  `call,ring,dial,reach me,reach us,text,sms,contact me,phone me,phoned,called,callback,
ruf mich,anrufen,rufen sie,ruckruf,erreichen,appelez,appeler,rappeler,rappelez moi,llamar,
llamame,llameme,llamenos,chiamare,chiamatemi,chiamami,ligar,ligue,bellen,bel me,bel mij,zadzwon`,
)
const CALL_REACH = 24

let plans: Map<string, RegExp | string> | undefined

/** The pattern of a calling code's national numbers; compiled when first needed. */
function planOf(code: string): RegExp | undefined {
  plans ??= readPlans()
  const plan = plans.get(code)
  if (typeof plan !== 'string') return plan
  const compiled = new RegExp(`^(?:${plan})$`)
  plans.set(code, compiled)
  return compiled
}

function readPlans(): Map<string, RegExp | string> {
  const all = new Map<string, RegExp | string>()
  for (const line of PHONE_PLANS.trim().split('\n')) {
    const [code = '', plan = ''] = line.split(' ')
    all.set(code, plan)
  }
  for (const row of PHONE_LENGTHS.trim().split(/\s/)) {
    const [first, lengths = ''] = row.split('-')
    for (let at = 0; at < lengths.length; at += 2) {
      const [least, greatest] = Array.from(lengths.slice(at, at + 2), (sign) => parseInt(sign, 36))
      all.set(String(Number(first) + at / 2), `\\d{${String(least)},${String(greatest)}}`)
    }
  }
  return all
}

/** Whether digits that begin with a calling code are a number that can be dialled from anywhere. */
function isInternational(digits: string): boolean {
  for (let length = 1; length <= 3; length += 1) {
    const plan = planOf(digits.slice(0, length))
    if (plan === undefined) continue
    const national = digits.slice(length)
    // As in +44 (0)20 7946 0018.
    return plan.test(national) || (national.startsWith('0') && plan.test(national.slice(1)))
  }
  return false
}

/**
 * How people group the digits of a national number, by calling code. The trunk prefix 0 counts where
 * there is one. Any of the usual separators may stand between groups, parentheses around the first.
 */
const LOCAL_LAYOUTS = `
44 3 4 4|4 3 4|5 3 3|5 6|5 5|3 8|4 7
33 2 2 2 2 2
32 4 2 2 2|2 3 2 2|3 2 2 2|4 6
41 3 3 2 2|3 3 4|3 7
31 2 8|2 2 2 2 2|3 7|3 3 4|4 6|2 4 4|4 3 3|3 3 2 2
81 3 4 4|2 4 4|3 3 4|4 2 4
82 3 4 4|2 4 4|3 3 4|2 3 4
61 2 4 4|4 3 3
64 2 3 4|3 3 4
27 3 3 4
353 2 3 4|3 3 4
972 3 7|3 3 4|2 3 4
90 4 3 2 2|4 3 4
46 3 3 2 2|2 3 3 2|3 2 2 2|2 2 2 2|3 7
39 2 4 4|2 8|3 7|3 6|4 6|4 5|3 3 4
40 4 3 3|4 2 2 2
36 2 2 3 4|2 2 3 3
380 3 3 2 2
358 3 3 4|2 3 4|3 7
30 3 3 4
34 3 2 2 2
7 1 3 3 2 2
86 3 4 4
55 2 5 4|2 4 4
66 3 3 4|2 3 4
62 4 4 4|4 4 3
60 3 3 4|2 4 4|3 7
63 4 3 4
`

/** What the first digits of a national number must be for it to pass without context. */
const LOCAL_START: Readonly<Record<string, RegExp>> = {
  '34': /^[6-9]/,
  '39': /^[03]/,
  '7': /^8[3489]/,
  '86': /^1[3-9]/,
  '55': /^[1-9][1-9][2-9]/,
}

const localLayouts = new Map<string, string[]>()
for (const line of LOCAL_LAYOUTS.trim().split('\n')) {
  const code = line.slice(0, line.indexOf(' '))
  for (const groups of line.slice(line.indexOf(' ') + 1).split('|')) {
    for (const first of [' ', '-', '.', '/', ' / ', ') ', ')', ') - ', ')-']) {
      for (const others of [' ', '-', '.']) {
        const [head, ...rest] = groups.split(' ')
        const layout = `${String(head)}${first}${rest.join(others)}`
        const codes = localLayouts.get(layout) ?? []
        if (!codes.includes(code)) localLayouts.set(layout, [...codes, code])
      }
    }
  }
}
// Brazil and Russia write two separators.
for (const first of [' ', ') ', ')']) {
  localLayouts.set(`2${first}5-4`, ['55'])
  localLayouts.set(`2${first}4-4`, ['55', '81'])
}
localLayouts.set('1 (3) 3-2-2', ['7'])
localLayouts.set('1(3)3-2-2', ['7'])
localLayouts.set('1-3-3-2-2', ['7'])
localLayouts.set('1 (3) 3 2 2', ['7'])

/** German and Austrian numbers: area code, then one to four groups of any size. */
const GERMAN_LAYOUT =
  /^(?!3 3 3$)(?:[3-6](?: ?\/ ?|\) ?)[3-8]|[34][ -][3-8]|5[ -][5-7])(?:[ -][1-5]){0,3}$|^[3-5](?: ?\/ ?|\) ?|[ -])(?:2 ){2,4}[2-4]$/

const NANP_LAYOUTS = new Set(
  `3-3-4|3.3.4|3 3 4|3) 3-4|3)3-4|3) 3 4|3) 3.4|3)-3-4|3 3-4|3/3-4|3) - 3-4|1-3-3-4|1.3.3.4|1 3 3 4|1 (3) 3-4|1 (3) 3 4|1(3)3-4|1 3-3-4|1-(3)-3-4|1(3) 3-4|1-3-3 4`.split(
    '|',
  ),
)
/** Area codes never begin with 0 or 1, nor have a 9 in the middle. */
const NANP = /^1?[2-9][0-8]\d{8}$/
/** Neither do exchanges, but invented numbers do: where hyphens or parentheses speak for them, they pass. */
const NANP_EXCHANGE = /^1?\d{3}[2-9]/

/** Ways to write a number that are a date, an address of a machine or a US id before a phone number. */
const OTHER_LAYOUT = /^(?:4[-./ ][12][-./ ][12]|[12][-./ ][12][-./ ]4|3-2-4|[123](?:\.[123]){3})$/

/** `2020-2024` */
const YEARS = /^(?:19|20)\d\d(?:19|20)\d\d$/

/** `ext. 12`, `x12`, `Durchwahl 12` behind a number. */
const EXTENSION =
  /(?: ?\(?(?:ext|extension|extn|x|durchwahl|dw|poste|toestel|interno|ramal|anexo)\.? ?:? ?|#)\d{1,6}(?![\w])/iy

function judge(groups: Groups): Found | undefined {
  const { text, start, compact, crossesLines } = groups
  if (crossesLines || isBroken(groups)) return undefined
  const lead = text.charCodeAt(start - 1)
  if (lead === 43 || (lead === 40 && text.charCodeAt(start - 2) === 43)) {
    return isAlphanumeric(text.charCodeAt(start - (lead === 43 ? 2 : 3)))
      ? undefined
      : international(groups, start - (lead === 43 && !isEnclosedCode(groups) ? 1 : 2))
  }
  if (compact.startsWith('00')) return withExitCode(groups, 2)
  if (compact.startsWith('011') && /^011[ -]/.test(text.slice(start, start + 4))) {
    return withExitCode(groups, 3)
  }
  return national(groups, lead === 40)
}

/** Whether the number would end within something else. Lists of numbers go on behind a comma or slash. */
function isBroken(groups: Groups): boolean {
  if (!groups.isOpen) return false
  const next = groups.text.charCodeAt(groups.end)
  return next !== 44 && next !== 47
}

/** `(+44) 20 7946 0018` */
function isEnclosedCode({ text, start, end }: Groups): boolean {
  return text.charCodeAt(start - 2) === 40 && text.slice(start, end).includes(')')
}

function international(groups: Groups, from: number): Found | undefined {
  if (groups.compact.length > 16 || !isInternational(groups.compact)) return undefined
  if (endsInOneDigit(groups)) return undefined
  return found(groups, from, 'certain')
}

/** `00` or, from North America, `011` before the calling code. */
function withExitCode(groups: Groups, length: number): Found | undefined {
  const { compact, start } = groups
  const code = compact.slice(length)
  if (code.length > 15 || !isInternational(code) || endsInOneDigit(groups)) return undefined
  const context = groups.near([PHONE, CALL], start, groups.end)
  if (context !== undefined) return found(groups, start, 'certain', context.concept.name)
  if (groups.isReference(start)) return undefined
  const isBare = compact.length === groups.end - start
  // Numbers are filled up with zeros on the left more often than they are dialled so.
  if (isBare) return groups.isCrowded ? undefined : found(groups, start, 'possible')
  return found(groups, start, 'likely')
}

/** `+49 30 123456 2 times`: a single digit behind a blank is the next word. */
function endsInOneDigit({ text, start, end }: Groups): boolean {
  return text.charCodeAt(end - 2) === 32 && end - start > 2
}

function national(groups: Groups, hasParenthesis: boolean): Found | undefined {
  const { text, start, end, compact } = groups
  const isBare = compact.length === end - start
  if (isBare && !hasParenthesis) return bare(groups)
  const context = groups.near([PHONE], start, end) ?? groups.near([CALL], start, end, CALL_REACH)
  if (context === undefined && !mayBeLocal(compact, end - start)) return undefined
  const { layout } = groups
  const isEnclosed = hasParenthesis && /^\d\d?\)/.test(layout)
  if (isEnclosed !== /^\d+\)/.test(layout)) return undefined
  const from = isEnclosed ? start - 1 : start
  const isLocal = isNorthAmerican(layout, compact) || isLocallyValid(layout, compact)
  if (!isLocal && (OTHER_LAYOUT.test(layout) || YEARS.test(compact) || compact.length > 12)) {
    return undefined
  }
  if (endsInOneDigit(groups)) return undefined
  if (isLocal) {
    if (context !== undefined) return found(groups, from, 'certain', context.concept.name)
    if (groups.isReference(start)) return found(groups, from, 'possible')
    return groups.isCrowded || text.charCodeAt(end) === 47
      ? undefined
      : found(groups, from, 'likely')
  }
  if (context === undefined || groups.isCrowded) return undefined
  if (!LOOSE_LAYOUT.test(layout)) return undefined
  return found(groups, from, 'likely', context.concept.name)
}

/** A first look at digits and width. */
function mayBeLocal(digits: string, width: number): boolean {
  const { length } = digits
  if (width - length > 6) return false
  switch (digits.charCodeAt(0)) {
    case 48:
      return length >= 8 && length <= 13 && digits.charCodeAt(1) !== 48
    case 49:
      return length === 11
    default:
      return length >= 9 && length <= 11
  }
}

/** One separator throughout, no group longer than eight. Dots part versions, too: those have short groups. */
const LOOSE_LAYOUT = /^(?:[1-6](?:\) ?| ?\/ ?|[ -])[1-8](?:[ -][1-8]){0,5}|[2-5](?:\.[2-8]){1,4})$/

function isNorthAmerican(layout: string, compact: string): boolean {
  if (!NANP.test(compact) || !NANP_LAYOUTS.has(layout)) return false
  return NANP_EXCHANGE.test(compact) || /[)-]|\..*\./.test(layout)
}

function isLocallyValid(layout: string, compact: string): boolean {
  const codes = localLayouts.get(layout)
  if (codes?.some((code) => isValidIn(code, compact)) === true) return true
  if (!compact.startsWith('0') || compact.length < 8 || compact.length > 13) return false
  if (!GERMAN_LAYOUT.test(layout)) return false
  return isValidIn('49', compact) || isValidIn('43', compact)
}

function isValidIn(code: string, digits: string): boolean {
  const hasZero = digits.startsWith('0')
  const start = LOCAL_START[code]
  if (start === undefined ? !hasZero : !start.test(digits)) return false
  const plan = planOf(code)
  if (plan === undefined) return false
  if (start !== undefined) return plan.test(code === '7' ? digits.slice(1) : digits)
  // 00 is no area code.
  return digits.charCodeAt(1) !== 48 && plan.test(digits.slice(1))
}

/** Digits alone say nothing by themselves. */
function bare(groups: Groups): Found | undefined {
  const { start, end, compact } = groups
  const { length } = compact
  if (length > 13) return undefined
  const context =
    groups.near([PHONE], start, end) ??
    (length >= 9 ? groups.near([CALL], start, end, CALL_REACH) : undefined)
  if (context === undefined || groups.isCrowded || /^(\d)\1+$/.test(compact)) return undefined
  return found(groups, start, 'likely', context.concept.name)
}

function found(groups: Groups, start: number, confidence: Confidence, context?: string): Found {
  EXTENSION.lastIndex = groups.end
  const end = EXTENSION.test(groups.text) ? EXTENSION.lastIndex : groups.end
  return {
    start,
    end,
    confidence,
    check: 'number_plan',
    ...(context === undefined ? {} : { context }),
  }
}

function isAlphanumeric(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
}

export const phoneRules: readonly Rule[] = [
  {
    id: 'phone',
    kind: 'phone',
    on: 'groups',
    lengths: [7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17],
    maxGroups: 9,
    judge,
    contexts: [PHONE, CALL],
  },
]
