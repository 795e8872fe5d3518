/** Groups of letters and digits under consideration, as the rules see them. */
import type { Concept } from './lexicon.ts'
import type { Context, Groups, Surroundings } from './rule.ts'
import { MAX_COMPACT, MAX_GROUPS } from './rule-index.ts'

/** Groups of more than one digit each: as many as the longest IBAN has. */
const MAX_LONG_GROUPS = 9

/** What the scanner knows of a place besides the words around it. */
export type GroupsSurroundings = Surroundings & {
  isOpen(end: number): boolean
  isCrowdedBehind(end: number): boolean
  isCrowdedBefore(start: number): boolean
}

/** What stands between two groups: dashes as hyphens, blanks as one. */
function separator(text: string, start: number, end: number): string {
  let previous = 0
  for (let at = start; at < end; at += 1) {
    const code = text.charCodeAt(at)
    if (code < 32 || code > 47 || (code === 32 && previous === 32)) {
      return text
        .slice(start, end)
        .replace(/[\u2010-\u2015]/g, '-')
        .replace(/\s+/g, ' ')
    }
    previous = code
  }
  return text.slice(start, end)
}

/** Grows one group at a time, always from the same first one. */
export class GroupsView implements Groups {
  start = 0
  end = 0
  count = 0
  /** Of the compact form. */
  length = 0
  hasLetters = false
  crossesLines = false
  readonly #scan: GroupsSurroundings
  readonly #starts = new Int32Array(MAX_GROUPS)
  readonly #ends = new Int32Array(MAX_GROUPS)
  #compact: string | undefined
  #layout: string | undefined
  #isOpen: boolean | undefined
  #isCrowded: boolean | undefined
  #crowdedBefore: boolean | undefined
  /** Whether a single blank parts two groups, so that one more blank would. */
  #hasBlank = false

  constructor(scan: GroupsSurroundings) {
    this.#scan = scan
  }

  get text(): string {
    return this.#scan.text
  }

  reset(): void {
    this.count = 0
    this.length = 0
    this.hasLetters = false
    this.crossesLines = false
    this.#hasBlank = false
    this.#crowdedBefore = undefined
  }

  /** Whether the group fits. */
  push(start: number, end: number, hasLetters: boolean): boolean {
    if (this.length + end - start > MAX_COMPACT || this.count === MAX_GROUPS) return false
    if (this.count >= MAX_LONG_GROUPS && this.length > this.count) return false
    if (this.count === 0) this.start = start
    else if (start - this.end === 1 && this.text.charCodeAt(this.end) === 32) this.#hasBlank = true
    else {
      this.#hasBlank ||= this.text.charCodeAt(start - 1) === 32
      this.crossesLines ||= this.text.slice(this.end, start).includes('\n')
    }
    this.#starts[this.count] = start
    this.#ends[this.count] = end
    this.count += 1
    this.end = end
    this.length += end - start
    this.hasLetters ||= hasLetters
    this.#compact = undefined
    this.#layout = undefined
    this.#isOpen = undefined
    this.#isCrowded = undefined
    return true
  }

  get compact(): string {
    if (this.#compact !== undefined) return this.#compact
    let compact = ''
    for (let index = 0; index < this.count; index += 1) {
      compact += this.text.slice(this.#starts[index], this.#ends[index])
    }
    this.#compact = this.hasLetters ? compact.toUpperCase() : compact
    return this.#compact
  }

  get layout(): string {
    if (this.#layout !== undefined) return this.#layout
    let layout = ''
    for (let index = 0; index < this.count; index += 1) {
      const start = this.#starts[index] ?? 0
      if (index > 0) layout += separator(this.text, this.#ends[index - 1] ?? 0, start)
      layout += String((this.#ends[index] ?? 0) - start)
    }
    this.#layout = layout
    return layout
  }

  get isOpen(): boolean {
    this.#isOpen ??= this.#scan.isOpen(this.end)
    return this.#isOpen
  }

  get isCrowded(): boolean {
    this.#isCrowded ??=
      (this.count === 1 || this.#hasBlank) &&
      (this.#scan.isCrowdedBehind(this.end) || this.#isCrowdedBefore())
    return this.#isCrowded
  }

  get isInRow(): boolean {
    return this.#isCrowdedBefore() && this.#scan.isCrowdedBehind(this.end)
  }

  /** The same for all groups from one start. */
  #isCrowdedBefore(): boolean {
    this.#crowdedBefore ??= this.#scan.isCrowdedBefore(this.start)
    return this.#crowdedBefore
  }

  before(concepts: readonly Concept[], at: number, reach?: number): Context | undefined {
    return this.#scan.before(concepts, at, reach)
  }

  after(concepts: readonly Concept[], at: number): Context | undefined {
    return this.#scan.after(concepts, at)
  }

  near(concepts: readonly Concept[], start: number, end: number, reach?: number) {
    return this.#scan.near(concepts, start, end, reach)
  }

  isReference(at: number): boolean {
    return this.#scan.isReference(at)
  }
}
