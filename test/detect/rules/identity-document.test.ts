import { describe, expect, test } from 'vitest'
import { detect } from '../../../src/detect/detect.ts'
import { mutations } from '../mutations.ts'

function found(text: string): string[] {
  return detect(text)
    .filter(({ kind }) => kind === 'identity_document')
    .map(({ start, end }) => text.slice(start, end))
}

function certain(text: string): string[] {
  return detect(text)
    .filter(({ kind, confidence }) => kind === 'identity_document' && confidence === 'certain')
    .map(({ start, end }) => text.slice(start, end))
}

// The specimens of ICAO Doc 9303 parts 4 (TD3), 5 (TD1), 6 (TD2) and 7 (visa).
const NAMES = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<'
const DATA = 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'
const ZONES = {
  passport: `${NAMES}\n${DATA}`,
  'identity card': `I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<`,
  'wide identity card': `I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6`,
  visa: `V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<`,
}

describe('machine readable zones', () => {
  test.each(Object.entries(ZONES))("a %s's is found whole", (_, zone) => {
    expect(certain(zone)).toEqual([zone])
    expect(certain(`Scan:\n${zone.replaceAll('\n', '\r\n')}\nOK`)).toHaveLength(1)
  })

  test('the row of numbers is found without the names', () => {
    expect(certain(`it reads ${DATA} at the bottom`)).toEqual([DATA])
  })

  test('the row of names is found without the numbers', () => {
    expect(found(NAMES)).toEqual([NAMES])
  })

  // Weights 7, 3, 1 cannot tell two digits apart that differ by five and change places; here none do.
  test.each(mutations(DATA))('a row of numbers with $name is none', ({ text }) => {
    expect(certain(text)).toEqual([])
  })

  test.each([
    ['a tag', '<td>PASSPORT</td><<<<<<<<<<<<<<<<<<<<<<<<<<<<'],
    ['a merge conflict', '<<<<<<< HEAD'],
    ['a here document', 'cat <<EOF'],
    ['code', 'if (A<B) return C<D<E<F'],
    ['a row that is too long', `${DATA}<`],
  ])('%s is none', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

describe('passports', () => {
  // Specimens: United States, United Kingdom, Germany, Netherlands, Poland, France; others invented.
  test.each([
    ['my passport number is 963545637', '963545637'],
    ['US passport C03005988', 'C03005988'],
    ['passport: 925665416', '925665416'],
    ['Reisepassnummer: C01X00T47', 'C01X00T47'],
    ['Mein Reisepass hat die Nummer C4VGXR2T9', 'C4VGXR2T9'],
    ['numéro de passeport : 05CK02237', '05CK02237'],
    ['mi pasaporte es XDB204871', 'XDB204871'],
    ['il mio passaporto: YA0000001', 'YA0000001'],
    ['paspoortnummer SPECI2014', 'SPECI2014'],
    ['numer paszportu ZS0000177', 'ZS0000177'],
    ['Canadian passport GA302922', 'GA302922'],
    ['Indian passport no J8369854', 'J8369854'],
    ['"passport_number":"N1234567"', 'N1234567'],
    ['J8369854 is my passport', 'J8369854'],
    ['passport n1234567', 'n1234567'],
    ['паспорт 4509 123456', '4509 123456'],
    ['护照号码 E12345678', 'E12345678'],
  ])('%s holds one', (text, value) => {
    expect(found(text)).toEqual([value])
  })

  test.each([
    ['no number', 'my passport has expired'],
    ['a year', 'passport 2024 or 2024-2025'],
    ['a date', 'passport issued 12/05/2019, passport 2019-05-12'],
    ['another number', 'my passport upload fails with error 80070005'],
    ['an order', 'passport photos, order 482913746'],
    ['a library', 'passport.js 0.6.0, passport-saml 3.2.4'],
    ['a mask', 'passport ••••5637'],
    ['nothing that names it', 'C03005988 and 963545637X'],
    ['a file', 'passport scan IMG20241103.jpg'],
  ])('%s is none', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

describe('driving licences', () => {
  // The DVLA's example, Germany's specimen; the others in the forms that the AAMVA lists, invented.
  test.each([
    ['MORGA657054SM9IJ', 'MORGA657054SM9IJ'],
    ['driving licence MORGA657054SM9IJ', 'MORGA657054SM9IJ'],
    ['Führerscheinnummer B072RRE2I55', 'B072RRE2I55'],
    ["driver's license D1234568", 'D1234568'],
    ['Florida DL S123-456-78-123-0', 'S123-456-78-123-0'],
    ['NY driver license ID 123 456 789', '123 456 789'],
    ['DL# 12345678', '12345678'],
    ['New Jersey driver license R6401 17399 05872', 'R6401 17399 05872'],
    ['permis de conduire n° 911091204321', '911091204321'],
    ['patente di guida MI1234567A', 'MI1234567A'],
    ['rijbewijsnummer 5123456789', '5123456789'],
    ['prawo jazdy 00123/14/1465', '00123/14/1465'],
    ['DL No. KA0120150034761', 'KA0120150034761'],
  ])('%s holds one', (text, value) => {
    expect(found(text)).toEqual([value])
  })

  test.each([
    ['a software licence', 'license key 12345678, licence 4829137'],
    ['downloads', 'DL 12345678 bytes'],
    ['a driver of a device', 'driver 31.0.101.4502'],
    ['a month that none has', 'MORGA663054SM9IJ'],
    ['a date', "driver's license 12-05-2019"],
    ['a product key of the same length', 'ABCDE123456FG7HI8'],
  ])('%s is none', (_, text) => {
    expect(found(text)).toEqual([])
  })
})

describe('identity cards and permits', () => {
  // German specimens, with and without the check digit.
  test.each([
    ['Personalausweisnummer L01X00T471', 'L01X00T471'],
    ['Personalausweis T220001293', 'T220001293'],
    ['Ausweisnummer T22000129', 'T22000129'],
    ["carte d'identité n° X4RTBPFW4", 'X4RTBPFW4'],
    ["carta d'identità CA00000AA", 'CA00000AA'],
    ['dowód osobisty ABA 300000', 'ABA 300000'],
    ['ID card no. K0V7R2M4P', 'K0V7R2M4P'],
    ['residence permit ZU1234567', 'ZU1234567'],
    ['Aufenthaltstitel Nr. YZ1234567', 'YZ1234567'],
  ])('%s holds one', (text, value) => {
    expect(found(text)).toEqual([value])
  })

  // The check digit makes it certain. Without it a number beside its name is likely.
  test.each(mutations('T220001293'))('a German number with $name is not certain', ({ text }) => {
    expect(certain(`Personalausweis ${text}`)).toEqual([])
  })
})

describe('documents among words', () => {
  test.each([
    'passport (Irish) PN5017382',
    'Passport Number (as shown): PN5017382',
    'the number on my passport is PN5017382',
    'Agent: passport number?\nCustomer: PN5017382',
    '[09:12] Agent: can I have your passport number please\n[09:14] Jane: yes, PN5017382',
    'passport issued in Dublin, number PN5017382',
    'Reisepass mit der Nummer PN5017382',
    'passaporto italiano PN5017382',
    "carta d'identità elettronica PN5017382",
    "driver's license number in Ohio is PN5017382",
  ])('%s holds one', (text) => {
    expect(found(text)).toEqual(['PN5017382'])
  })

  test.each([
    'my passport was sent with tracking 88123401',
    'passport application submitted, reference 88123401',
    'passport upload failed with error 88123401',
    'the id card printer XPS12345 is offline',
    'Agent: passport number?\nCustomer: see ticket 88123401',
  ])('%s holds none', (text) => {
    expect(found(text)).toEqual([])
  })
})
