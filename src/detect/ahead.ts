/**
 * What people write between the name of a value and the value: signs, small words, remarks in
 * parentheses, a few words more, or the end of a question and who answers it.
 */

export type Ahead = { start: number; end: number; strangers: number }

/** Say nothing about what follows: as good as a colon. Folded, of all languages at once. */
const SMALL_WORDS = new Set(
  `is was are be has form the my our his her your their a an of on for in to at it its this that now s which
  number numbers numb no num nr nro n o id code card date book correct new would should will reads says
  as here go i we you us sure yes yeah yep ok okay please pls hi hello thanks sorry actually currently
  receiving swift bic iban sort customer client patient user account holder document licence license passport bank file printed shown
  format answer following verification issued ending visa amex mastercard front dd mm yy yyyy jj jjjj tt aaaa
  uk usa eu state country california texas florida
  ist war lautet der die das den dem hat meine mein meiner meines von vom zu zur zum am bei auf im mit und
  jetzt ware ja sind bitte nummer karte kreditkarte kunde kundin kunden
  est sont le la les l de du des d mon ma mes c ce au aux sur oui numero carte client titulaire
  es son el los mi mis del al en si tarjeta titular cliente banco seria serie
  e sono il lo mio mia della dell dello sul nel carta banca
  zijn het mijn van op te kaart klant ja
  sao do da em meu minha dos das cartao titular um op kort karty kortet koden er ar den
  # nº entered course with by using hasta fino numarasi nummeret`.split(/\s+/),
)
/** What is said about a value, not what it is. */
const TALK = new Set(
  `not never must cannot column empty blank can before after until since error wrong invalid incorrect missing changed updated
  verified required expired expires reset submitted field page upload uploaded attached scan photo picture copy but because when if
  or and then than with tracking order ticket version longer shorter too nicht seit fehlt geandert wurde falsch
  pas non oublie manque no nao sin falta niet wordt`.split(/\s+/),
)
const SIGNS = ' \t:=>"\'()[],.?#°º*-–/|_→!;'
const MAX_SIGNS = 8
const MAX_WORDS = 10
const WORD = /[\p{L}#]{1,24}(?![\p{L}\p{N}]|-\d)/uy
/** No numbers of more than one digit: such a remark may hold the value itself. */
const REMARK = /\((?:[^()\r\n\d]|\d(?!\d)){1,40}\)/y
/** A time and a name, either of which may be missing: `[10:42] Jane Doe (Customer): `. */
const TURN =
  /\r?\n\s{0,4}(?:> ?)?(?:[[(]?\d{1,2}[:.]\d\d(?::\d\d)?(?: ?[ap]m)?[\])]?[ -]{1,3})?(?:\p{L}[\p{L}.'-]{0,20}(?: \p{L}[\p{L}.'-]{0,20}){0,2}(?: ?[([][^()[\]\r\n]{1,20}[)\]])? ?[:>][ \t]{1,2})?/iuy
const QUESTION = /(?:\?|pl(?:ea)?[sz]e?|bitte|svp|por favor|per favore)[ \t"')]{0,3}$/i

/** Where a sticky pattern ends that matches at `at`, or -1. */
export function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : -1
}

const ANSWERER =
  /\r?\n\s{0,4}(?:> ?)?(?:[[(]?\d{1,2}:\d\d|(?:customer|client|cliente|kunde|kundin|klant|user|caller|visitor|requester|me) ?[(:[])/iy

/** Whether the line that ends there asks for something, or a customer speaks in the next one. */
export function endsQuestion(text: string, lineEnd: number): boolean {
  return (
    QUESTION.test(text.slice(Math.max(0, lineEnd - 14), lineEnd)) ||
    endOf(ANSWERER, text, lineEnd) !== -1
  )
}

/**
 * Goes on from a name's end at `at`, over at most `maxStrangers` words that are none of the small ones,
 * to where `endOfValue` answers an end instead of -1. `before` is the word right before a place.
 */
export function findAhead(
  text: string,
  at: number,
  maxStrangers: number,
  endOfValue: (place: number, strangers: number, before: string) => number,
): Ahead | undefined {
  let place = at
  let strangers = 0
  let before = ''
  let isNextLine = false
  for (let words = 0; words <= MAX_WORDS; words += 1) {
    for (let signs = 0; signs < MAX_SIGNS; signs += 1) {
      const code = text.charCodeAt(place)
      if (code === 10 || code === 13) {
        if (isNextLine) return undefined
        isNextLine = true
        const isAnswer = endsQuestion(text, place)
        if (strangers > 0 && !isAnswer) return undefined
        const turn = isAnswer ? endOf(TURN, text, place) : -1
        if (turn === -1) place += 1
        else place = turn
        for (let blanks = 0; blanks < 8 && /\s/.test(text.charAt(place)); blanks += 1) place += 1
        // Only small words answer.
        maxStrangers = strangers
        continue
      }
      // A sentence about something else begins.
      if (code === 46 && strangers > 0 && before.length > 3 && text.charCodeAt(place + 1) === 32)
        return undefined
      if (Number.isNaN(code) || !SIGNS.includes(text.charAt(place))) break
      const remark = code === 40 ? endOf(REMARK, text, place) : -1
      const isRemark = remark !== -1 && endOfValue(place + 1, strangers, before) === -1
      place = isRemark ? remark : place + 1
    }
    WORD.lastIndex = place
    const word = WORD.exec(text)?.[0]
    const next = word?.toLowerCase() ?? ''
    if (!SMALL_WORDS.has(next)) {
      const end = place > at ? endOfValue(place, strangers, before) : -1
      if (end !== -1) return { start: place, end, strangers }
    }
    if (word === undefined) return undefined
    before = next
    place += word.length
    if (SMALL_WORDS.has(before)) continue
    strangers += 1
    if (strangers > maxStrangers || TALK.has(before)) return undefined
  }
  return undefined
}
