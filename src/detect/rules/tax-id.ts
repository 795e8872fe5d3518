/**
 * Numbers that a tax authority gives to a person, as its own documents and python-stdnum
 * (https://arthurdejong.org/python-stdnum/) have them. Those of companies are public: only where one
 * number serves both are they found.
 */
import {
  last,
  mod11,
  numberAt,
  passesMod11And10,
  remainder11,
  worth,
} from '../checks/check-digits.ts'
import type { Rule } from '../rule.ts'
import type { IdNumber } from './id-rule.ts'
import { idRule } from './id-rule.ts'
import { ID_NUMBER, NATIONAL_ID } from './national-id.ts'

/** The first ten digits hold one digit two or three times and no other one twice. */
function repeatsOneDigit(compact: string): boolean {
  const digits = compact.slice(0, 10)
  const repeated = [...'0123456789'].filter((digit) => digits.split(digit).length > 2)
  return repeated.length === 1 && new Set(digits).size > 7
}

function passesRut(compact: string): boolean {
  const check = (11 - remainder11(compact.padStart(9, '0'), '32765432')) % 11
  return '0123456789K'[check] === compact.slice(-1)
}

/** Inland Revenue's second weights where the first leave ten. */
function passesIrd(compact: string): boolean {
  const padded = compact.padStart(9, '0')
  const first = (11 - remainder11(padded, '32765432')) % 11
  const check = first < 10 ? first : (11 - remainder11(padded, '74325276')) % 11
  return check === last(compact)
}

/** Each digit doubles what stands before it. */
function passesAfm(compact: string): boolean {
  let sum = 0
  for (let at = 0; at < 8; at += 1) sum = (sum + worth(compact, at)) * 2
  return Number(compact) > 0 && (sum % 11) % 10 === last(compact)
}

function passesCpf(compact: string): boolean {
  const check = (weights: string) => ((remainder11(compact, weights) * 10) % 11) % 10
  return (
    check('A98765432') === worth(compact, 9) &&
    check('BA98765432') === last(compact) &&
    !/^(\d)\1+$/.test(compact)
  )
}

const NUMBERS: readonly IdNumber[] = [
  {
    // https://www.irs.gov/tin/itin: the groups in the middle that are given out.
    id: 'us_itin',
    words: 'itin,individual taxpayer identification number,taxpayer id,taxpayer number',
    form: /^9\d\d(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])\d{4}$/,
    lengths: [9],
    layouts: ['3-2-4', '3 2 4'],
    laidOut: 'likely',
  },
  {
    id: 'us_ein',
    words: 'fein,employer id number,employer identification number,tax id',
    // An article in German.
    closeWords: 'ein',
    form: /^(?:0[1-6]|1[0-6]|2[0-7]|3\d|4[0-8]|5\d|6[0-8]|7[1-7]|8[0-8]|9[0-589])\d{7}$/,
    lengths: [9],
    layouts: ['2-7'],
    inContext: 'likely',
  },
  {
    id: 'gb_utr',
    words: 'utr,unique taxpayer reference,self assessment,tax reference',
    form: /^\d{10}$/,
    lengths: [10],
    check: mod11(
      (compact) => '21987654321'[remainder11(compact.slice(1), '6789A5432')] === compact[0],
    ),
  },
  {
    id: 'de_idnr',
    words: `steuer id,steuerid,steueridnr,steueridentifikationsnummer,idnr,steuer identnummer,tin,
identifikationsnummer,german tax id`,
    form: /^[1-9]\d{10}$/,
    lengths: [11],
    layouts: ['2 3 3 3'],
    check: { name: 'mod11_10', passes: passesMod11And10 },
    laidOut: 'likely',
    alone: 'possible',
    notAlone: { test: (compact) => !repeatsOneDigit(compact) },
  },
  {
    // The layouts of the states (§ 2 of the decree on tax numbers) have no check digit in common.
    id: 'de_steuernummer',
    words: 'steuernummer,steuernr,st nr,stnr,steuer nr,steuer nummer',
    form: /^\d{10,13}$/,
    lengths: [10, 11, 12, 13],
    layouts: ['2/3/5', '3/3/5', '3/4/4', '2 3 5', '3 3 5', '3/4/5'],
    inContext: 'likely',
  },
  {
    id: 'fr_spi',
    words: 'numero fiscal,numero fiscal de reference,spi,no fiscal,identifiant fiscal',
    form: /^[0-3]\d{12}$/,
    lengths: [13],
    check: {
      name: 'mod511',
      passes: (compact) => numberAt(compact, 0, 10) % 511 === numberAt(compact, 10, 13),
    },
    isRare: true,
  },
  {
    id: 'pt_nif',
    words: 'nif,contribuinte,numero fiscal',
    form: /^[1-9]\d{8}$/,
    lengths: [9],
    check: mod11(
      (compact) => ((11 - remainder11(compact, '98765432')) % 11) % 10 === last(compact),
    ),
  },
  {
    id: 'pl_nip',
    words: 'nip',
    form: /^\d{10}$/,
    lengths: [10],
    layouts: ['3-3-2-2', '3-2-2-3'],
    check: mod11((compact) => remainder11(compact, '657234567') === last(compact)),
    laidOut: 'possible',
  },
  {
    id: 'gr_afm',
    words: 'afm,αφμ,αριθμος φορολογικου μητρωου',
    form: /^\d{9}$/,
    lengths: [9],
    check: mod11(passesAfm),
  },
  {
    id: 'ru_inn',
    words: 'инн,inn number,идентификационный номер налогоплательщика',
    closeWords: 'inn',
    form: /^\d{12}$/,
    lengths: [12],
    check: mod11(
      (compact) =>
        remainder11(compact, '724A359468') % 10 === worth(compact, 10) &&
        remainder11(compact, '3724A359468') % 10 === last(compact),
    ),
    isRare: true,
    alone: 'possible',
  },
  {
    id: 'ua_rnokpp',
    words: 'рнокпп,іпн,ідентифікаційний код,идентификационный код,rnokpp,інн',
    form: /^[1-9]\d{9}$/,
    lengths: [10],
    check: mod11((compact) => remainder11(compact, 'A57946A57') % 10 === last(compact)),
  },
  {
    id: 'au_tfn',
    words: 'tfn,tax file number,tax file no',
    form: /^\d{8,9}$/,
    lengths: [8, 9],
    check: mod11((compact) =>
      compact.length === 9
        ? remainder11(compact, '14375869A') === 0
        : remainder11(compact, 'A7854631') === 0,
    ),
  },
  {
    id: 'nz_ird',
    words: 'ird,inland revenue number',
    form: /^(?:[1-9]\d{7}|1\d{8}|0\d{8}|[2-9]\d{8})$/,
    lengths: [8, 9],
    check: mod11(passesIrd),
  },
  {
    id: 'br_cpf',
    words: 'cpf',
    form: /^\d{11}$/,
    lengths: [11],
    layouts: ['3.3.3-2', '3 3 3 2', '3-3-3-2', '3.3.3.2', '9-2', '3.3.3/2'],
    check: mod11(passesCpf),
    isRare: true,
    laidOut: 'likely',
    alone: 'possible',
  },
  {
    id: 'ar_cuit',
    words: 'cuit,cuil,clave unica de identificacion tributaria',
    form: /^(?:2[03-7]|3[034]|5[015])\d{9}$/,
    lengths: [11],
    layouts: ['2-8-1', '2.8.1', '2 8 1'],
    check: mod11(
      (compact) => '01234567899'[(11 - remainder11(compact, '5432765432')) % 11] === compact[10],
    ),
    laidOut: 'likely',
  },
  {
    id: 'cl_rut',
    words: 'rut no,numero de rut,cedula,rol unico tributario,rol unico nacional',
    closeWords: 'rut,run',
    form: /^\d{7,8}[\dK]$/,
    lengths: [8, 9],
    hasLetters: 'maybe',
    layouts: ['2.3.3-1', '1.3.3-1'],
    check: mod11(passesRut),
    laidOut: 'likely',
  },
  {
    // DIAN: the weights 41, 37, 29, 23, 19, 17, 13, 7 and 3, less what eleven divides.
    id: 'co_nit',
    words: 'nit,numero de identificacion tributaria',
    form: /^\d{9,10}$/,
    lengths: [9, 10],
    layouts: ['3.3.3-1', '9-1', '2.3.3-1', '8-1'],
    check: mod11(
      (compact) =>
        '01987654321'[remainder11(compact.padStart(10, '0'), '847186273')] === compact.slice(-1),
    ),
    laidOut: 'possible',
  },
  {
    id: 'mx_rfc',
    words: 'rfc,registro federal de contribuyentes',
    form: /^[A-Z][AEIOUX][A-Z]{2}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[A-Z\d]{2}[\dA]$/,
    lengths: [13],
    layouts: ['4-6-3', '4 6 3'],
    laidOut: 'likely',
    alone: 'possible',
  },
  {
    // https://incometaxindia.gov.in: the fourth letter says what is taxed, P a person.
    id: 'in_pan',
    words: 'pan,permanent account number',
    form: /^[A-Z]{3}[ABCFGHJLPT][A-Z]\d{4}[A-Z]$/,
    lengths: [10],
    alone: 'likely',
    notAlone: /^.{3}[^P]/,
  },
]

export const taxIdRules: readonly Rule[] = NUMBERS.map((number) =>
  idRule('national_id', number, number.isRare === true ? [NATIONAL_ID, ID_NUMBER] : [NATIONAL_ID]),
)
