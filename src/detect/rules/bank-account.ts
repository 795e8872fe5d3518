/** Account numbers and the codes of the banks that hold them. */
import { last, mod10, mod11, mod97, weigh } from '../checks/check-digits.ts'
import { ibanLength, isIban } from '../checks/iban.ts'
import { findAhead } from '../ahead.ts'
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule, Surroundings } from '../rule.ts'
import type { IdNumber } from './id-rule.ts'
import { contextOf, idRule } from './id-rule.ts'

const IBAN = concept('iban', 'iban,ibans')

const BIC = concept('bic', 'bic,swift')

/** What is said of accounts at banks, and of few others. */
const ACCOUNT = concept(
  'account_number',
  `account number,account no,acc no,acc number,account num,account nbr,account nr,account details,acct,
bank account,checking account,savings account,beneficiary account,chequing account,a c no,
a c number,kontonummer,kontonr,konto nr,kto,ktonr,bankkonto,kontonummeret,numero de compte,
no de compte,compte bancaire,numero de cuenta,no de cuenta,cuenta bancaria,cuenta corriente,
numero di conto,conto corrente,conto bancario,rekeningnummer,bankrekening,bankrekeningnummer,
rekening,rekeningnr,conta bancaria,numero da conta,conta corrente,cislo uctu,bankovni ucet,
numer konta,nr konta,numer rachunku,nr rachunku,rachunek bankowy,tilinumero,bankszamlaszam,
szamlaszam,hesap numarasi,hesap no,cont bancar,numar de cont,номер счета,номер рахунку,口座番号,계좌번호`,
)

/** An account of any sort: at a bank where a bank's code stands beside it. */
const ANY_ACCOUNT = concept(
  'account',
  'account,acc,a c,konto,compte,cuenta,conto,conta,savings,checking',
)

/** Countries with banks and no IBANs (ISO 3166-1 alpha-2). */
const OTHERS =
  'AR AU BB BD BM BO BS CA CL CN CO EC FJ GH HK ID IN JM JP KE KH KR KY LK MM MX MY NG NP NZ PA PE PG PH PY SG TH TT TW TZ UG US UY VE VN ZA ZM ZW'

function judgeIban(groups: Groups): Found | undefined {
  const { start, end, text } = groups
  if (ibanLength(text.slice(start, start + 2).toUpperCase()) !== groups.length) return undefined
  if (groups.isOpen && text.charCodeAt(end) === 45) return undefined
  if (!isIban(groups.compact)) return undefined
  // Small letters are part of an address or a hash where they do not stand throughout.
  const written = text.slice(start, end)
  if (/[a-z]/.test(written) && /[A-Z]/.test(written) && !/^[A-Z]{2}|^[A-Z][a-z]\d/.test(written))
    return undefined
  return {
    start,
    end,
    confidence: 'certain',
    check: 'mod97',
    ...contextOf(groups.near([IBAN], start, end)),
  }
}

const BIC_FORM = /[A-Z]{4}([A-Z]{2})[A-Z\d]{2}(?:[A-Z\d]{3})?(?![A-Za-z\d])/y

/** Ties it to its name, some words on. */
const BEFORE_BIC = /^(?:is|ist|lautet|est|es|e|code|bank|banque|banco|banca)$/

function findBic({ text }: Surroundings, at: number): Found | undefined {
  const place = findAhead(text, at, 2, (from, strangers, before) => {
    if (strangers > 0 && !BEFORE_BIC.test(before) && !/[:=] ?$/.test(text.slice(from - 2, from)))
      return -1
    BIC_FORM.lastIndex = from
    const [bic, country = ''] = BIC_FORM.exec(text) ?? []
    if (bic === undefined || bic === 'REQUIRED') return -1
    return ibanLength(country) !== undefined || OTHERS.split(' ').includes(country)
      ? from + bic.length
      : -1
  })
  return place && { start: place.start, end: place.end, confidence: 'certain', context: BIC.name }
}

const ACCOUNT_LAYOUT = /^(?:\d{1,2}|[2-9](?:[ -]\d{1,2}){1,4})$/
/** How far the bank's code may stand from its account, which may be a line of a form away. */
const CODE_REACH = 90
const CODE_BEFORE =
  /\b(?:sort[ _-]?code|s\/c|bsb|routing|aba|rtn|ach|transit|blz|bankleitzahl|ifsc|direct deposit|direct debit|wire transfer)\b/i
const CODE_BEHIND =
  /[\s,;.("']{1,4}(?:and |with |und |bank )?(?:sort[ _-]?code|bsb|routing|aba|transit|blz|bankleitzahl|ifsc|bic|swift)\b/iy

/** Where the words for customers' accounts are other ones. */
const NUMBERED =
  /(?:\bn[°ºro]\.? ?(?:d[eio] )?(?:compte|cuenta|conta|conto|konto)|(?:compte|cuenta|conta|conto|konto) (?:n[°ºro]?\.?|num(?:ero)?))[ :]{1,2}$/i

/** No check digits: a word for accounts makes it one. */
function judgeAccount(groups: Groups): Found | undefined {
  const { compact, start, end, text } = groups
  if (groups.isOpen || groups.crossesLines || groups.isCrowded) return undefined
  if (
    !ACCOUNT_LAYOUT.test(groups.layout) ||
    /^(?:19|20)\d\d-?\d\d-?\d\d$/.test(text.slice(start, end))
  )
    return undefined
  if (groups.layout === '2-2-2' || groups.layout === '2 2 2') return undefined
  const strong = groups.near([ACCOUNT], start, end, 32)
  const context = strong ?? groups.before([ANY_ACCOUNT], start, 14)
  if (context === undefined || compact.length < 6) return undefined
  if (
    strong === undefined &&
    !NUMBERED.test(text.slice(Math.max(0, start - 28), start)) &&
    !CODE_BEFORE.test(text.slice(Math.max(0, start - CODE_REACH), start))
  ) {
    CODE_BEHIND.lastIndex = end
    if (!CODE_BEHIND.test(text)) return undefined
  }
  return { start, end, confidence: 'likely', ...contextOf(context) }
}

function passesAba(compact: string): boolean {
  return weigh(compact, '371371371') % 10 === 0
}

/** Both check digits weigh with the powers of two. */
function passesCcc(compact: string): boolean {
  const check = (sum: number) => '01987654321'[sum % 11]
  return (
    check(weigh(compact, '485A9736')) === compact[8] &&
    check(weigh(compact.slice(10), '12485A9736')) === compact[9]
  )
}

const CODES: readonly IdNumber[] = [
  {
    // ABA routing numbers: the Federal Reserve's districts, thrifts, electronic and travelers cheques.
    id: 'us_routing',
    words: 'aba,rtn,routing',
    form: /^(?:0\d|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)\d{7}$/,
    lengths: [9],
    check: mod10(passesAba),
  },
  {
    id: 'gb_sort_code',
    words: 'sort code,sort codes,s c',
    form: /^\d{6}$/,
    lengths: [6],
    layouts: ['2-2-2', '2 2 2'],
  },
  {
    id: 'gb_sort_code_and_account',
    words: 'sort code,bank details,bank account,account number',
    form: /^\d{14}$/,
    lengths: [14],
    layouts: ['2-2-2 8', '2 2 2 8', '2-2-2/8', '2-2-2-8', '2-2-2 4 4'],
    laidOut: 'likely',
  },
  {
    id: 'ca_transit',
    words: 'transit number,transit no,branch transit,numero de transit',
    form: /^\d{5}$/,
    lengths: [5],
  },
  {
    id: 'ca_transit_and_institution',
    words: 'transit,institution number',
    form: /^\d{8}$/,
    lengths: [8],
    layouts: ['5-3', '5 3'],
  },
  {
    id: 'ca_routing',
    words: 'canadian routing',
    form: /^0[0-8]\d{7}$/,
    lengths: [9],
    inContext: 'likely',
  },
  {
    id: 'au_bsb',
    words: 'bsb,bank state branch',
    form: /^\d{6}$/,
    lengths: [6],
    layouts: ['3-3', '3 3'],
  },
  {
    id: 'nz_account',
    words: 'account,acc',
    form: /^(?:0[1-6889]|1[1-9]|2[0-57-9]|3[01358])\d{13,14}$/,
    lengths: [15, 16],
    inContext: 'likely',
    layouts: ['2-4-7-2', '2-4-7-3', '2 4 7 2', '2 4 7 3'],
    laidOut: 'likely',
  },
  {
    id: 'in_ifsc',
    words: 'ifsc,ifs code,indian financial system code',
    form: /^[A-Z]{4}0[A-Z\d]{6}$/,
    lengths: [11],
    alone: 'possible',
  },
  {
    id: 'de_blz',
    words: 'blz,bankleitzahl',
    form: /^[1-8]\d{7}$/,
    lengths: [8],
    layouts: ['3 3 2'],
  },
  {
    id: 'mx_clabe',
    words: 'clabe',
    form: /^\d{18}$/,
    lengths: [18],
    check: mod10((compact) => {
      let sum = 0
      for (let at = 0; at < 17; at += 1) sum += (Number(compact[at]) * Number('371'[at % 3])) % 10
      return (10 - (sum % 10)) % 10 === last(compact)
    }),
  },
  {
    id: 'es_ccc',
    words: 'ccc,cuenta,codigo cuenta cliente',
    form: /^\d{20}$/,
    lengths: [20],
    layouts: ['4 4 2 10', '4-4-2-10', '4 4 4 4 4'],
    check: mod11(passesCcc),
    isRare: true,
    laidOut: 'likely',
  },
  {
    // Poland's account is its IBAN without the country.
    id: 'pl_account',
    words: 'numer konta,nr konta,konto,rachunek,numer rachunku,nr rachunku,nrb',
    form: /^\d{26}$/,
    lengths: [26],
    maxGroups: 7,
    layouts: ['2 4 4 4 4 4 4', '2-4-4-4-4-4-4'],
    check: mod97((compact) => isIban(`PL${compact}`)),
    laidOut: 'certain',
    alone: 'likely',
  },
]

export const bankAccountRules: readonly Rule[] = [
  {
    id: 'iban',
    kind: 'bank_account',
    on: 'groups',
    lengths: Array.from({ length: 20 }, (_, more) => 15 + more),
    hasLetters: 'always',
    maxGroups: 12,
    judge: judgeIban,
    contexts: [IBAN],
  },
  { id: 'bic', kind: 'bank_account', on: 'word', concepts: [BIC], find: findBic },
  {
    id: 'account_number',
    kind: 'bank_account',
    on: 'groups',
    lengths: [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    judge: judgeAccount,
    contexts: [ACCOUNT, ANY_ACCOUNT],
    needsContext: true,
    layouts: [],
  },
  ...CODES.map((code) => idRule('bank_account', code)),
]
