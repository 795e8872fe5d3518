/**
 * One document with two views: the text is what is kept, and the form writes into it. What is typed
 * stays as it was typed in either view, whether or not it is a document yet.
 */
import { useMemo, useState } from 'react'
import type { z } from 'zod'
import type { Fault } from './document-faults.ts'
import { faultsOf } from './document-faults.ts'
import type { Json, Path } from './json.ts'
import { formatJson, removeAt, setAt } from './json.ts'
import { readJsonText } from './json-text.ts'

export type EditedDocument = {
  text: string
  /** Null while the text is no JSON. */
  value: Json | null
  /** Where the text breaks off. */
  brokenAt: { line: number; column: number } | null
  /** From 1, by path. */
  lines: ReadonlyMap<string, number>
  faults: readonly Fault[]
  setText: (text: string) => void
  set: (path: Path, value: Json) => void
  remove: (path: Path) => void
}

export function useDocument(schema: z.ZodType, first: string): EditedDocument {
  const [text, setText] = useState(first)
  const read = useMemo(() => readJsonText(text), [text])
  const faults = useMemo(
    () =>
      read.ok
        ? [
            ...read.twice.map((path): Fault => ({ path, rule: 'twice' })),
            ...faultsOf(schema, read.value),
          ]
        : [],
    [read, schema],
  )
  const change = (next: (value: Json) => Json) =>
    // By what is newest: two controls may write before React has rendered.
    setText((last) => {
      const now = readJsonText(last)
      return now.ok ? formatJson(next(now.value)) : last
    })
  return {
    text,
    value: read.ok ? read.value : null,
    brokenAt: read.ok ? null : { line: read.line, column: read.column },
    lines: read.ok ? read.lines : NO_LINES,
    faults,
    setText,
    set: (path, value) => change((document) => setAt(document, path, value)),
    remove: (path) => change((document) => removeAt(document, path)),
  }
}

const NO_LINES: ReadonlyMap<string, number> = new Map()

/** The line on which a part stands, or the nearest whole around it. */
export function lineOf(document: Pick<EditedDocument, 'lines'>, path: string): number {
  for (let at = path; at !== ''; at = at.includes('.') ? at.slice(0, at.lastIndexOf('.')) : '') {
    const line = document.lines.get(at)
    if (line !== undefined) return line
  }
  return 1
}
