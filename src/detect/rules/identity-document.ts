/**
 * Passports, identity cards, driving licences and permits. Machine readable zones (ICAO Doc 9303) and
 * British licences are known by their structure; other numbers have no form of their own and count where a
 * word names the document right before or behind them.
 */
import { findAhead } from '../ahead.ts'
import { concept } from '../lexicon.ts'
import type { Found, Rule, Surroundings } from '../rule.ts'
import { machineReadableZone } from './machine-readable-zone.ts'

const PASSPORT = concept(
  'passport',
  `passport*,passports,
travel document*,reisepass,reisepasses,reisepassnummer,
reisepassnr,passnummer,passnr,pass nr,passeport,pasaporte,passaporto,passaporte,paspoort,
paspoortnummer,paszport,paszportu,pas nr,pasnummer,passi,passin numero,cestovni pas,utlevel,
pasaport,pasaport numaras,паспорт,паспорта,护照,护照号,护照号码,護照號碼,パスポート,
パスポート番号,旅券番号,여권,여권번호,جواز السفر,דרכון`,
)
const LICENCE = concept(
  'driving_licence',
  `driving licence*,driving license*,driver licence,driver license*,drivers licence,
drivers license*,driver s license,driver s licence,
driver number,dl,dvla,dvla licence,
wdl,provisional licence,learner permit,learners permit,driver id,fuhrerschein,fuhrerscheinnummer,
fuhrerscheinnr,fuhrerausweis,permis de conduire,carnet de conducir,permiso de conducir,
licencia de conducir,licencia de conduccion,patente di guida,patente,carta de conducao,
carteira de motorista,cnh,habilitacao,rijbewijs,rijbewijsnummer,prawo jazdy,prawa jazdy,korkort,
korkortsnummer,korekort,korekortnummer,forerkort,ajokortti,ridicsky prukaz,surucu belgesi,
ehliyet,водительское удостоверение,驾驶证,運転免許証,免許証番号`,
)
const CARD = concept(
  'identity_card',
  `id card*,identity card*,identity document,id document,
personalausweis,personalausweisnummer,personalausweisnr,ausweis,ausweisnummer,ausweisnr,perso,
carte d identite,carte nationale d identite,cni,cedula de identidad,carnet de identidad,
documento de identidad,carta d identita,carta di identita,cie,documento d identita,
cartao de cidadao,bilhete de identidade,carteira de identidade,identiteitskaart,
identiteitsbewijs,id kaart,id karte,dowod osobisty,dowodu osobistego,numer dowodu,
id kort,henkilokortti,obcansky prukaz,szemelyi igazolvany,kimlik karti,kimlik seri no,
carte de identitate,身份证件,在留カード`,
)
const PERMIT = concept(
  'permit',
  `visa number,visa no,visa foil number,residence permit*,
residency permit,brp,green card*,permanent resident card,
alien number,alien registration number,a number,uscis,work permit,
aufenthaltstitel,aufenthaltserlaubnis,visumnummer,visum nr,titre de sejour,
numero de visa,carte de sejour,permiso de residencia,tarjeta de residencia,permesso di soggiorno,
autorizacao de residencia,verblijfsvergunning,verblijfsdocument,karta pobytu,uppehallstillstand`,
)

/** Right before a number, these tie it to a document that was named some words before. */
/** `passaporto italiano`, `identity card (German)`: how adjectives for countries end. */
const NATION = /(?:ish|[eiac]an|[eaoi]se|ch|ais|ol|an[oa]|onic[ao]|onique)$/
const TIES = new Set('is number no nr nummer numero n num ist lautet est es e s'.split(' '))
/** One token, or several between hyphens and slashes, or short ones between blanks. */
const NUMBER =
  /[A-Z0-9]{1,18}(?:[/-][A-Z0-9]{1,11}){0,4}(?: \d[A-Z0-9]{1,10}){0,3}(?![\p{L}\p{N}_]|[.,:/]\d|[@%])/uy
const NUMBER_IN_SMALL = /[a-z0-9]{6,16}(?![\p{L}\p{N}_]|[.,:/-][\p{L}\p{N}]|[@%])/uy

function numberAhead(
  surroundings: Surroundings,
  at: number,
  isNumber: (value: string) => boolean,
): Place | undefined {
  const { text } = surroundings
  return findAhead(text, at, 3, (place, strangers, before) => {
    const isTied =
      strangers === 0 ||
      TIES.has(before) ||
      text.slice(at, place).includes('\n') ||
      NATION.test(before) ||
      /[:=#(]/.test(text.slice(place - 2, place))
    return isTied && (strangers === 0 || !surroundings.isReference(place))
      ? endOfNumber(text, place, isNumber)
      : -1
  })
}

type Place = { start: number; end: number }

function endOfNumber(text: string, at: number, isNumber: (value: string) => boolean): number {
  NUMBER.lastIndex = at
  const value = NUMBER.exec(text)?.[0]
  if (value !== undefined) {
    if (isNumber(value)) return at + value.length
    // What stands behind a blank may be the next word.
    const first = value.split(' ', 1)[0] ?? ''
    return first !== value && isNumber(first) ? at + first.length : -1
  }
  NUMBER_IN_SMALL.lastIndex = at
  const small = NUMBER_IN_SMALL.exec(text)?.[0]
  return small !== undefined && countDigits(small) > 4 && isNumber(small.toUpperCase())
    ? at + small.length
    : -1
}

const BEHIND =
  /(?:^|[\s:"'(])([A-Z0-9]{6,16})(?: is (?:my |the |our |his |her )?| as (?:my |the )?|,? ?[([])$/

function numberBehind(
  text: string,
  wordStart: number,
  isNumber: (value: string) => boolean,
): Place | undefined {
  const from = Math.max(0, wordStart - 30)
  const match = BEHIND.exec(text.slice(from, wordStart))
  const value = match?.[1]
  if (match === null || value === undefined || !isNumber(value)) return undefined
  const start = from + match.index + match[0].indexOf(value)
  return { start, end: start + value.length }
}

function countDigits(value: string): number {
  return value.replace(/\D/g, '').length
}

const DATE = /^(?:\d{4}[-/ ]\d\d?[-/ ]\d\d?|\d\d?[-/ ]\d\d?[-/ ](?:\d{4}|\d\d))$/
const YEARS = /^(?:19|20)\d\d[-/ ](?:19|20)\d\d$/

/** French cards have nine characters, most of them letters. */
function isCardNumber(value: string): boolean {
  return isDocumentNumber(value) || (/^[A-Z0-9]{9}$/.test(value) && countDigits(value) >= 2)
}

/** Passports and cards: 6 to 12 characters, five of them digits; nine with three digits in Germany. */
function isDocumentNumber(value: string): boolean {
  const compact = value.replace(/[ /-]/g, '')
  const { length } = compact
  if (
    length < 6 ||
    length > 12 ||
    DATE.test(value) ||
    YEARS.test(value) ||
    /^(.)\1+$/.test(compact)
  )
    return false
  const digits = countDigits(compact)
  if (digits >= 5) return /^[A-Z]{0,3}\d{1,12}[A-Z]{0,3}\d{0,9}[A-Z]?$/.test(compact) || length <= 9
  return digits >= 3 && (length === 8 || length === 9) && value === compact
}

/** Licences: up to 18 characters, five of them digits. */
function isLicenceNumber(value: string): boolean {
  const compact = value.replace(/[ /-]/g, '')
  const { length } = compact
  if (
    length < 6 ||
    length > 18 ||
    DATE.test(value) ||
    YEARS.test(value) ||
    /^(.)\1+$/.test(compact)
  )
    return false
  return countDigits(compact) >= 5 || /^WDL[A-Z0-9*]{9}$/.test(compact)
}

function announced(name: string, isNumber: (value: string) => boolean) {
  return (surroundings: Surroundings, at: number, wordStart: number): Found | undefined => {
    const { text } = surroundings
    const place = numberAhead(surroundings, at, isNumber) ?? numberBehind(text, wordStart, isNumber)
    // "DL" means downloads, too.
    if (
      place !== undefined &&
      at - wordStart === 2 &&
      /^\d/.test(text.slice(place.start)) &&
      !/#/.test(text.slice(at, place.start))
    )
      return undefined
    return place && { start: place.start, end: place.end, confidence: 'likely', context: name }
  }
}

/**
 * Five characters of the surname, birth date as `yMMddy` (women's months plus 50), two initials, a digit
 * that tells namesakes apart and two check characters whose rule is not published:
 * https://www.gov.uk/government/publications/driving-licence-numbers
 */
const BRITISH =
  /^(?=[A-Z]{1,5}9{0,4}\d)[A-Z9]{5}\d(?:[05][1-9]|[16][0-2])(?:0[1-9]|[12]\d|3[01])\d[A-Z][A-Z9]\d[A-Z]{2}$/

/** ICAO Doc 9303's weights over the serial number of German cards and passports (BSI TR-03110). */
function passesWeights731(compact: string): boolean {
  let sum = 0
  for (let at = 0; at < compact.length - 1; at += 1) {
    sum += Number.parseInt(compact.charAt(at), 36) * ([7, 3, 1][at % 3] ?? 0)
  }
  return sum % 10 === Number(compact.at(-1))
}

export const identityDocumentRules: readonly Rule[] = [
  {
    id: 'machine_readable_zone',
    kind: 'identity_document',
    on: 'sign',
    sign: '<',
    find: machineReadableZone,
  },
  {
    id: 'uk_driving_licence',
    kind: 'identity_document',
    on: 'groups',
    lengths: [16],
    hasLetters: 'always',
    form: BRITISH,
    layouts: ['5 6 5', '5 6 2 3', '5-6-5'],
    context: [LICENCE],
    confidence: { inContext: 'certain', inLayout: 'likely', alone: 'likely' },
  },
  {
    id: 'de_identity_card',
    kind: 'identity_document',
    on: 'groups',
    lengths: [10],
    hasLetters: 'maybe',
    form: /^[CFGHJKLMNPRTVWXYZ0-9]{9}\d$/,
    check: { name: 'icao_731', passes: passesWeights731 },
    context: [CARD, PASSPORT],
    confidence: { inContext: 'certain' },
  },
  {
    id: 'passport',
    kind: 'identity_document',
    on: 'word',
    concepts: [PASSPORT],
    find: announced(PASSPORT.name, isDocumentNumber),
  },
  {
    id: 'identity_card',
    kind: 'identity_document',
    on: 'word',
    concepts: [CARD],
    find: announced(CARD.name, isCardNumber),
  },
  {
    id: 'driving_licence',
    kind: 'identity_document',
    on: 'word',
    concepts: [LICENCE],
    find: announced(LICENCE.name, isLicenceNumber),
  },
  {
    id: 'residence_permit',
    kind: 'identity_document',
    on: 'word',
    concepts: [PERMIT],
    find: announced(PERMIT.name, isDocumentNumber),
  },
]
