/**
 * Reads JSON (RFC 8259) as a person types it: where it breaks off, and on which line each part of it
 * stands. A key that stands twice is a fault here, because every other reader takes one of the two.
 */
import type { Json } from './json.ts'

export type JsonText =
  | {
      ok: true
      value: Json
      /** From 1, by path as faults spell it; '' is the whole. */
      lines: ReadonlyMap<string, number>
      /** Paths of keys that stand twice. */
      twice: readonly string[]
    }
  | { ok: false; line: number; column: number }

/** No policy comes near; a text of brackets alone must not exhaust the stack. */
const DEEPEST = 64

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
// JSON forbids control characters in strings.
// eslint-disable-next-line no-control-regex
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const BLANK = /[ \t\n\r]*/y
const WORD = /true|false|null/y

class Broken extends Error {
  readonly at: number
  constructor(at: number) {
    super('no JSON')
    this.at = at
  }
}

export function readJsonText(text: string): JsonText {
  try {
    return new Reader(text).read()
  } catch (error) {
    if (!(error instanceof Broken)) throw error
    const before = text.slice(0, error.at).split('\n')
    return { ok: false, line: before.length, column: (before.at(-1) ?? '').length + 1 }
  }
}

class Reader {
  private at = 0
  private line = 1
  private lineAt = 0
  private readonly lines = new Map<string, number>()
  private readonly twice: string[] = []
  private readonly text: string

  constructor(text: string) {
    this.text = text
  }

  read(): JsonText {
    const value = this.value('', 0)
    this.skipBlank()
    if (this.at < this.text.length) throw new Broken(this.at)
    return { ok: true, value, lines: this.lines, twice: this.twice }
  }

  private value(path: string, depth: number): Json {
    this.skipBlank()
    if (depth > DEEPEST) throw new Broken(this.at)
    if (!this.lines.has(path)) this.lines.set(path, this.lineHere())
    switch (this.text[this.at]) {
      case '{':
        return this.object(path, depth)
      case '[':
        return this.list(path, depth)
      case '"':
        return this.string()
      default:
        return JSON.parse(this.take(WORD) ?? this.expect(NUMBER)) as Json
    }
  }

  private object(path: string, depth: number): Json {
    const entries = new Map<string, Json>()
    this.at += 1
    if (this.takeSign('}')) return {}
    do {
      this.skipBlank()
      const line = this.lineHere()
      const key = this.string()
      const own = path === '' ? key : `${path}.${key}`
      if (entries.has(key)) this.twice.push(own)
      this.lines.set(own, line)
      if (!this.takeSign(':')) throw new Broken(this.at)
      entries.set(key, this.value(own, depth + 1))
    } while (this.takeSign(','))
    if (!this.takeSign('}')) throw new Broken(this.at)
    return Object.fromEntries(entries)
  }

  private list(path: string, depth: number): Json {
    const items: Json[] = []
    this.at += 1
    if (this.takeSign(']')) return []
    do {
      items.push(this.value(path === '' ? `${items.length}` : `${path}.${items.length}`, depth + 1))
    } while (this.takeSign(','))
    if (!this.takeSign(']')) throw new Broken(this.at)
    return items
  }

  private string(): string {
    return JSON.parse(this.expect(STRING)) as string
  }

  private takeSign(sign: string): boolean {
    this.skipBlank()
    if (this.text[this.at] !== sign) return false
    this.at += 1
    return true
  }

  private skipBlank() {
    this.take(BLANK)
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.at
    const [found] = pattern.exec(this.text) ?? []
    if (found === undefined) return null
    this.at += found.length
    return found
  }

  private expect(pattern: RegExp): string {
    const found = this.take(pattern)
    if (found === null) throw new Broken(this.at)
    return found
  }

  /** Counts on from where it was asked last. */
  private lineHere(): number {
    for (let at = this.lineAt; at < this.at; at += 1) if (this.text[at] === '\n') this.line += 1
    this.lineAt = this.at
    return this.line
  }
}
