/** Dates of birth: a whole calendar date beside a word that says so. A date alone is any date. */
import { findAhead } from '../ahead.ts'
import { concept } from '../lexicon.ts'
import type { Found, Rule, Surroundings } from '../rule.ts'
import type { Confidence } from '../span.ts'

/** Labels and sentences that nothing but a birth has. */
const BIRTH = concept(
  'date_of_birth',
  `dob,d o b,date of birth,birth date,birthdate,birthday,bday,b day,birth day,date birth,
dateofbirth,born,born on,born on the,year of birth,newborn,geburtsdatum,geburtstag,geboren,
geboren am,geb,geb am,geb datum,gebdatum,geborene,ne,ne le,nee le,ne e le,naissance,anniversaire,
nac,nacido,nacida,nacido el,nacida el,naci el,nacio el,nacimiento,cumpleanos,nato il,nata il,nato a,nata a,
nascita,compleanno,nasci em,nasci a,nascido,nascida,nascido em,nascida em,nascido a,nascida a,nascimento,
data nasc,dt nasc,geboortedatum,geboren op,geb dat,gebdat,geboortedag,verjaardag,data urodzenia,
urodzony,urodzona,urodzilem sie,urodzilam sie,ur,fodselsdato,fodt,fodt den,fodelsedatum,fodd,
fodd den,syntymaaika,syntynyt,synnyin,datum narozeni,narozen,narozena,datum narodenia,narodeny,
szuletesi datum,szuletesi ido,szuletett,data nasterii,nascut,nascuta,dogum tarihi,dogum,
datum rodenja,roden,rojen,datum rojstva,sunniaeg,sundinud,dzimsanas datums,gimimo data,
дата рождения,родился,родилась,дата народження,ημερομηνία γέννησης,ημ γέννησης,γεννήθηκα,生年月日,
出生日期,出生年月日,出生年月,生日,誕生日,생년월일,생일,تاريخ الميلاد,תאריך לידה,ngay sinh,tanggal lahir,tgl lahir,
tarikh lahir,जनम तिथि,जनमतिथि,วนเกด`,
)

/** Beginnings of the months' names, by month, in the languages of the labels above. */
const MONTHS: readonly RegExp[] = [
  /^(?:jan|ene|gen|sty|led)/,
  /^(?:feb|fev|lut|uno|helm)/,
  /^(?:mar|mrt|maa|brez)/,
  /^(?:apr|avr|abr|kwi|dub|huht)/,
  /^(?:ma[yijg]|mei|kve|touk)/,
  /^(?:jun|juin|giu|cze|cerven$|cervna|kesa)/,
  /^(?:jul|juil|lug|lip|cervenc|hein)/,
  /^(?:aug|aou|ago|sie|srp|elo)/,
  /^(?:sep|set|wrz|zari|syys)/,
  /^(?:o[ckt]t|out|paz|rij|loka)/,
  /^(?:nov|lis|marras)/,
  /^(?:de[czs]|dic|gru|pro|joul)/,
]

const NUMERIC =
  /(\d{4}|\d{1,2})( ?[-/.] ?| |[年년] ?)(\d{1,2})(?:\2|[月월] ?)(\d{4}|\d{1,2})(?:日|일|(?![\p{L}\p{N}]|[-/:.]\d))/uy
const COMPACT = /((?:19|20)\d\d)(\d\d)(\d\d)(?![\p{L}\p{N}]|[-/:.]\d)/uy
const DAY_FIRST =
  /(\d{1,2})(?:st|nd|rd|th|er|o|\.)?[ -]?(?:of |de |d')?([a-z]{3,10})\.?,?[ -]?(?:de |del |do )?(\d{4}|'?\d\d)(?![\p{L}\p{N}]|[-/:.]\d)/iuy
const MONTH_FIRST =
  /([a-z]{3,10})\.?[ -](\d{1,2})(?:st|nd|rd|th)?,?[ -](\d{4})(?![\p{L}\p{N}]|[-/:.]\d)/iuy

/** Where a calendar date that begins at `at` ends, or -1. */
function endOfDate(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code < 48 || code > 57) {
    const named = matchAt(MONTH_FIRST, text, at)
    return named !== null && isDate(named[3], monthOf(named[1]), named[2])
      ? MONTH_FIRST.lastIndex
      : -1
  }
  const numeric = matchAt(NUMERIC, text, at)
  if (numeric !== null) return isNumericDate(numeric) ? NUMERIC.lastIndex : -1
  const compact = matchAt(COMPACT, text, at)
  if (compact !== null && isDate(compact[1], Number(compact[2]), compact[3]))
    return COMPACT.lastIndex
  const named = matchAt(DAY_FIRST, text, at)
  return named !== null && isDate(named[3], monthOf(named[2]), named[1]) ? DAY_FIRST.lastIndex : -1
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function monthOf(name = ''): number {
  const lower = name.toLowerCase()
  return MONTHS.findIndex((beginning) => beginning.test(lower)) + 1
}

/** Year first, or last behind day and month in either order. */
function isNumericDate([, first = '', , second, third = '']: RegExpExecArray): boolean {
  if (first.length === 4) return third.length < 3 && isDate(first, Number(second), third)
  if (third.length === 1) return false
  return isDate(third, Number(second), first) || isDate(third, Number(first), second)
}

/** Years of two digits may mean either century; both have the same days but for one in February. */
function isDate(year = '', month: number, day = ''): boolean {
  const digits = year.replace("'", '')
  const inFull = digits.length === 2 ? 2000 + Number(digits) : Number(digits)
  if (inFull < 1900 || (digits.length === 4 && inFull > 2035)) return false
  const date = new Date(Date.UTC(inFull, month - 1, Number(day)))
  return month > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === Number(day)
}

/**
 * Some words behind a noun, these begin the date of something that was done to it; some words behind a
 * verb, they begin the date of birth.
 */
const ON = new Set('on am le il el op em from since'.split(' '))
const NOUN = /dat|dob|birth$|imiento|imento|issance|nascita/i
/** What is born without having parents. */
const THING =
  /\b(?:the|this|that|our|its|an?) (?!patient|customer|child|baby|client|user|member|applicant|insured|holder|boy|girl|man|woman)[a-z-]{2,16}(?: (?:was|is|were)|,) $/i

function ahead({ text }: Surroundings, at: number, wordStart: number): Found | undefined {
  const word = text.slice(wordStart, at)
  const isNoun = NOUN.test(word)
  const isDay = /day|tag$|aire|anos|anno|dag$/i.test(word)
  const place = findAhead(text, at, isDay ? 0 : 3, (from, strangers, before) =>
    strangers > 0 && isNoun === ON.has(before) ? -1 : endOfDate(text, from),
  )
  if (place === undefined) return undefined
  const isThing =
    /^born/i.test(word) && THING.test(text.slice(Math.max(0, wordStart - 32), wordStart))
  const confidence = isThing ? 'possible' : place.strangers > 0 ? 'likely' : 'certain'
  return found(place.start, place.end, confidence)
}

const TIE = /^(?: (?:is|as)(?: my| the| his| her)?| in \p{Lu}\p{L}{1,14})?\)?[ ,]{1,2}[([]?$/u
const MAX_BEHIND = 44

/** `12/03/1985 (DOB)`, `am 7. Juni 1961 geboren`. */
function behind({ text }: Surroundings, at: number, wordStart: number): Found | undefined {
  // The comma begins a clause about it.
  if (/^ \p{Ll}/u.test(text.slice(at, at + 2)) && text.charAt(wordStart - 2) === ',')
    return undefined
  for (let start = Math.max(0, wordStart - MAX_BEHIND); start < wordStart - 8; start += 1) {
    if (!/[\dA-Z]/.test(text.charAt(start)) || /[\p{L}\p{N}]/u.test(text.charAt(start - 1)))
      continue
    const end = endOfDate(text, start)
    if (end === -1 || end > wordStart || wordStart - end > 20) continue
    if (TIE.test(text.slice(end, wordStart))) return found(start, end)
  }
  return undefined
}

function found(start: number, end: number, confidence: Confidence = 'certain'): Found {
  return { start, end, confidence, check: 'calendar', context: BIRTH.name }
}

export const dateOfBirthRules: readonly Rule[] = [
  {
    id: 'date_of_birth',
    kind: 'date_of_birth',
    on: 'word',
    concepts: [BIRTH],
    find: (surroundings, at, wordStart) => {
      const { text } = surroundings
      // "ur." is born in Polish; without its dot it is sloppy English.
      if (
        at - wordStart === 2 &&
        text.charAt(at) !== '.' &&
        /^ur$/i.test(text.slice(wordStart, at))
      )
        return undefined
      return ahead(surroundings, at, wordStart) ?? behind(surroundings, at, wordStart)
    },
  },
]
