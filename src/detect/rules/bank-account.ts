/** Account numbers and the codes of the banks that hold them. */
import { last, mod10, mod11, mod97, numberAt, weigh } from '../checks/check-digits.ts'
import { hasIbans, ibanLength, isIban } from '../checks/iban.ts'
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule, Surroundings } from '../rule.ts'
import type { IdNumber } from './id-rule.ts'
import { contextOf, idRule } from './id-rule.ts'

const IBAN = concept('iban', 'iban,ibans')

const BIC = concept('bic', 'bic,swift')

/** What is said of accounts at banks, and of few others. */
const ACCOUNT = concept(
  'account_number',
  `account number,account no,account num,account nbr,account nr,account details,acct,
bank account,checking account,savings account,beneficiary account,chequing account,a c no,
a c number,kontonummer,kontonr,konto nr,kto,ktonr,bankkonto,kontonummeret,numero de compte,
no de compte,compte bancaire,numero de cuenta,no de cuenta,cuenta bancaria,cuenta corriente,
numero di conto,conto corrente,conto bancario,rekeningnummer,bankrekening,bankrekeningnummer,
rekening,rekeningnr,conta bancaria,numero da conta,conta corrente,cislo uctu,bankovni ucet,
numer konta,nr konta,numer rachunku,nr rachunku,rachunek bankowy,tilinumero,bankszamlaszam,
szamlaszam,hesap numarasi,hesap no,cont bancar,numar de cont,номер счета,номер рахунку,口座番号,계좌번호`,
)

/** An account of any sort: at a bank where a bank's code stands beside it. */
const ANY_ACCOUNT = concept('account', 'account,acc,a c,konto,compte,cuenta,conto,savings,checking')

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

const BIC_AHEAD =
  /(?:[ /_-]{1,3}(?:bic|swift|code|number|no|nr|nummer))?\.?["'’]?(?: (?:is|are|was|lautet|ist|est|es|e|it|of)(?= ))?[ \t]{0,2}[:=#(]{0,2}[ \t]{0,2}["'’]?([A-Za-z]{4}([A-Za-z]{2})[A-Za-z\d]{2}(?:[A-Za-z\d]{3})?)(?![A-Za-z\d])/iy

function findBic({ text }: Surroundings, at: number): Found | undefined {
  BIC_AHEAD.lastIndex = at
  const [whole, bic = '', country = ''] = BIC_AHEAD.exec(text) ?? []
  if (whole === undefined || !(hasIbans(country) || OTHERS.split(' ').includes(country)))
    return undefined
  // In small letters, it would be a word.
  if (bic !== bic.toUpperCase() || bic === 'REQUIRED') return undefined
  const end = at + whole.length
  return { start: end - bic.length, end, confidence: 'certain', context: BIC.name }
}

const ACCOUNT_LAYOUT = /^(?:\d{1,2}|[2-9](?:[ -]\d{1,2}){1,4})$/
/** How far the bank's code may stand from its account, which may be a line of a form away. */
const CODE_REACH = 90
const CODE_BEFORE =
  /\b(?:sort[ _-]?code|s\/c|bsb|routing|aba|rtn|ach|transit|blz|bankleitzahl|ifsc|direct deposit|direct debit|wire transfer)\b/i
const CODE_BEHIND =
  /[\s,;.("']{1,4}(?:and |with |und |bank )?(?:sort[ _-]?code|bsb|routing|aba|transit|blz|bankleitzahl|ifsc|bic|swift)\b/iy

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

function passesCbu(compact: string): boolean {
  const check = (digits: string, weights: string) => (10 - (weigh(digits, weights) % 10)) % 10
  return (
    check(compact, '7139713') === Number(compact[7]) &&
    check(compact.slice(8), '3971397139713') === last(compact)
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
    id: 'ar_cbu',
    words: 'cbu,cvu,clave bancaria uniforme,clave virtual uniforme',
    form: /^\d{22}$/,
    lengths: [22],
    layouts: ['8 14', '8-14'],
    check: mod10(passesCbu),
    laidOut: 'likely',
  },
  {
    id: 'be_account',
    words: 'rekeningnummer,rekening,compte,bankrekening',
    form: /^\d{12}$/,
    lengths: [12],
    layouts: ['3-7-2'],
    check: mod97((compact) => (numberAt(compact, 0, 10) % 97 || 97) === numberAt(compact, 10, 12)),
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
  {
    // With its letters read as digits, the key of a French account makes every IBAN begin with FR76.
    id: 'fr_rib',
    words: 'rib,compte,releve d identite bancaire',
    form: /^\d{10}[A-Z\d]{11}\d\d$/,
    lengths: [23],
    hasLetters: 'maybe',
    layouts: ['5 5 11 2', '5-5-11-2'],
    check: mod97((compact) =>
      isIban(
        `FR76${compact.replace(/[A-Z]/g, (letter) => '12345678912345678923456789'.charAt(letter.charCodeAt(0) - 65))}`,
      ),
    ),
    laidOut: 'likely',
  },
  {
    // Prefix and number each weigh with the powers of two (decree 169/2011 Sb.).
    id: 'cz_account',
    words: 'ucet,uctu,bankove spojenie',
    form: /^\d{6,20}$/,
    lengths: [6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    layouts: [2, 3, 4, 5, 6, 7, 8, 9, 10].flatMap((account) => [
      `${String(account)}/4`,
      ...[1, 2, 3, 4, 5, 6].map((prefix) => `${String(prefix)}-${String(account)}/4`),
    ]),
    inContext: 'likely',
  },
  {
    id: 'no_account',
    words: 'kontonummer,kontonr,konto,kontonummeret',
    form: /^\d{11}$/,
    lengths: [11],
    layouts: ['4.2.5', '4 2 5'],
    check: mod11((compact) => (11 - (weigh(compact, '5432765432') % 11)) % 11 === last(compact)),
    laidOut: 'likely',
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
