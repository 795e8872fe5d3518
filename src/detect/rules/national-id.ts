/**
 * Numbers that a state gives to a person. Each form and check digit is as its authority publishes it;
 * python-stdnum (https://arthurdejong.org/python-stdnum/) and the country's article "National
 * identification number" on Wikipedia name the documents.
 */
import {
  isDay,
  isDayMonthAt,
  isMonthDayAt,
  last,
  luhn,
  mod10,
  mod11,
  mod97,
  numberAt,
  passesMod11And10,
  passesVerhoeff,
  remainder11,
  weigh,
  weighDigits,
  weighOfMexico,
  worth,
} from '../checks/check-digits.ts'
import { passesLuhn } from '../checks/luhn.ts'
import { concept } from '../lexicon.ts'
import type { Found, Groups, Rule } from '../rule.ts'
import type { IdNumber } from './id-rule.ts'
import { idRule } from './id-rule.ts'

/** What says that any state's number follows. */
export const NATIONAL_ID = concept(
  'national_id',
  `national id,national identity,national identification,national number,citizen id,
citizen number,personal identity code,personal identification number,personal id,personal number,
personal code,government id,resident id,social security number,social insurance number,
identity number,identity card,tax id,tax number,tax no,tax identification number,tax code,
taxpayer id,taxpayer number,taxpayer identification number,numero de identificacion,
documento de identidad,numero de identidad,numero fiscal,codigo fiscal,numero d'identification,
steuernummer,identifikationsnummer`,
)

/** As above, but also said of machines and members. */
export const ID_NUMBER = concept(
  'id_number',
  'id number,id no,id card,id nr,id nommer,identification number',
)

const LETTERS_OF_SPAIN = 'TRWAGMYFPDXBNJZSQVHLCKE'

/** Estonia and Lithuania. */
function passesTwoWeights(compact: string): boolean {
  const first = remainder11(compact, '1234567891')
  return (first < 10 ? first : remainder11(compact, '3456789123') % 10) === last(compact)
}

function isDateOfPesel(compact: string): boolean {
  return isDay(numberAt(compact, 4, 6), numberAt(compact, 2, 4) % 20)
}

/** 2A and 2B, the departments of Corsica, count as 19 and 18. */
function passesNir(compact: string): boolean {
  const digits = compact.replace('2A', '19').replace('2B', '18')
  return 97 - (Number(digits.slice(0, 13)) % 97) === Number(digits.slice(13))
}

function passesNationalNumberOfBelgium(compact: string): boolean {
  const check = numberAt(compact, 9, 11)
  const number = compact.slice(0, 9)
  return 97 - (Number(number) % 97) === check || 97 - (Number(`2${number}`) % 97) === check
}

function passesPensionNumber(compact: string): boolean {
  const letter = String(worth(compact, 8) - 9).padStart(2, '0')
  const digits = compact.slice(0, 8) + letter + compact.slice(9)
  return weighDigits(digits, '212571212121') % 10 === last(compact)
}

const ODD_IN_ITALY = [
  1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
]

/** Digits may be letters where two people would have the same code. */
const CODICE_FISCALE = /^[A-Z]{6}[\dL-NP-V]{2}[A-EHLMPR-T][\dL-NP-V]{2}[A-Z][\dL-NP-V]{3}[A-Z]$/

function passesCodiceFiscale(compact: string): boolean {
  let sum = 0
  for (let at = 0; at < 15; at += 1) {
    const value = worth(compact, at)
    const place = value > 9 ? value - 10 : value
    sum += at % 2 === 0 ? (ODD_IN_ITALY[place] ?? 0) : place
  }
  return sum % 26 === worth(compact, 15) - 10
}

/** A second letter counts, but for T and W, which spouses and children had. */
function passesPps(compact: string): boolean {
  const second = /[A-I]$/.test(compact.slice(8)) ? worth(compact, 8) - 9 : 0
  return 'WABCDEFGHIJKLMNOPQRSTUV'[(weigh(compact, '8765432') + second * 9) % 23] === compact[7]
}

function passesCc(compact: string): boolean {
  let sum = 0
  for (let at = 0; at < 12; at += 1) {
    const value = worth(compact, at) * (at % 2 === 0 ? 2 : 1)
    sum += value > 9 && at % 2 === 0 ? value - 9 : value
  }
  return sum % 10 === 0
}

function passesHetu(compact: string): boolean {
  const number = compact.slice(0, 6) + compact.slice(-4, -1)
  return '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(number) % 31] === compact.slice(-1)
}

function passesTckn(compact: string): boolean {
  const tenth = (weigh(compact, '707070707') + 9 * weigh(compact, '010101010')) % 10
  return tenth === worth(compact, 9) && weigh(compact, '1111111111') % 10 === last(compact)
}

function passesHkid(compact: string): boolean {
  const first = compact.length === 8 ? 36 * 9 : 0
  const padded = compact.padStart(9, '0')
  return (first + weigh(padded, '987654321')) % 11 === 0
}

function passesTwid(compact: string): boolean {
  const place = 'ABCDEFGHJKLMNPQRSTUVXYWZIO'.indexOf(compact.charAt(0)) + 10
  const sum = Math.floor(place / 10) + (place % 10) * 9 + weigh(compact.slice(1), '876543211')
  return sum % 10 === 0
}

function passesNric(compact: string): boolean {
  const [series = ''] = compact
  const sum =
    weigh(`0${compact.slice(1)}`, '02765432') + (series === 'M' ? 3 : /[TG]/.test(series) ? 4 : 0)
  const letters = /[ST]/.test(series)
    ? 'JZIHGFEDCBA'
    : series === 'M'
      ? 'XWUTRQPNJLK'
      : 'XWUTRQPNMLK'
  return letters[sum % 11] === compact.slice(-1)
}

function passesKennitala(compact: string): boolean {
  return (
    isDay(numberAt(compact, 0, 2) % 40, numberAt(compact, 2, 4)) &&
    remainder11(compact, '327654321') === 0
  )
}

function passesFodselsnummer(compact: string): boolean {
  // D numbers add 40 to the day, test persons 40, 65 or 80 to the month.
  const day = numberAt(compact, 0, 2)
  const month = numberAt(compact, 2, 4)
  return (
    isDay(day % 40, month > 80 ? month - 80 : month > 65 ? month - 65 : month % 40) &&
    remainder11(compact, '3761894521') === 0 &&
    remainder11(compact, '54327654321') === 0
  )
}

function passesPersonnummer(compact: string): boolean {
  const short = compact.slice(-10)
  // A coordination number adds 60 to the day.
  return isDay(numberAt(short, 4, 6) % 60, numberAt(short, 2, 4)) && passesLuhn(short)
}

const JMBG = mod11(
  (compact) =>
    isDayMonthAt(compact, 0) &&
    ((11 - remainder11(compact, '765432765432')) % 11) % 10 === last(compact),
)

const NUMBERS: readonly IdNumber[] = [
  {
    // https://secure.ssa.gov/poms.nsf/lnx/0110201035: what is never given out. Two numbers that were
    // printed in wallets and leaflets are somebody's only where a word says so.
    id: 'us_ssn',
    words: 'ssn,ssns,social security,soc sec,socsec,ss number,ss no,seguro social',
    closeWords: 'social,ss',
    form: /^(?!000|666|9)\d{3}(?!00)\d\d(?!0000)\d{4}$/,
    lengths: [9],
    layouts: ['3-2-4', '3 2 4'],
    laidOut: 'likely',
    notAlone: /^(?:078051120|219099999)$/,
  },
  {
    // https://www.hmrc.gov.uk/manuals/nimmanual/NIM39110.htm
    id: 'gb_nino',
    words: 'nino,ni number,ni no,ni num,national insurance,nat ins',
    form: /^[A-Z]{2}\d{6}[A-D]?$/,
    lengths: [8, 9],
    layouts: ['2 2 2 2 1', '2 2 2 2', '2 6 1', '2-2-2-2-1'],
    laidOut: 'likely',
    alone: 'likely',
    notAlone: /^(?:BG|GB|KN|NK|NT|TN|ZZ|[DFIQUV]|.[DFIOQUV])|\d$/,
  },
  {
    id: 'ca_sin',
    words: "social insurance,numero d'assurance sociale,assurance sociale",
    closeWords: 'sin,nas',
    form: /^\d{9}$/,
    lengths: [9],
    check: luhn(),
  },
  {
    id: 'ie_pps',
    words: 'pps,ppsn,personal public service',
    form: /^\d{7}[A-W][A-ITW]?$/,
    lengths: [8, 9],
    check: { name: 'mod23', passes: passesPps },
    isRare: true,
    alone: 'possible',
  },
  {
    id: 'de_pension',
    words: `sozialversicherungsnummer,sozialversicherungsnr,rentenversicherungsnummer,sv nummer,
sv nr,rv nummer,rvnr,versicherungsnummer,versicherungsnr`,
    form: /^\d{8}[A-Z]\d{3}$/,
    lengths: [12],
    layouts: ['2 6 1 3', '2 6 1 2 1', '2 6 4'],
    check: mod10(passesPensionNumber),
    isRare: true,
    laidOut: 'likely',
    alone: 'likely',
    notAlone: /^..(?:[4-9]|..[2-9])/,
  },
  {
    id: 'fr_nir',
    words: 'nir,securite sociale,secu,carte vitale,insee',
    form: /^[1-478]\d\d(?:0[1-9]|1[0-2]|[2-9]\d)(?:\d\d|2[AB])\d{8}$/,
    lengths: [15],
    hasLetters: 'maybe',
    layouts: ['1 2 2 2 3 3 2', '1 2 2 2 3 3-2', '13 2', '1-2-2-2-3-3-2', '1.2.2.2.3.3.2'],
    maxGroups: 7,
    check: mod97(passesNir),
    isRare: true,
    laidOut: 'certain',
    alone: 'likely',
  },
  {
    id: 'es_dni',
    words: 'dni,nif,documento nacional de identidad',
    form: /^(?:\d{8}|[KLM]\d{7})[A-Z]$/,
    lengths: [9],
    layouts: ['8-1', '8 1', '2.3.3-1', '2.3.3 1', '2.3.4'],
    check: {
      name: 'mod23',
      passes: (compact) =>
        LETTERS_OF_SPAIN[Number(compact.replace(/[A-Z]/g, '')) % 23] === compact.slice(-1),
    },
    isRare: true,
    laidOut: 'likely',
    alone: 'likely',
  },
  {
    id: 'es_nie',
    words: 'nie,identidad de extranjero',
    form: /^[X-Z]\d{7}[A-Z]$/,
    lengths: [9],
    layouts: ['1-7-1', '1 7 1', '1-7 1'],
    check: {
      name: 'mod23',
      passes: (compact) =>
        LETTERS_OF_SPAIN[Number(String(worth(compact, 0) - 33) + compact.slice(1, 8)) % 23] ===
        compact.slice(-1),
    },
    isRare: true,
    laidOut: 'likely',
    alone: 'likely',
  },
  {
    id: 'pt_cc',
    words: `cartao de cidadao,numero do cc,numero de cidadao,cartao do cidadao,
bilhete de identidade`,
    closeWords: 'cc',
    form: /^\d{9}[A-Z\d]{2}\d$/,
    lengths: [12],
    layouts: ['8 1 3', '8-1-3'],
    check: luhn((compact) => /[A-Z]/.test(compact) && passesCc(compact)),
    laidOut: 'likely',
  },
  {
    id: 'it_codice_fiscale',
    words: 'codice fiscale,cod fiscale,cod fisc,cf,c f,fiscal code,tessera sanitaria',
    form: CODICE_FISCALE,
    lengths: [16],
    check: { name: 'mod26', passes: passesCodiceFiscale },
    isRare: true,
    alone: 'certain',
  },
  {
    id: 'nl_bsn',
    words: 'bsn,burgerservicenummer,burger service nummer,sofinummer,sofi nummer',
    form: /^\d{8,9}$/,
    lengths: [8, 9],
    check: mod11(
      (compact) => Number(compact) > 0 && remainder11(compact.padStart(9, '0'), '98765432A') === 0,
    ),
  },
  {
    id: 'be_national_number',
    words: `rijksregisternummer,rijksregisternr,rijksregister,insz,niss,inss,registre national,
numero national,nationalregisternummer`,
    form: /^\d{11}$/,
    lengths: [11],
    layouts: ['2.2.2-3.2', '2.2.2 3.2', '2 2 2 3 2', '6 3 2', '6-3-2', '2.2.2-3-2', '2-2-2-3-2'],
    check: mod97(
      (compact) =>
        numberAt(compact, 2, 4) % 20 < 13 &&
        numberAt(compact, 4, 6) < 32 &&
        passesNationalNumberOfBelgium(compact),
    ),
    isRare: true,
    laidOut: 'likely',
  },
  {
    id: 'ch_ahv',
    words: `ahv,ahvn13,avs,sozialversicherungsnummer,sozialversicherungsnr,
swiss social security number`,
    form: /^756\d{10}$/,
    lengths: [13],
    layouts: ['3.4.4.2', '3 4 4 2', '3-4-4-2'],
    check: mod10((compact) => weigh(compact, '1313131313131') % 10 === 0),
    isRare: true,
    laidOut: 'certain',
    alone: 'likely',
  },
  {
    id: 'at_svnr',
    words: `svnr,sv nr,sv nummer,sozialversicherungsnummer,sozialversicherungsnr,
versicherungsnummer,e card`,
    form: /^[1-9]\d{5}(?:0[1-9]|1[0-5])\d\d$/,
    lengths: [10],
    layouts: ['4 6', '4-6', '4 2 2 2', '4/6'],
    check: mod11(
      (compact) =>
        isDay(numberAt(compact, 4, 6), Math.min(numberAt(compact, 6, 8), 12)) &&
        remainder11(compact, '3790584216') === worth(compact, 3),
    ),
    laidOut: 'possible',
  },
  {
    id: 'pl_pesel',
    words: 'pesel',
    form: /^\d\d(?:[028][1-9]|[139][0-2])\d{7}$/,
    lengths: [11],
    check: mod10((compact) => isDateOfPesel(compact) && weigh(compact, '13791379131') % 10 === 0),
    isRare: true,
    alone: 'possible',
  },
  {
    // Women have 50 added to the month, later series 20 or 70; before 1954 there is no check digit.
    id: 'cz_rodne_cislo',
    words: 'rodne cislo,rc,r c,birth number',
    form: /^\d\d(?:[05][1-9]|[16][0-2]|[27][1-9]|[38][0-2])\d{5,6}$/,
    lengths: [9, 10],
    layouts: ['6/4', '6/3'],
    check: mod11(
      (compact) =>
        isDay(numberAt(compact, 4, 6), (((numberAt(compact, 2, 4) - 1) % 50) % 20) + 1) &&
        (compact.length === 9
          ? numberAt(compact, 0, 2) < 54
          : (Number(compact.slice(0, 9)) % 11) % 10 === last(compact)),
    ),
    laidOut: 'likely',
    notAlone: /^.{9}$/,
  },
  {
    id: 'hu_taj',
    words: 'taj,tajszam,tarsadalombiztositasi azonosito jel',
    form: /^\d{9}$/,
    lengths: [9],
    check: mod10((compact) => weigh(compact, '37373737') % 10 === last(compact)),
  },
  {
    id: 'ro_cnp',
    words: 'cnp,cod numeric personal',
    form: /^[1-9]\d\d(?:0[1-9]|1[0-2])\d{8}$/,
    lengths: [13],
    check: mod11(
      (compact) =>
        isMonthDayAt(compact, 1) &&
        '01234567891'[remainder11(compact, '279146358279')] === compact[12],
    ),
    isRare: true,
    alone: 'possible',
  },
  {
    // 20 is added to the month before 1900, 40 after 1999.
    id: 'bg_egn',
    words: 'egn,егн,единен граждански номер',
    form: /^\d{10}$/,
    lengths: [10],
    check: mod11(
      (compact) =>
        isDay(numberAt(compact, 4, 6), numberAt(compact, 2, 4) % 20) &&
        remainder11(compact, '2485A9736') % 10 === last(compact),
    ),
  },
  {
    id: 'hr_oib',
    words: 'oib,osobni identifikacijski broj',
    form: /^\d{11}$/,
    lengths: [11],
    check: { name: 'mod11_10', passes: passesMod11And10 },
  },
  {
    id: 'jmbg',
    words: 'emso,jmbg,embg,umcn,јмбг,матичен број,maticni broj',
    form: /^\d{13}$/,
    lengths: [13],
    check: JMBG,
    isRare: true,
    alone: 'possible',
  },
  {
    id: 'ee_isikukood',
    words: 'isikukood,isikukoodi,estonian personal code,id kood',
    form: /^[1-8]\d{10}$/,
    lengths: [11],
    check: mod11((compact) => isMonthDayAt(compact, 1) && passesTwoWeights(compact)),
    isRare: true,
    alone: 'possible',
  },
  {
    id: 'lt_asmens_kodas',
    words: 'asmens kodas,asmens kodo,lithuanian personal code',
    closeWords: 'a k',
    form: /^[1-9]\d{10}$/,
    lengths: [11],
    check: mod11(
      (compact) =>
        (compact.startsWith('9') || isMonthDayAt(compact, 1)) && passesTwoWeights(compact),
    ),
  },
  {
    id: 'lv_personas_kods',
    words: 'personas kods,personas koda,personas kodu,latvian personal code',
    form: /^[0-3]\d[01]\d{3}[012]\d{4}$/,
    lengths: [11],
    layouts: ['6-5'],
    check: mod11(
      (compact) =>
        isDayMonthAt(compact, 0) &&
        ((1 + weigh(compact, 'A584216379')) % 11) % 10 === last(compact),
    ),
    isRare: true,
    laidOut: 'possible',
  },
  {
    id: 'fi_hetu',
    words: `henkilotunnus,henkilotunnukseni,henkilotunnuksen,hetu,sosiaaliturvatunnus,
personbeteckning`,
    form: /^\d{6}[A-FU-Y]?\d{3}[\dA-FHJ-NPR-Y]$/,
    lengths: [10, 11],
    hasLetters: 'maybe',
    layouts: ['6-4'],
    check: { name: 'mod31', passes: (compact) => isDayMonthAt(compact, 0) && passesHetu(compact) },
    isRare: true,
    laidOut: 'likely',
    alone: 'likely',
    notAlone: /^\d+$/,
  },
  {
    id: 'se_personnummer',
    words: `personnummer,personnumret,personnr,samordningsnummer,swedish personal number,
swedish personal identity number`,
    closeWords: 'pnr,pn',
    form: /^(?:19|20)?\d{10}$/,
    lengths: [10, 12],
    layouts: ['6-4', '8-4', '6 4', '8 4'],
    check: luhn(passesPersonnummer),
    laidOut: 'possible',
  },
  {
    id: 'no_fodselsnummer',
    words: `fodselsnummer,fodselsnummeret,fodselsnr,fnr,personnummer,d nummer,
norwegian national id`,
    form: /^[0-7]\d{10}$/,
    lengths: [11],
    layouts: ['6 5'],
    check: mod11(passesFodselsnummer),
    isRare: true,
    laidOut: 'likely',
    alone: 'likely',
  },
  {
    // Without check digits since 2007: https://cpr.dk/cpr-systemet/personnumre-uden-kontrolciffer-modulus-11-kontrol
    id: 'dk_cpr',
    words: 'cpr,cprnr,personnummer',
    form: /^(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{6}$/,
    lengths: [10],
    layouts: ['6-4', '6 4'],
    laidOut: 'possible',
  },
  {
    id: 'is_kennitala',
    words: 'kennitala,kennitalan,kennitolu',
    closeWords: 'kt',
    form: /^[0-7]\d{8}[089]$/,
    lengths: [10],
    layouts: ['6-4', '6 4'],
    check: mod11(passesKennitala),
    laidOut: 'possible',
  },
  {
    id: 'gr_amka',
    words: 'amka,αμκα',
    form: /^[0-3]\d[01]\d{8}$/,
    lengths: [11],
    check: luhn((compact) => isDayMonthAt(compact, 0) && passesLuhn(compact)),
    isRare: true,
    alone: 'possible',
  },
  {
    id: 'tr_tckn',
    words: 'tckn,tc kimlik,kimlik no,kimlik numarasi,t c kimlik,kimlik numaram,tc no',
    form: /^[1-9]\d{9}[02468]$/,
    lengths: [11],
    check: mod10(passesTckn),
    isRare: true,
    alone: 'possible',
  },
  {
    id: 'il_teudat_zehut',
    words: 'תעודת זהות,ת ז,מספר זהות,teudat zehut,israeli id',
    form: /^\d{8,9}$/,
    lengths: [8, 9],
    check: luhn(),
  },
  {
    id: 'za_id',
    words: 'south african id,sa id,rsa id,id nommer,identiteitsnommer',
    form: /^\d{10}[0-2][89]\d$/,
    lengths: [13],
    layouts: ['6 4 3', '6 4 2 1', '6 4 1 2', '6 4 1 1 1'],
    check: luhn((compact) => isMonthDayAt(compact, 0) && passesLuhn(compact)),
    isRare: true,
    laidOut: 'likely',
    alone: 'possible',
  },
  {
    id: 'ar_dni',
    words: 'documento nacional de identidad,numero de documento',
    // Days in Polish.
    closeWords: 'dni',
    form: /^\d{7,8}$/,
    lengths: [7, 8],
    layouts: ['2.3.3', '1.3.3', '2 3 3'],
    inContext: 'likely',
  },
  {
    id: 'co_cedula',
    words: 'cedula de ciudadania,cedula de extranjeria,tarjeta de identidad',
    form: /^\d{6,10}$/,
    lengths: [6, 7, 8, 10],
    layouts: ['2.3.3', '1.3.3.3', '1.3.3', '3.3'],
    inContext: 'likely',
  },
  {
    id: 'mx_curp',
    words: 'curp,clave unica',
    form: /^[A-Z][AEIOUX][A-Z]{2}\d{6}[HMX][A-Z]{2}[B-DF-HJ-NP-TV-Z]{3}[A-Z\d]\d$/,
    lengths: [18],
    check: mod10(
      (compact) =>
        isMonthDayAt(compact, 4) && (10 - (weighOfMexico(compact) % 10)) % 10 === last(compact),
    ),
    isRare: true,
    alone: 'certain',
  },
  {
    id: 'in_aadhaar',
    words: 'aadhaar,aadhar,adhaar,adhar,uidai,आधार',
    form: /^[2-9]\d{11}$/,
    lengths: [12],
    layouts: ['4 4 4', '4-4-4'],
    check: {
      name: 'verhoeff',
      passes: (compact) => passesVerhoeff(compact) && compact !== [...compact].reverse().join(''),
    },
    laidOut: 'possible',
  },
  {
    id: 'cn_resident_id',
    words:
      '身份证,身份证号,身份证号码,身份证号码是,我的身份证号码是,居民身份证,公民身份号码,chinese id,resident identity card',
    form: /^[1-9]\d{5}(?:18|19|20)\d{9}[\dX]$/,
    lengths: [18],
    hasLetters: 'maybe',
    check: mod11(
      (compact) =>
        isMonthDayAt(compact, 8) &&
        '10X98765432'[remainder11(compact, '79A584216379A5842')] === compact[17],
    ),
    isRare: true,
    alone: 'certain',
  },
  {
    id: 'hk_id',
    words: 'hkid,hong kong identity card,hong kong id,身份證,身份證號碼,香港身份證,香港身份證號碼',
    form: /^[A-Z]{1,2}\d{6}[\dA]$/,
    lengths: [8, 9],
    layouts: ['7(1', '8(1', '7 (1', '8 (1'],
    check: mod11(passesHkid),
    isRare: true,
    laidOut: 'likely',
  },
  {
    id: 'tw_id',
    words: 'taiwan id,taiwan national id,身分證,身分證字號,身份證字號,統一編號',
    form: /^[A-Z][1289]\d{8}$/,
    lengths: [10],
    check: mod10(passesTwid),
    isRare: true,
    alone: 'possible',
  },
  {
    // Numbers given out since October 2020 have no check digit.
    id: 'kr_rrn',
    words: `주민등록번호,주민등록번호는,주민번호,외국인등록번호,rrn,resident registration number,
korean resident registration`,
    form: /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{7}$/,
    lengths: [13],
    layouts: ['6-7'],
    laidOut: 'likely',
    notAlone: {
      test: (compact) => (11 - remainder11(compact, '234567892345')) % 10 !== last(compact),
    },
  },
  {
    id: 'jp_my_number',
    words: 'my number,mynumber,マイナンバー,マイナンバーは,個人番号,個人番号は,individual number',
    form: /^\d{12}$/,
    lengths: [12],
    check: mod11((compact) => {
      const rest = remainder11(compact, '65432765432')
      return (rest < 2 ? 0 : 11 - rest) === last(compact)
    }),
  },
  {
    id: 'sg_nric',
    words: 'nric,fin number,singapore id,fin no',
    closeWords: 'fin',
    form: /^[STFGM]\d{7}[A-Z]$/,
    lengths: [9],
    check: mod11(passesNric),
    isRare: true,
    alone: 'likely',
  },
  {
    id: 'my_mykad',
    words: 'mykad,my kad,nric,ic number,ic no,kad pengenalan,no ic',
    form: /^\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!00|1[7-9]|20|69|7[03]|8[01]|9[4-7])\d{6}$/,
    lengths: [12],
    layouts: ['6-2-4'],
    laidOut: 'likely',
  },
  {
    id: 'th_id',
    // As folded: without the marks above and below letters.
    words: 'thai id,thai national id,เลขบตรประชาชน,บตรประชาชน,เลขประจำตวประชาชน',
    form: /^[1-8]\d{12}$/,
    lengths: [13],
    layouts: ['1-4-5-2-1', '1 4 5 2 1'],
    check: mod11((compact) => (11 - remainder11(compact, 'DCBA98765432')) % 10 === last(compact)),
    laidOut: 'likely',
  },
  {
    id: 'id_nik',
    words: 'nomor induk kependudukan,ktp',
    // A first name, too.
    closeWords: 'nik',
    form: /^[1-9]\d{5}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}$/,
    lengths: [16],
    inContext: 'likely',
  },
  {
    id: 'ru_snils',
    words: 'снилс,snils,страховой номер',
    form: /^\d{11}$/,
    lengths: [11],
    layouts: ['3-3-3 2', '3-3-3-2', '3 3 3 2'],
    check: {
      name: 'mod101',
      passes: (compact) => (weigh(compact, '987654321') % 101) % 100 === numberAt(compact, 9, 11),
    },
    isRare: true,
    laidOut: 'likely',
  },
  {
    id: 'ae_emirates_id',
    words: 'emirates id,eid,رقم الهوية',
    form: /^784(?:19|20)\d{10}$/,
    lengths: [15],
    layouts: ['3-4-7-1', '3 4 7 1'],
    check: luhn(),
    isRare: true,
    laidOut: 'certain',
    alone: 'likely',
  },
]

/** `RSS MRA 85T10 A562S`: of groups of letters, the scanner shows one. */
function judgeSpacedCodiceFiscale({
  text,
  compact,
  start,
  end,
  isOpen,
}: Groups): Found | undefined {
  const surname = /(?<![\dA-Za-z])([A-Z]{3})[ -]$/.exec(text.slice(Math.max(0, start - 5), start))
  const whole = (surname?.[1] ?? '') + compact
  if (isOpen || !CODICE_FISCALE.test(whole) || !passesCodiceFiscale(whole)) return undefined
  return { start: start - 4, end, confidence: 'certain', check: 'mod26' }
}

export const nationalIdRules: readonly Rule[] = [
  ...NUMBERS.map((number) =>
    idRule(
      'national_id',
      number,
      number.isRare === true ? [NATIONAL_ID, ID_NUMBER] : [NATIONAL_ID],
    ),
  ),
  {
    id: 'it_codice_fiscale_spaced',
    kind: 'national_id',
    on: 'groups',
    lengths: [13],
    hasLetters: 'maybe',
    judge: judgeSpacedCodiceFiscale,
  },
]
