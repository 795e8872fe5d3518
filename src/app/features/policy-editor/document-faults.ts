/** Everything a schema refuses in a document, by path, in terms that words can be found for. */
import type { z } from 'zod'
import type { Json } from './json.ts'
import { spellPath } from './json.ts'

export type Fault = {
  /** As `spellPath` spells it; '' is the whole. */
  path: string
} & (
  | { rule: 'missing' | 'type' | 'format' | 'choice' | 'empty' | 'whole_number' | 'twice' }
  /** Least or most of a number, of a text's characters, of a list's entries. */
  | { rule: 'least' | 'most'; of: 'number' | 'text' | 'list'; limit: number }
  | { rule: 'unknown_key'; key: string }
  /** A rule of ours; its sentence quotes nothing of the document. */
  | { rule: 'own'; sentence: string }
)

export function faultsOf(schema: z.ZodType, value: Json): Fault[] {
  const result = schema.safeParse(value)
  return result.success ? [] : result.error.issues.flatMap((issue) => faultsIn(issue, []))
}

type Issue = z.core.$ZodIssue

function faultsIn(issue: Issue, before: readonly PropertyKey[]): Fault[] {
  const keys = [...before, ...issue.path]
  const path = spellPath(keys.map((key) => (typeof key === 'number' ? key : String(key))))
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path, rule: 'unknown_key', key }))
    case 'too_small':
      return issue.minimum === 1 && issue.origin !== 'number'
        ? [{ path, rule: 'empty' }]
        : [{ path, rule: 'least', of: measured(issue.origin), limit: limitOf(issue) }]
    case 'too_big':
      return [{ path, rule: 'most', of: measured(issue.origin), limit: Number(issue.maximum) }]
    case 'invalid_type':
      return [{ path, rule: ruleOfType(issue) }]
    case 'invalid_format':
      return [{ path, rule: 'format' }]
    case 'custom':
      return [{ path, rule: 'own', sentence: issue.message }]
    case 'invalid_union':
      // What comes nearest: the option that finds least wrong with it.
      return nearest(issue.errors, keys) ?? [{ path, rule: 'choice' }]
    default:
      return [{ path, rule: 'choice' }]
  }
}

function nearest(options: readonly (readonly Issue[])[], before: readonly PropertyKey[]) {
  const faults = options.map((issues) => issues.flatMap((issue) => faultsIn(issue, before)))
  const isDeep = (list: readonly Fault[]) => list.every(({ path }) => path !== before.join('.'))
  return faults.filter((list) => list.length > 0 && isDeep(list)).toSorted(byLength)[0]
}

const byLength = (a: readonly Fault[], b: readonly Fault[]) => a.length - b.length

const limitOf = (issue: { minimum: number | bigint; inclusive?: boolean }) =>
  Number(issue.minimum) + (issue.inclusive === false ? 1 : 0)

function measured(origin: string): 'number' | 'text' | 'list' {
  if (origin === 'string') return 'text'
  return origin === 'array' ? 'list' : 'number'
}

function ruleOfType({
  expected,
  message,
}: {
  expected: string
  message: string
}): Fault['rule'] & ('missing' | 'type' | 'whole_number') {
  // zod tells a key that is missing only in its message.
  if (message.endsWith('received undefined')) return 'missing'
  return expected === 'number' || expected === 'int' ? 'whole_number' : 'type'
}
