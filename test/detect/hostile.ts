/**
 * Inputs that make detectors slow: long stretches in which a value could begin, or go on, at every
 * character. Each makes a string of exactly the length asked for, in UTF-16 units.
 */
export type HostileShape = { name: string; make(length: number): string }

/** What stands in the middle of the shape, over and over. */
function repeated(name: string, unit: string): HostileShape {
  return { name, make: (length) => unit.repeat(Math.ceil(length / unit.length)).slice(0, length) }
}

function wrapped(name: string, before: string, unit: string, after: string): HostileShape {
  return {
    name,
    make: (length) => {
      const room = Math.max(0, length - before.length - after.length)
      const middle = unit.repeat(Math.ceil(room / unit.length)).slice(0, room)
      return (before + middle + after).slice(0, length)
    },
  }
}

/** A character each from a sequence without a short period: `x -> x * 1103515245 + 12345`. */
function scattered(name: string, alphabet: string): HostileShape {
  const characters = Array.from(alphabet)
  return {
    name,
    make: (length) => {
      let state = 7
      let text = ''
      while (text.length < length) {
        state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff
        text += characters[(state >> 16) % characters.length]
      }
      return text.slice(0, length)
    },
  }
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const DIGITS = '0123456789'
const BASE64 = LOWER + LOWER.toUpperCase() + DIGITS + '+/'

export const HOSTILE_SHAPES: readonly HostileShape[] = [
  repeated('digits', '4111111111111111'),
  repeated('one digit', '0'),
  scattered('scattered digits', DIGITS),
  repeated('digits and spaces', '4111 1111 1111 1111 '),
  repeated('digit, space', '1 '),
  repeated('digit, two spaces', '4  '),
  repeated('digits and dashes', '4242-4242-'),
  repeated('digits and dots', '192.168.10.10.'),
  repeated('digits and slashes', '01/02/'),
  repeated('digits and commas', '1,234,'),
  repeated('digits and line breaks', '4111\n1111\r\n'),
  scattered('digits among separators', '0123456789 -./'),
  repeated('near cards', '4111 1111 1111 1112 '),
  repeated('card beside card', '4111111111111111 5555555555554444 '),
  wrapped('digits behind a card word', 'card number ', '4', '5'),
  repeated('near social security numbers', '536-90-439'),
  repeated('near IBANs', 'DE89 3704 0044 0532 0130 01 '),
  repeated('IBAN beginnings', 'GB29NWBK'),
  wrapped('an endless IBAN', 'IBAN DE89', ' 3704', '!'),
  repeated('near dates', 'born 31.31.19999 '),
  repeated('born', 'date of birth '),
  repeated('phones', '+1 '),
  repeated('near phones', '+49 (0) 30-'),
  wrapped('brackets in a phone', 'phone +1 ', '(2)', '0'),
  repeated('at signs', 'a@'),
  repeated('only at signs', '@'),
  wrapped('dots before an at sign', '', 'a.', '@'),
  wrapped('dots behind an at sign', 'a@', 'a.', ''),
  repeated('mail words', 'ab.cd-ef_'),
  wrapped('mail words before an at sign', '', 'ab.cd-ef_', '@'),
  wrapped('a domain of dashes', 'x@', 'a-', '-'),
  repeated('dots', '.'),
  repeated('dashes', '-'),
  repeated('underscores', '_'),
  repeated('slashes', '/'),
  repeated('colons', ':'),
  repeated('equal signs', '='),
  repeated('colons and hex', 'a:b:c:'),
  repeated('IPv6 beginnings', '2001:db8::'),
  repeated('MAC beginnings', 'aa:aa:'),
  repeated('address beginnings', '1.2.3.'),
  scattered('hex', '0123456789abcdef'),
  wrapped('hex behind 0x', '0x', 'deadbeef', 'g'),
  scattered('base64', BASE64),
  scattered('base32', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'),
  scattered('base58', '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'),
  repeated('bech32 beginnings', 'bc1q'),
  wrapped('an endless bech32', 'bc1', 'qpzry9x8', ' '),
  scattered('letters and digits by turns', 'a1b2c3d4e5'),
  repeated('letter, digit', 'A1'),
  repeated('one enormous word', 'a'),
  repeated('capitals', 'PASSPORT'),
  repeated('spaces', ' '),
  repeated('tabs', '\t'),
  repeated('line breaks', '\n'),
  repeated('carriage returns', '\r\n'),
  wrapped('spaces behind a keyword', 'password:', ' ', 'x'),
  wrapped('spaces behind a number', '4111', ' ', '1111'),
  repeated('bullets', '•'),
  repeated('zero-width', '\u200B'),
  wrapped('zero-width in a card', '4111', '\u200B', '111111111111'),
  repeated('digit, zero-width', '4\u200B'),
  repeated('combining marks', 'e\u0301\u0323'),
  wrapped('marks on one letter', 'z', '\u0335', 'o'),
  repeated('full-width digits', '４１１１'),
  repeated('full-width letters', 'ｐａｓｓ'),
  repeated('surrogate pairs', '\u{1F4B3}'),
  repeated('mathematical digits', '\u{1D7D2}\u{1D7CF}'),
  repeated('lone high surrogates', '\uD83D'),
  repeated('lone low surrogates', '\uDC33'),
  repeated('ligatures', '\uFDFA'),
  repeated('right-to-left', 'כרטיס 4111 '),
  repeated('mixed scripts', 'карта Card 卡 カード '),
  repeated('keywords', 'password password '),
  repeated('keywords and colons', 'ssn: cvv: iban: '),
  repeated('keywords without spaces', 'passwordpasswort'),
  repeated('keyword and number', 'cvv 123 '),
  repeated('keyword, is, keyword', 'password is password is '),
  repeated('passwords', 'pw: hunter2 '),
  repeated('sk_live_', 'sk_live_'),
  repeated('ghp_', 'ghp_'),
  repeated('vendors by turns', 'ghp_AKIAxoxb-sk-SG.AIza'),
  wrapped('an endless key', 'sk_live_', 'abcdefgh', ' '),
  repeated('token beginnings', 'eyJ.eyJ.'),
  wrapped('an endless token', 'eyJ', 'hbGciOiJIUzI1NiJ9', '.'),
  repeated('token parts', 'eyJhbGciOiJI.'),
  repeated('PEM beginnings', '-----BEGIN '),
  repeated('PEM headers', '-----BEGIN RSA PRIVATE KEY-----\n'),
  wrapped('a PEM that never ends', '-----BEGIN PRIVATE KEY-----\n', 'MIIEvQIBADAN', ''),
  repeated('postgres://', 'postgres://'),
  repeated('connection strings', 'postgres://a:b@'),
  wrapped('an endless user', 'postgres://', 'user', ':'),
  wrapped('an endless password', 'postgres://u:', 'p:', '@h'),
  repeated('Password=', 'Password='),
  repeated('MRZ filling', '<'),
  repeated('MRZ rows', 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n'),
  repeated('tags', '<b>4</b>'),
  repeated('open tags', '<a '),
  repeated('comments that never end', '<!--'),
  repeated('character references', '&#52;'),
  repeated('half references', '&#'),
  repeated('named references', '&nbsp;4'),
  repeated('quotes', '"\''),
  repeated('nested brackets', '([{'),
  wrapped('brackets within brackets', '', '(((', ')'),
  repeated('streets', '12 Main Street '),
  repeated('street words', 'Street Road Avenue '),
  repeated('house numbers', '42, 42, '),
  repeated('JSON', '{"ssn":"'),
  repeated('percent signs', '%40'),
  repeated('masks', '•••• •••• •••• 4242 '),
]
