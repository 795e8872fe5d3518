/**
 * One pass over a folded text. Words are looked up in the lexicon, groups of letters and digits are
 * gathered and shown to the rules for their length, long runs without blanks to the rules for their
 * prefix. Nothing is looked at more than a bounded number of times, so time is linear.
 */
import { endsQuestion, findAhead } from './ahead.ts'
import type { CompiledCustom, CustomDetector } from './custom.ts'
import {
  BLANK,
  CLASSES,
  CURRENCY,
  DIGIT,
  encode,
  END,
  isAlphanumeric,
  isDigit,
  isMaskSign,
  isSeparator,
  isSmallLetter,
  isUpper,
  LETTER,
  NEWLINE,
  SIGN,
  STOP,
} from './codes.ts'
import type { GroupsSurroundings } from './groups-view.ts'
import { GroupsView } from './groups-view.ts'
import type { Concept, ConceptHit } from './lexicon.ts'
import type { Candidate, Context, Found, GroupsRule, PrefixRule, Rule } from './rule.ts'
import type { RuleIndex } from './rule-index.ts'
import { conceptsOf, MAX_COMPACT, MAX_GROUPS, NOTHING } from './rule-index.ts'

const MAX_GROUPS_IN_ROW = 5
/** A run without blanks that is shorter holds no credential of a vendor. */
const MIN_RUN = 16
const REACH = 48
/** No word of the lexicon is longer. */
const MAX_WORD = 32
const REFERENCE_REACH = 32
/** Digits behind a decimal comma; what has more is a number of its own. */
const LONGEST_FRACTION = 11
/** No rule asks for a word farther away. */
const FARTHEST_REACH = 96
/** A sentence's end between word and value counts as so many characters. */
const SENTENCE = 24
/** What may stand behind a label that ends the line above a value. */
const LABEL_TAIL = 12
const QUESTION_TAIL = 32
/** What parts the columns of a table, from the surest; and how long a row may be. */
const COLUMN_SIGNS = '\t|;,'
const LONGEST_ROW = 400
const LONGEST_HEADING = 32
/** What a heading may say besides: `DOB (dd/mm)`. */
const HEADING_TAIL = 10

type Place = { start: number; end: number }

/** Reads one text after the other. */
export class Scanner implements GroupsSurroundings {
  text = ''
  #candidates: Candidate[] = []
  readonly #rules: RuleIndex
  readonly #lastEnds: Int32Array
  readonly #view: GroupsView
  #codes: Uint8Array = new Uint8Array()
  /** What `after` read last, and where. */
  readonly #afterHits: ConceptHit[] = []
  #afterRead = -1
  #lineStart = 0
  #lineAboveStart = 0
  #lineAboveEnd = 0
  #sentenceStart = 0
  /** Where the phrase found last ends, the one that reaches farthest, and the number read last. */
  #hitEnd = -1
  /** The words in this line so far, which may be a table's head: the first `#lineHitCount`. */
  readonly #lineHits: ConceptHit[] = []
  #lineHitCount = 0
  /** Within a table: the sign between its columns, or -1, and what each column holds. */
  #columnSign = -1
  #columns: readonly (readonly number[])[] = []
  #lastHitEnd = -1
  #lastNumberEnd = -1

  constructor(rules: RuleIndex) {
    this.#rules = rules
    this.#lastEnds = new Int32Array(rules.places.size)
    this.#view = new GroupsView(this)
  }

  /**
   * What stands in `text`, overlaps and all. Undefined when a character stands in it for which
   * `foldUnit` has no single unit, see `encode`; null where the text is folded.
   */
  read(
    text: string,
    custom: readonly CompiledCustom[],
    foldUnit: ((code: number) => number) | null,
  ): Candidate[] | undefined {
    const encoded = encode(text, foldUnit)
    if (encoded === undefined) return undefined
    const { codes } = encoded
    this.text = encoded.text
    this.#codes = codes
    this.#candidates = []
    this.#lastEnds.fill(-1)
    this.#lineStart = 0
    this.#lineAboveStart = 0
    this.#lineAboveEnd = 0
    this.#sentenceStart = 0
    this.#afterRead = -1
    this.#lineHitCount = 0
    this.#columnSign = -1
    this.#hitEnd = -1
    this.#lastHitEnd = -FARTHEST_REACH - 1
    this.#lastNumberEnd = -1
    this.#readAll(codes, text.length)
    for (const { detector, find } of custom) this.#keepCustom(detector, find(this.text))
    const found = this.#candidates
    // Nothing of a text stays behind.
    this.text = ''
    this.#candidates = []
    return found
  }

  /** What is written down of the unit at `place`: nothing that counts where the text has ended. */
  #at(place: number): number {
    return this.#codes[place] ?? END
  }

  #readAll(bytes: Uint8Array, length: number): void {
    let runStart = 0
    let at = 0
    while (at < length) {
      let kind = CLASSES[bytes[at] ?? 0]
      if (kind === LETTER || kind === DIGIT) {
        const start = at
        while (kind === LETTER) kind = CLASSES[bytes[(at += 1)] ?? 0]
        if (kind === DIGIT) at = this.#numberToken(bytes, start, at)
        else if (at - start > 1) {
          if (at - start <= MAX_WORD) {
            this.#rules.lexicon.lookUp(this.text, bytes, start, at, this.#onHit)
            const next = bytes[at]
            if (next === 61 || next === 58 || next === 34) this.#lastOfMany(bytes, start, at)
          }
        } else if (
          (bytes[at] === 46 || bytes[at] === 47) &&
          CLASSES[bytes[at + 1] ?? 0] === LETTER
        ) {
          // As in D.O.B. and a/c.
          this.#rules.lexicon.find(this.text, start, at, this.#onHit)
        }
      } else if (kind === BLANK) {
        if (at - runStart >= MIN_RUN) this.#run(runStart, at)
        if (bytes[at] === this.#columnSign) this.#cell(at, this.#columnAt(at))
        runStart = at += 1
      } else {
        if (kind === NEWLINE) {
          if (at - runStart >= MIN_RUN) this.#run(runStart, at)
          this.#newLine(at)
          runStart = at + 1
        } else if (kind === STOP) this.#stop(at)
        else if (kind === SIGN) this.#sign(bytes[at] ?? 0, at)
        else if (bytes[at] === this.#columnSign) this.#cell(at, this.#columnAt(at))
        at += 1
      }
    }
    if (length - runStart >= MIN_RUN) this.#run(runStart, length)
  }

  /** `dbPassword=`, `"shippingAddress":`: the last of several words that are written as one. */
  #lastOfMany(bytes: Uint8Array, start: number, end: number): void {
    let at = end - 2
    while (at > start && !isUpper(bytes[at] ?? 0)) at -= 1
    if (at <= start || isUpper(bytes[at - 1] ?? 0) || this.#hitEnd === end) return
    this.#rules.lexicon.find(this.text, at, end, this.#onHit)
  }

  /** A sign with a blank behind it is punctuation. */
  #sign(code: number, at: number): void {
    const next = CLASSES[this.#codes[at + 1] ?? 0]
    if (next === BLANK || next === NEWLINE || at + 1 === this.text.length) return
    for (const rule of this.#rules.signs.get(code) ?? []) this.#keep(rule, rule.find(this, at))
  }

  /** A token whose first digit is at `digitAt`. Answers where to go on. */
  #numberToken(bytes: Uint8Array, start: number, digitAt: number): number {
    let hasLetter = digitAt > start
    let end = digitAt + 1
    for (; ; end += 1) {
      const kind = CLASSES[bytes[end] ?? 0]
      if (kind === LETTER) hasLetter = true
      else if (kind !== DIGIT) break
    }
    // Visa4111…, SSN123: the letters before a digit are a word, too, and what follows a value.
    let valueAt = start
    if (hasLetter) {
      const { lexicon } = this.#rules
      if (end - start <= MAX_WORD) lexicon.lookUp(this.text, bytes, start, end, this.#onHit)
      const letters = digitAt - start
      if (letters > 1 && letters <= MAX_WORD) {
        lexicon.lookUp(this.text, bytes, start, digitAt, this.#onHit)
        if (this.#hitEnd === digitAt) valueAt = digitAt
      }
    }
    const next = this.#groups(start, end, hasLetter)
    const last = valueAt === start ? next : Math.max(next, this.#tryFrom(valueAt, end, false))
    this.#lastNumberEnd = Math.max(last, end)
    return this.#lastNumberEnd
  }

  #newLine(at: number): void {
    // The second half of a CRLF.
    if (at === this.#lineStart && this.#at(at - 1) === 13) {
      this.#lineStart = at + 1
      return
    }
    this.#lineAboveStart = this.#lineStart
    this.#lineAboveEnd = at
    this.#lineStart = at + 1
    this.#sentenceStart = at + 1
    this.#readTable(this.#lineAboveStart, at)
  }

  /** `No.` and the like end no sentence. */
  #stop(at: number): void {
    const next = this.#at(at + 1)
    if (next !== 32) return
    let start = at
    while (start > 0 && at - start < 5 && isAlphanumeric(this.#at(start - 1))) start -= 1
    if (at - start >= 4) this.#sentenceStart = at + 1
  }

  /** At a line's end: whether it is a table's head or row, and the next line a row. */
  #readTable(from: number, at: number): void {
    if (this.#columnSign === -1) {
      if (this.#lineHitCount === 0) return
      this.#readHead(from, at)
      this.#lineHitCount = 0
      if (this.#columnSign === -1) return
    }
    const isCrlf = this.text.startsWith('\r\n', at)
    const row = isCrlf ? at + 2 : at + 1
    if (this.#countColumns(row, row + LONGEST_ROW) === this.#columns.length) this.#cell(row - 1, 0)
    else this.#columnSign = -1
  }

  #readHead(from: number, at: number): void {
    if (at - from > LONGEST_ROW) return
    const words = this.#lineHits.slice(0, this.#lineHitCount)
    if (!words.some(({ end }) => this.#mayEndColumn(end, at))) return
    const line = this.text.slice(from, at)
    for (const sign of COLUMN_SIGNS) {
      // Most lines are prose: a comma or two with far more than a heading between.
      if (!mayBeHead(line, sign)) continue
      const cells = line.split(sign)
      let start = from
      const columns = cells.map((cell) => {
        const hits = words.filter((hit) => hit.start >= start && hit.end <= start + cell.length)
        start += cell.length + 1
        const rest = cell.trim().length - HEADING_TAIL
        return hits.filter((hit) => hit.end - hit.start >= rest).map(({ concept }) => concept)
      })
      const isHead = cells.every(
        (cell) => cell.trim().length <= LONGEST_HEADING && !/\d{3}|[.!?] \S/.test(cell),
      )
      if (!isHead || columns.every((column) => column.length === 0)) continue
      this.#columnSign = sign.charCodeAt(0)
      this.#columns = columns
      return
    }
  }

  /** A quick look: a heading's word has little behind it in its column, and in prose there is more. */
  #mayEndColumn(wordEnd: number, lineEnd: number): boolean {
    let tail = 0
    for (let at = wordEnd; at < lineEnd; at += 1) {
      const code = this.#codes[at] ?? END
      if (code === 124 || code === 44 || code === 59 || code === 9) return true
      if (code !== 32) tail += 1
      if (tail > HEADING_TAIL) return false
    }
    return true
  }

  /** How many columns a row has up to `end` or its own end; 0 where it goes on. */
  #countColumns(row: number, end: number): number {
    let count = 1
    for (let at = row; at < end; at += 1) {
      const code = this.#codes[at] ?? END
      if (code === this.#columnSign) count += 1
      else if (CLASSES[code] === NEWLINE || at >= this.text.length) return count
    }
    return 0
  }

  /** A column's heading counts as if it stood at `at`, right before the cell. */
  #cell(at: number, column: number): void {
    const concepts = this.#columns[column] ?? []
    if (concepts.length === 0) return
    let end = at + 1
    for (; end < this.text.length; end += 1) {
      const code = this.#codes[end] ?? END
      if (code === this.#columnSign || CLASSES[code] === NEWLINE) break
    }
    if (this.text.slice(at + 1, end).trim() === '') return
    for (const concept of concepts) {
      this.#lastEnds[concept] = at
      if (concept !== this.#rules.reference) this.#lastHitEnd = at
      for (const rule of this.#rules.words[concept] ?? []) {
        const found = rule.find(this, at, at)
        if (found !== undefined && found.end <= end) this.#keep(rule, found, at)
      }
    }
  }

  /** The column that begins behind a sign at `at`. */
  #columnAt(at: number): number {
    let column = 0
    for (let place = this.#lineStart; place <= at; place += 1) {
      if (this.#codes[place] === this.#columnSign) column += 1
    }
    return column
  }

  readonly #onHit = (hit: ConceptHit): void => {
    const { concept, start, end } = hit
    this.#hitEnd = end
    if (this.#lineHitCount < MAX_GROUPS) {
      this.#lineHits[this.#lineHitCount] = hit
      this.#lineHitCount += 1
    }
    if (end > this.#lastHitEnd && concept !== this.#rules.reference) this.#lastHitEnd = end
    if (end > (this.#lastEnds[concept] ?? -1)) this.#lastEnds[concept] = end
    for (const rule of this.#rules.words[concept] ?? []) {
      this.#keep(rule, rule.find(this, end, start), end)
    }
  }

  #keep(rule: Rule, found: Found | undefined, distanceFrom = -1): void {
    if (found === undefined) return
    const { start, end, confidence, check, context } = found
    this.#candidates.push({
      kind: rule.kind,
      start,
      end,
      confidence,
      why: {
        rule: rule.id,
        ...(check === undefined ? {} : { check }),
        ...(context === undefined ? {} : { context }),
      },
      distance: distanceFrom === -1 ? 0 : start - distanceFrom,
    })
  }

  /** Anywhere: an administrator's pattern may begin with a sign or in another script. */
  #keepCustom({ id, kind, confidence }: CustomDetector, found: readonly Place[]): void {
    for (const { start, end } of found) {
      this.#candidates.push({ kind, start, end, confidence, why: { rule: id }, distance: 0 })
    }
  }

  /** Parts of a run without blanks that begin with a vendor's prefix. */
  #run(start: number, end: number): void {
    let previous = 32
    for (let at = start; at + 8 <= end; at += 1) {
      const code = this.#at(at)
      if (!isAlphanumeric(previous) && previous !== 95) {
        const listed = this.#rules.prefixes.get(code * 128 + this.#at(at + 1))
        if (listed !== undefined) {
          const taken = this.#tryPrefixes(listed, at)
          if (taken > at) at = taken - 1
        }
      }
      previous = this.#at(at)
    }
  }

  #tryPrefixes(listed: readonly { prefix: string; rule: PrefixRule }[], at: number): number {
    let taken = at
    for (const { prefix, rule } of listed) {
      if (!this.text.startsWith(prefix, at)) continue
      rule.form.lastIndex = at
      if (!rule.form.test(this.text)) continue
      const end = rule.form.lastIndex
      if (end < this.text.length && isAlphanumeric(this.#at(end))) continue
      const context = rule.context && this.near(rule.context, at, end)
      if (rule.context !== undefined && context === undefined) continue
      const value = this.text.slice(at, end)
      if (rule.check?.passes(value) === false || rule.accepts?.(value) === false) continue
      this.#keep(rule, {
        start: at,
        end,
        confidence: rule.confidence,
        ...(rule.check === undefined ? {} : { check: rule.check.name }),
        ...(context === undefined ? {} : { context: context.concept.name }),
      })
      taken = Math.max(taken, end)
    }
    return taken
  }

  /** Shows the groups that begin with the token `[start, end)` to the rules. Answers where to go on. */
  #groups(start: number, end: number, hasLetters: boolean): number {
    const first = this.#leadingLetters(start)
    if (first !== -1) this.#tryFrom(first, -1, true)
    if (this.#isJoinedOrMasked(start) || this.#isAmongShortGroups(start, end)) return end
    return Math.max(end, this.#tryFrom(start, end, hasLetters))
  }

  /**
   * Whether a group of one or two stands right behind another such: what it belongs to began there.
   * Without this, a long row of short groups would be tried from each of them.
   */
  #isAmongShortGroups(start: number, end: number): boolean {
    if (end - start > 2) return false
    let last = start - 1
    while (last > start - 4 && isSeparator(this.#at(last))) last -= 1
    if (last === start - 1 || !isDigit(this.#at(last))) return false
    return !isAlphanumeric(this.#at(last - 1)) || !isAlphanumeric(this.#at(last - 2))
  }

  /** Where one to four capitals begin that stand before a token as if they belonged to it, or -1. */
  #leadingLetters(tokenStart: number): number {
    const separator = this.#at(tokenStart - 1)
    if (separator !== 32 && separator !== 45) return -1
    let start = tokenStart - 1
    while (start > 0 && tokenStart - start <= 5 && isUpper(this.#at(start - 1))) start -= 1
    if (start === tokenStart - 1 || start < tokenStart - 5) return -1
    // Behind a number the letters are a part of that one, and a row of such is none.
    if (isSeparator(this.#at(start - 1)) && isDigit(this.#at(start - 2))) return -1
    return isAlphanumeric(this.#at(start - 1)) || this.#isJoinedOrMasked(start) ? -1 : start
  }

  /** Answers the end of the longest find that is at least likely, or 0. */
  #tryFrom(start: number, knownEnd: number, firstHasLetters: boolean): number {
    const view = this.#view
    view.reset()
    // In the middle of a row of groups only what has a layout of its own begins.
    const maxCount = this.isCrowdedBefore(start) ? MAX_GROUPS_IN_ROW : MAX_GROUPS
    let tokenStart = start
    let tokenEnd = knownEnd === -1 ? this.#tokenEnd(start) : knownEnd
    let hasLetters = firstHasLetters
    let taken = 0
    const isIbanLike = hasLetters && isLettersThenDigits(this.#codes, start)
    while (view.push(tokenStart, tokenEnd, hasLetters)) {
      taken = Math.max(taken, this.#judge(view))
      const next = view.count < maxCount ? this.#nextGroup(tokenEnd) : -1
      if (next === -1) break
      // Small letters begin the next word, except in a MAC address such as 0242.ac11.0003.
      const isWord = !isIbanLike && this.#at(next - 1) !== 46
      if (isWord && isSmallLetter(this.#at(next))) break
      tokenStart = next
      tokenEnd = this.#tokenEnd(next)
      const kind = this.#groupKind(tokenStart, tokenEnd, isIbanLike)
      if (kind === 0) break
      hasLetters = kind === 2
    }
    return taken
  }

  #tokenEnd(start: number): number {
    const bytes = this.#codes
    const last = Math.min(this.text.length, start + MAX_COMPACT + 1)
    let end = start
    for (; end < last; end += 1) {
      const kind = CLASSES[bytes[end] ?? 0]
      if (kind !== LETTER && kind !== DIGIT) break
    }
    return end
  }

  /** 0 no group of a number, 1 digits, 2 with letters. Letters alone only as four or fewer capitals. */
  #groupKind(start: number, end: number, isIbanLike: boolean): 0 | 1 | 2 {
    const bytes = this.#codes
    let hasDigit = false
    let hasLetter = false
    let isCapitals = true
    for (let at = start; at < end; at += 1) {
      const code = bytes[at] ?? 0
      if (CLASSES[code] === DIGIT) hasDigit = true
      else {
        hasLetter = true
        if (!isUpper(code)) isCapitals = false
      }
    }
    if (hasDigit) return hasLetter ? 2 : 1
    return end - start <= 4 && (isCapitals || (isIbanLike && end - start === 4)) ? 2 : 0
  }

  /** Where the next group begins behind a thin separator, or -1. */
  #nextGroup(end: number): number {
    const { text } = this
    let at = end
    let breaks = 0
    for (; at < text.length && at - end < 4; at += 1) {
      const code = this.#at(at)
      if (code === 10 || code === 13) {
        breaks += code === 10 ? 1 : 0
        if (breaks > 1) return -1
      } else if (!isSeparator(code)) break
    }
    return at > end && at < text.length && isAlphanumeric(this.#at(at)) ? at : -1
  }

  /** Whether a value cannot begin here: it would be a part of something longer, an amount, or a mask. */
  #isJoinedOrMasked(start: number): boolean {
    const previous = this.#at(start - 1)
    const beforeThat = this.#at(start - 2)
    switch (previous) {
      case 45: // -
      case 47: // /
      case 95: // _
        return isAlphanumeric(beforeThat)
      case 46: // .
        return isDigit(beforeThat)
      case 44: // ,
        // A list goes on behind what was found, a row of a table with a long number; the rest are amounts.
        return (
          isDigit(beforeThat) &&
          this.#candidates.at(-1)?.end !== start - 1 &&
          !isDigit(this.#at(start + LONGEST_FRACTION))
        )
      case 36: // $
      case 64: // @
      case 128 + CURRENCY:
        return true
      case 32:
        return isMaskSign(beforeThat)
      default:
        return isMaskSign(previous)
    }
  }

  /** Whether what ends here goes on behind a sign. */
  isOpen(end: number): boolean {
    if (this.#codes[end] === this.#columnSign) return false
    const next = this.#at(end)
    const then = this.#at(end + 1)
    switch (next) {
      case 45: // -
      case 47: // /
      case 95: // _
      case 64: // @
        return isAlphanumeric(then)
      case 46: // .
      case 44: // ,
      case 58: // :
        return isDigit(then)
      case 37: // %
        return true
      default:
        return isMaskSign(next)
    }
  }

  /** Whether plain digits stand behind `end` with one blank between. */
  isCrowdedBehind(end: number): boolean {
    if (this.#at(end) !== 32 || !isDigit(this.#at(end + 1))) return false
    let at = end + 1
    while (at - end < 24 && isDigit(this.#at(at))) at += 1
    return !this.isOpen(at) && !isAlphanumeric(this.#at(at))
  }

  /** Whether plain digits stand before `start` with one blank between. */
  isCrowdedBefore(start: number): boolean {
    const { text } = this
    if (this.#at(start - 1) !== 32 || !isDigit(this.#at(start - 2))) return false
    let at = start - 2
    while (start - at < 24 && isDigit(this.#at(at))) at -= 1
    return at < 0 || ' (+\n"\''.includes(text.charAt(at))
  }

  #judge(view: GroupsView): number {
    const { digits, mixed } = this.#rules.groups
    const place = view.length * (MAX_GROUPS + 1) + view.count
    const { all, crowded, alone, aloneCrowded } =
      (view.hasLetters ? mixed : digits)[place] ?? NOTHING
    if (all.length === 0) return 0
    const isNamedBehind = this.#mayBeNamedBehind(view.end)
    const isNamed = isNamedBehind || view.start - this.#lastHitEnd <= FARTHEST_REACH
    let rules = isNamed ? all : alone
    const ofCrowd = isNamed ? crowded : aloneCrowded
    const isCrowded = rules.length > 0 && view.isCrowded
    if (isCrowded) rules = ofCrowd
    let taken = 0
    for (const asked of rules) {
      if (isCrowded && asked.layouts !== undefined) {
        // Numbers on both sides make a row, whatever a part of it looks like.
        if (view.isInRow || !asked.layouts.has(view.layout)) continue
      }
      if (isNamed && !isNamedBehind && !this.#isNamed(asked.needs, view.start)) continue
      const found = asked.judge(view)
      if (found === undefined) continue
      this.#keepNear(asked.rule, found)
      if (found.confidence !== 'possible') taken = Math.max(taken, found.end)
    }
    return taken
  }

  /** A quick look at what `after` reads. */
  #mayBeNamedBehind(end: number): boolean {
    const next = this.#at(end)
    if (next !== 32) return next === 40 || next === 91
    const then = this.#at(end + 1)
    // The first letters of `AFTER`.
    return then === 40 || then === 91 || then === 97 || then === 101 || then === 102 || then === 105
  }

  /** Whether any of the concepts at `places` was read not long before `at`, or none is needed. */
  #isNamed(places: readonly number[], at: number): boolean {
    if (places.length === 0) return true
    const earliest = at - FARTHEST_REACH
    for (let index = 0; index < places.length; index += 1) {
      const end = this.#lastEnds[places[index] ?? 0] ?? -1
      if (end !== -1 && end >= earliest) return true
    }
    return false
  }

  #keepNear(rule: GroupsRule, found: Found): void {
    const concepts = conceptsOf(rule)
    const near =
      found.context === undefined
        ? undefined
        : this.near(concepts, found.start, found.end, Number.MAX_SAFE_INTEGER)
    this.#keep(rule, found, near === undefined ? -1 : found.start - near.distance)
  }

  before(concepts: readonly Concept[], at: number, reach = REACH): Context | undefined {
    if (at - this.#lastHitEnd > FARTHEST_REACH) return undefined
    let best = -1
    let nearest: Concept | undefined
    for (const concept of concepts) {
      const end = this.#lastEnds[this.#rules.places.get(concept) ?? -1] ?? -1
      if (end > best && end <= at) {
        best = end
        nearest = concept
      }
    }
    if (nearest === undefined || !this.#isInView(best, at)) return undefined
    // Who answers, and when, is no distance.
    const isAnswer = at > this.#lineStart + 4 && best < this.#lineStart
    const distance = isAnswer
      ? this.#lineAboveEnd - best
      : at - best + (best < this.#sentenceStart ? SENTENCE : 0)
    if (distance > reach) return undefined
    return this.#referenceEnd(at) > best ? undefined : { concept: nearest, distance }
  }

  /** Where the last word ends that says "reference" and still speaks of what stands at `at`, or -1. */
  #referenceEnd(at: number): number {
    const end = this.#lastEnds[this.#rules.reference] ?? -1
    if (end === -1 || end > at) return -1
    // In "order 4500 was paid with 4111…" the word has had its number.
    if (this.#lastNumberEnd <= end || at - this.#lastNumberEnd > REACH) return end
    for (let place = this.#lastNumberEnd; place < at; place += 1) {
      if (CLASSES[this.#at(place)] === LETTER) return -1
    }
    return end
  }

  /** A word counts in its own line, or as the label that ends the line above a value. */
  #isInView(wordEnd: number, at: number): boolean {
    if (wordEnd >= this.#lineStart) return true
    if (wordEnd < this.#lineAboveStart || wordEnd > this.#lineAboveEnd) return false
    if (this.#isAnswer(wordEnd, at)) return true
    if (this.#lineAboveEnd - wordEnd > LABEL_TAIL || at - this.#lineStart > 4) return false
    for (let place = this.#lineStart; place < at; place += 1) {
      if (isAlphanumeric(this.#at(place))) return false
    }
    return true
  }

  /** `What is your SSN?` in the line above, and `Jane: it's` before a value. */
  #isAnswer(wordEnd: number, at: number): boolean {
    const from = this.#lineAboveEnd
    if (from - wordEnd > QUESTION_TAIL || !endsQuestion(this.text, from)) return false
    return findAhead(this.text, from, 0, (place) => (place === at ? at : -1)) !== undefined
  }

  after(concepts: readonly Concept[], at: number): Context | undefined {
    if (!this.#mayBeNamedBehind(at)) return undefined
    if (this.#afterRead !== at) this.#readAfter(at)
    for (const hit of this.#afterHits) {
      const concept = this.#rules.lexicon.concepts[hit.concept]
      if (concept !== undefined && concepts.includes(concept)) {
        return { concept, distance: hit.start - at }
      }
    }
    return undefined
  }

  /** What the first word of ours behind `at` stands for: read once for all rules that ask. */
  #readAfter(at: number): void {
    this.#afterRead = at
    this.#afterHits.length = 0
    AFTER.lastIndex = at
    const lead = AFTER.exec(this.text)
    if (lead === null) return
    let place = at + lead[0].length
    for (let words = 0; words < 3; words += 1) {
      const end = this.#tokenEnd(place)
      if (end === place) return
      this.#rules.lexicon.find(this.text, place, end, this.#onAfterHit)
      if (this.#afterHits.length > 0 || this.#at(end) !== 32) return
      place = end + 1
    }
  }

  readonly #onAfterHit = (hit: ConceptHit): void => {
    this.#afterHits.push(hit)
  }

  near(
    concepts: readonly Concept[],
    start: number,
    end: number,
    reach?: number,
  ): Context | undefined {
    return this.before(concepts, start, reach) ?? this.after(concepts, end)
  }

  isReference(at: number): boolean {
    if (this.#at(at - 1) === 35) return true
    const end = this.#referenceEnd(at)
    return end !== -1 && at - end <= REFERENCE_REACH && this.#isInView(end, at)
  }
}

/** Whether a sign parts the line, and no part is much longer than a heading with its blanks. */
function mayBeHead(line: string, sign: string): boolean {
  const longest = sign === '|' ? LONGEST_HEADING * 2 : LONGEST_HEADING + 8
  let start = 0
  for (let next = line.indexOf(sign); next !== -1; next = line.indexOf(sign, start)) {
    if (next - start > longest) return false
    start = next + 1
  }
  return start > 0 && line.length - start <= longest
}

/** What ties a word behind a value to it. */
const AFTER =
  /(?: ?[([]| is (?:my |our |the |his |her |their |your )?| as (?:my |the )?| for (?:my |the )?| ist (?:meine |die |mein |der )?| est (?:mon |ma |le |la )?| es (?:mi |el |la )?| e (?:il mio |la mia )?)/y

/** Two letters and two digits begin every IBAN. */
function isLettersThenDigits(bytes: Uint8Array, at: number): boolean {
  return (
    !isDigit(bytes[at] ?? END) &&
    !isDigit(bytes[at + 1] ?? END) &&
    isDigit(bytes[at + 2] ?? END) &&
    isDigit(bytes[at + 3] ?? END)
  )
}
