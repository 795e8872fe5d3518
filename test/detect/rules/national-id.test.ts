import { describe, expect, test } from 'vitest'
import type { Published } from './found-by.ts'
import { found, mistaken } from './found-by.ts'

/**
 * The examples of each number's authority or of its article "National identification number" on
 * Wikipedia, as python-stdnum (https://arthurdejong.org/python-stdnum/doc/) cites them; else invented
 * with right check digits.
 */
const CHECKED: readonly Published[] = [
  // https://www.canada.ca/en/employment-social-development: the example of a social insurance number.
  { rule: 'ca_sin', word: 'My SIN is', value: '046 454 286' },
  { rule: 'ie_pps', word: 'PPS number', value: '6433435F' },
  { rule: 'de_pension', word: 'Rentenversicherungsnummer', value: '68 450739 W 755' },
  { rule: 'fr_nir', word: 'numéro de sécurité sociale', value: '2 55 08 14 168 025 38' },
  { rule: 'es_dni', word: 'DNI', value: '12345678Z' },
  { rule: 'es_dni', word: 'mi NIF es', value: '54362315-K' },
  { rule: 'es_nie', word: 'NIE', value: 'X-2482300-W' },
  { rule: 'pt_cc', word: 'Cartão de Cidadão', value: '00000000 0 ZZ4' },
  { rule: 'it_codice_fiscale', word: 'codice fiscale', value: 'RSSMRA85T10A562S' },
  { rule: 'nl_bsn', word: 'BSN', value: '111222333' },
  { rule: 'be_national_number', word: 'rijksregisternummer', value: '85.07.30-033.28' },
  // https://www.zas.admin.ch: the example of an AHV number.
  { rule: 'ch_ahv', word: 'AHV-Nummer', value: '756.9217.0769.85' },
  { rule: 'at_svnr', word: 'SVNR', value: '1237 010180' },
  { rule: 'pl_pesel', word: 'PESEL', value: '44051401359' },
  { rule: 'cz_rodne_cislo', word: 'rodné číslo', value: '710319/2745' },
  { rule: 'ro_cnp', word: 'CNP', value: '1630615123457' },
  { rule: 'bg_egn', word: 'ЕГН', value: '7523169263' },
  { rule: 'hr_oib', word: 'OIB', value: '33392005961' },
  { rule: 'jmbg', word: 'EMŠO', value: '0101006500006' },
  { rule: 'ee_isikukood', word: 'isikukood', value: '45404026369' },
  { rule: 'lt_asmens_kodas', word: 'asmens kodas', value: '33309240064' },
  { rule: 'lv_personas_kods', word: 'personas kods', value: '161175-19997' },
  { rule: 'fi_hetu', word: 'henkilötunnus', value: '131052-308T' },
  { rule: 'se_personnummer', word: 'personnummer', value: '811228-9874' },
  { rule: 'no_fodselsnummer', word: 'fødselsnummer', value: '15108695088' },
  // The last digit is the century, behind the check digit.
  { rule: 'is_kennitala', word: 'kennitala', value: '120174-3399', blind: ['120174-3390'] },
  { rule: 'gr_amka', word: 'ΑΜΚΑ', value: '10085074218' },
  { rule: 'tr_tckn', word: 'TC kimlik no', value: '10000000146' },
  { rule: 'il_teudat_zehut', word: 'תעודת זהות', value: '39297230-3' },
  { rule: 'za_id', word: 'South African ID', value: '7503305044089' },
  { rule: 'mx_curp', word: 'CURP', value: 'HEGG560427MVZRRL04' },
  { rule: 'in_aadhaar', word: 'Aadhaar', value: '2341 2341 2346' },
  { rule: 'cn_resident_id', word: '身份证号', value: '11010519491231002X' },
  { rule: 'hk_id', word: 'HKID', value: 'G123456(A)' },
  // The last two digits weigh the same.
  { rule: 'tw_id', word: '身分證字號', value: 'A123456789', blind: ['A123456798'] },
  { rule: 'jp_my_number', word: 'My Number', value: '123456789018' },
  { rule: 'sg_nric', word: 'NRIC', value: 'S1234567D' },
  // The third digit weighs eleven: modulo eleven, nothing.
  { rule: 'th_id', word: 'Thai ID', value: '3-4042-40616-50-7', blind: ['3-4142-40616-50-7'] },
  { rule: 'ru_snils', word: 'СНИЛС', value: '112-233-445 95' },
  // The eleventh digit weighs eleven: modulo eleven, nothing.
  { rule: 'ae_emirates_id', word: 'Emirates ID', value: '784-1980-1234567-8' },
]

/** Without check digits: form and word, or form and layout, are all there is. */
const FORMS: readonly Published[] = [
  { rule: 'us_ssn', word: 'my SSN is', value: '536-90-4399' },
  { rule: 'us_ssn', word: 'Social Security Number:', value: '212097694' },
  // https://www.ssa.gov/history/ssn/misused.html: printed in wallets and in a leaflet.
  { rule: 'us_ssn', word: 'SSN', value: '078-05-1120' },
  { rule: 'us_ssn', word: 'ssn', value: '219-09-9999' },
  { rule: 'gb_nino', word: 'National Insurance number', value: 'JG 10 37 59 A' },
  { rule: 'gb_nino', word: 'NINO', value: 'QQ 12 34 56 C' },
  { rule: 'dk_cpr', word: 'CPR-nummer', value: '211062-5629' },
  { rule: 'kr_rrn', word: '주민등록번호', value: '971013-9019902' },
  { rule: 'my_mykad', word: 'MyKad', value: '770305-02-1234' },
]

const LIKELY_FORMS: readonly Published[] = [
  { rule: 'id_nik', word: 'NIK', value: '3171230107900123' },
  { rule: 'ar_dni', word: 'mi DNI es', value: '30.123.456' },
  { rule: 'co_cedula', word: 'cédula de ciudadanía', value: '1.020.345.678' },
]

describe('national ids', () => {
  test.each([...CHECKED, ...FORMS])('$word $value: certain ($rule)', ({ rule, word, value }) => {
    expect(found(`${word} ${value}, please`, 'national_id')).toEqual([
      { rule, value, confidence: 'certain' },
    ])
  })

  test.each(LIKELY_FORMS)('$word $value: likely ($rule)', ({ rule, word, value }) => {
    expect(found(`${word} ${value}.`, 'national_id')).toEqual([
      { rule, value, confidence: 'likely' },
    ])
  })

  test.each([
    ['536-90-4399', 'us_ssn'],
    ['AB123456C', 'gb_nino'],
    ['AB 12 34 56 C', 'gb_nino'],
    ['12345678Z', 'es_dni'],
    ['12.345.678-Z', 'es_dni'],
    ['X1234567L', 'es_nie'],
    ['RSSMRA85T10A562S', 'it_codice_fiscale'],
    ['RSS MRA 85T10 A562S', 'it_codice_fiscale_spaced'],
    ['2 55 08 14 168 025 38', 'fr_nir'],
    ['255081416802538', 'fr_nir'],
    ['756.9217.0769.85', 'ch_ahv'],
    ['85.07.30-033.28', 'be_national_number'],
    ['15070649C103', 'de_pension'],
    ['131052-308T', 'fi_hetu'],
    ['131052A308T', 'fi_hetu'],
    ['710319/2745', 'cz_rodne_cislo'],
    ['15108695088', 'no_fodselsnummer'],
    ['HEGG560427MVZRRL04', 'mx_curp'],
    ['11010519491231002X', 'cn_resident_id'],
    ['G123456(A)', 'hk_id'],
    ['S1234567D', 'sg_nric'],
    ['1-2345-45678-78-1', 'th_id'],
    ['112-233-445 95', 'ru_snils'],
    ['784-1980-1234567-8', 'ae_emirates_id'],
    ['770305-02-1234', 'my_mykad'],
    ['971013-9019902', 'kr_rrn'],
  ])('%s is known by how it is written', (value, rule) => {
    expect(found(`It is ${value} now`, 'national_id')).toMatchObject([{ rule, value }])
  })

  test.each([
    ['a Corsican number', 'NIR 1 85 05 2A 004 006 76', '1 85 05 2A 004 006 76'],
    ['a word behind the number', '536904399 is my social security number', '536904399'],
    ['an abbreviation', 'r.č. 710319/2745', '710319/2745'],
    ['a word in the line above', 'Social Security Number\n331-77-2846', '331-77-2846'],
    ['a key of a document', '{"nationalId":"44051401359"}', '44051401359'],
    ['a word for any id', 'Polish national ID 44051401359', '44051401359'],
    ['full-width digits', 'SSN ５３６-９０-４３９９', '５３６-９０-４３９９'],
    ['dashes of any length', 'SSN 672–11–3908', '672–11–3908'],
  ])('%s is read', (_, text, value) => {
    expect(found(text, 'national_id')).toMatchObject([{ value }])
  })

  test.each(CHECKED)('$value of $rule, almost right, is none', (published) => {
    expect(mistaken('national_id', published)).toEqual([])
  })

  test.each([
    // https://secure.ssa.gov/poms.nsf/lnx/0110201035: what is never given out.
    ['area 000', 'SSN 000-12-3456'],
    ['area 666', 'SSN 666-12-3456'],
    ['group 00', 'SSN 123-00-4567'],
    ['serial 0000', 'SSN 123-45-0000'],
    ['the wallet’s number without a word', 'we printed 078-05-1120 there'],
    ['an order', 'order number 536904399'],
    ['an order in the layout of another number', 'Order 536-90-4399 has shipped'],
    ['a tracking number', 'tracking: 111222333'],
    ['an invoice', 'Rechnungsnummer 86095742719'],
    ['a case', 'case 046 454 286 is open'],
    ['nine digits alone', 'it says 536904399 on the box'],
    ['ten digits alone', 'the counter is at 7523169263'],
    ['eleven digits alone', 'the counter is at 33392005961'],
    ['an article number (EAN-13)', 'EAN 4006381333931'],
    ['an article number alone', '4006381333931'],
    ['seconds', 'at 1718000000 it failed'],
    ['milliseconds', 'at 1718000000000 it failed'],
    ['a phone number', 'call 612 345 678'],
    ['a phone number of the US', 'call 943 476 5919'],
    ['a number some days after an order', 'zamówienie sprzed 14 dni, numer paczki 12345678'],
    ['a German article and a number', 'ich habe hier ein Gerät mit der Nummer 123456789'],
    ['a version', 'version 12.531.909-2'],
    ['a UUID', '123e4567-e89b-12d3-a456-426614174000'],
    ['a date with a running number', 'file 240315-1234567 is missing'],
    ['a hash', 'ce123456d is the commit'],
    ['an address', '10.0.0.1 and 192.168.100.200'],
    ['a date', '2024-03-15 14:05:33'],
    ['a part of something longer', 'A-536-90-4399-17'],
    ['an amount', 'it costs $536904399'],
    ['a mask', 'SSN •••-••-4399'],
    ['the last digits', 'SSN ending in 4399'],
  ])('%s is none', (_, text) => {
    expect(found(text, 'national_id')).toEqual([])
  })
})
