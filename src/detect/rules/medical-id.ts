/** Numbers that health services and insurers give to patients, members and prescribers. */
import {
  last,
  luhn,
  mod10,
  mod11,
  remainder11,
  weigh,
  weighDigits,
  worth,
} from '../checks/check-digits.ts'
import { findAhead } from '../ahead.ts'
import { passesLuhn } from '../checks/luhn.ts'
import { concept } from '../lexicon.ts'
import type { Found, Rule, Surroundings } from '../rule.ts'
import type { IdNumber } from './id-rule.ts'
import { idRule } from './id-rule.ts'

/** Registrants' types and the first letter of the name; https://www.deadiversion.usdoj.gov. */
function passesDea(compact: string): boolean {
  const digits = compact.slice(2)
  return weigh(digits, '121212') % 10 === last(compact)
}

function passesKvnr(compact: string): boolean {
  const letter = String(worth(compact, 0) - 9).padStart(2, '0')
  return weighDigits(letter + compact.slice(1), '1212121212') % 10 === last(compact)
}

const NHI_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ'

/** HISO 10046: the old form's last digit (mod 11), the new one's last letter (mod 23). */
function passesNhi(compact: string): boolean {
  let sum = 0
  for (let at = 0; at < 6; at += 1) {
    const place = NHI_LETTERS.indexOf(compact.charAt(at)) + 1
    sum += (place || Number(compact[at])) * (7 - at)
  }
  if (/\d$/.test(compact)) return sum % 11 !== 0 && (11 - (sum % 11)) % 10 === last(compact)
  return NHI_LETTERS[22 - (sum % 23)] === compact[6]
}

const NUMBERS: readonly IdNumber[] = [
  {
    // https://www.datadictionary.nhs.uk/attributes/nhs_number.html
    id: 'gb_nhs',
    words: 'nhs,national health service number,chi number',
    form: /^[1-9]\d{9}$/,
    lengths: [10],
    layouts: ['3 3 4', '3-3-4'],
    check: mod11((compact) => (11 - remainder11(compact, 'A98765432')) % 11 === last(compact)),
    laidOut: 'possible',
  },
  {
    // https://www.cms.gov/regulations-and-guidance/administrative-simplification/nationalprovidentstand
    id: 'us_npi',
    words: 'npi,national provider identifier',
    form: /^[12]\d{9}$/,
    lengths: [10],
    check: luhn((compact) => passesLuhn(`80840${compact}`)),
  },
  {
    // https://www.cms.gov/medicare/new-medicare-card/understanding-the-mbi.pdf
    id: 'us_mbi',
    words: 'mbi,medicare',
    form: /^[1-9][AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y][\dAC-HJKMNP-RT-Y]\d[AC-HJKMNP-RT-Y]{2}\d\d$/,
    lengths: [11],
    layouts: ['4-3-4', '4 3 4'],
    laidOut: 'likely',
    alone: 'likely',
  },
  {
    id: 'us_dea',
    words: 'dea',
    form: /^[ABCDEFGHJKLMPRSTUX][A-Z9]\d{7}$/,
    lengths: [9],
    check: mod10(passesDea),
    alone: 'possible',
  },
  {
    id: 'au_medicare',
    words: 'medicare',
    form: /^[2-6]\d{9}\d?$/,
    lengths: [10, 11],
    layouts: ['4 5 1', '4 5 1-1', '4 5 1 1', '4 5 1/1', '4-5-1'],
    check: mod10((compact) => weigh(compact, '13791379') % 10 === worth(compact, 8)),
    laidOut: 'possible',
  },
  {
    id: 'au_ihi',
    words: 'ihi,healthcare identifier',
    form: /^800360\d{10}$/,
    lengths: [16],
    layouts: ['4 4 4 4'],
    check: luhn(),
    laidOut: 'likely',
    alone: 'likely',
  },
  {
    id: 'nz_nhi',
    words: 'nhi,national health index',
    form: /^[A-HJ-NP-Z]{3}\d{2}(?:\d\d|[A-HJ-NP-Z]{2})$/,
    lengths: [7],
    check: mod11(passesNhi),
  },
  {
    id: 'ca_ohip',
    words: 'ohip,health card,health number,carte sante',
    form: /^[1-9]\d{9}(?:[A-Z]{1,2})?$/,
    lengths: [10, 11, 12],
    hasLetters: 'maybe',
    layouts: ['4-3-3', '4 3 3', '4-3-3-2', '4 3 3 2', '4-3-3 2', '10-2', '10 2'],
    inContext: 'likely',
  },
  {
    id: 'ca_ramq',
    words: 'ramq,assurance maladie,nam',
    form: /^[A-Z]{4}\d{8}$/,
    lengths: [12],
    layouts: ['4 4 4'],
  },
  {
    id: 'ca_bc_phn',
    words: 'phn,personal health number,bc services card,personal health no',
    form: /^9\d{9}$/,
    lengths: [10],
    check: mod11((compact) => 11 - remainder11(compact.slice(1), '2485A973') === last(compact)),
  },
  {
    id: 'de_kvnr',
    words: `kvnr,krankenversichertennummer,krankenversichertennr,krankenversicherungsnummer,
versichertennummer,versichertennr,versicherten nr,krankenkasse,kv nummer,kv nr`,
    form: /^[A-Z]\d{9}$/,
    lengths: [10],
    check: mod10(passesKvnr),
    alone: 'possible',
  },
  {
    id: 'ehic',
    words: `ehic,ghic,health insurance card,health insurance number,
europaische krankenversicherungskarte,carte europeenne d assurance maladie`,
    form: /^80\d{18}$/,
    lengths: [20],
    layouts: ['5 10 5', '4 4 4 4 4', '2 3 5 10'],
    alone: 'possible',
  },
]

/** What health insurers and hospitals call their numbers: no two give them the same form. */
const HEALTH_NUMBER = concept(
  'health_number',
  `health insurance,insurance card,versichertennummer,health plan,health plan id,insurance id,insurance member number,
insurance policy member number,insurance policy number,insurance card number,medical insurance,
medicaid,medical record,mrn,patient id,patient number,patient no,hospital number,health card,
health id,abha number,subscriber id,member id,enrollee id,tarjeta sanitaria,historia clinica,
zorgverzekering,zorgverzekering polisnummer,zorgpas,zorgpolisnummer,patientennummer,
versicherungskarte,mutuelle,numero adherent,numero de patient,cartao sus,cns,numero de utente,
tessera sanitaria`,
)

const VALUE =
  /(?=[A-Z\d -]{0,8}\d)(?:[A-Z]{1,4}[ -]?)?[A-Z\d]{2,20}(?:[ -][A-Z\d]{1,10}){0,3}(?![A-Za-z\d])/iy

function findHealthNumber(surroundings: Surroundings, at: number): Found | undefined {
  const { text } = surroundings
  const place = findAhead(text, at, 2, (from, strangers) => {
    if (strangers > 0 && surroundings.isReference(from)) return -1
    VALUE.lastIndex = from
    const value = valueOf(VALUE.exec(text)?.[0] ?? '')
    return value === undefined ? -1 : from + value.length
  })
  return (
    place && {
      start: place.start,
      end: place.end,
      confidence: 'likely',
      context: HEALTH_NUMBER.name,
    }
  )
}

/** Without the words behind it: each group has a digit, or is one or two capitals at the end. */
function valueOf(ahead: string): string | undefined {
  const groups = ahead.split(/(?=[ -])/)
  let length = 0
  let digits = 0
  for (const [index, group] of groups.entries()) {
    const hasDigit = /\d/.test(group)
    const isCapitals = /^[ -]?[A-Z]{1,4}$/.test(group)
    if (!hasDigit && !(isCapitals && (index === 0 || /^[ -][A-Z]{1,2}$/.test(group)))) break
    if (index > 0 && group.startsWith(' ') && /[a-z]/.test(group)) break
    length += group.length
    digits += group.replace(/\D/g, '').length
  }
  const value = ahead.slice(0, length)
  return digits >= 5 && !/^(?:19|20)\d\d-(?:\d\d-\d\d|\d{4})$/.test(value) ? value : undefined
}

export const medicalIdRules: readonly Rule[] = [
  ...NUMBERS.map((number) => idRule('medical_id', number)),
  {
    id: 'health_number',
    kind: 'medical_id',
    on: 'word',
    concepts: [HEALTH_NUMBER],
    find: findHealthNumber,
  },
]
