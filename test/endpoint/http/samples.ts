/** Input that a schema accepts, made from the schema: what hostile variations start from. */
import { randomUUID } from 'node:crypto'
import { z } from 'zod'

type JsonSchema = {
  type?: string
  enum?: unknown[]
  const?: unknown
  format?: string
  pattern?: string
  minimum?: number
  exclusiveMinimum?: number
  minLength?: number
  maxLength?: number
  minItems?: number
  items?: JsonSchema
  /** What may also be null. */
  anyOf?: JsonSchema[]
  properties?: Record<string, JsonSchema>
  required?: string[]
}

/** Texts that the contract's patterns are made for; ids among them exist nowhere. */
const TEXTS = [
  '4999',
  'no_such_field',
  'reveal_request.create',
  'group_203',
  '2026-11-30T10:00:00Z',
  'Calling the customer back now.',
  '0'.repeat(64),
]

export function jsonSchemaOf(schema: z.ZodType): JsonSchema {
  // What zod writes is JSON Schema; the type above is the part of it that the contract uses.
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema
}

/** A value with every member, optional ones included. */
export function sample(schema: JsonSchema): unknown {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.anyOf?.[0] !== undefined) return sample(schema.anyOf[0])
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, member]) => [name, sample(member)]),
      )
    case 'array':
      return Array.from({ length: schema.minItems ?? 1 }, () => sample(schema.items ?? {}))
    case 'integer':
    case 'number':
      return Math.max(schema.minimum ?? 0, (schema.exclusiveMinimum ?? -1) + 1, 1)
    case 'boolean':
      return true
    case 'string':
      return sampleText(schema)
    default:
      throw new TypeError(`no sample for ${JSON.stringify(schema)}`)
  }
}

function sampleText({ format, pattern, minLength = 0 }: JsonSchema): string {
  if (format === 'uuid') return randomUUID()
  const found = TEXTS.find(
    (text) => text.length >= minLength && (pattern === undefined || new RegExp(pattern).test(text)),
  )
  if (found === undefined) throw new TypeError(`no sample for ${pattern}`)
  return found
}

/** Values that are no member of `schema`: of other types, and beyond its bounds. */
export function wrong(schema: JsonSchema): unknown[] {
  if (schema.anyOf?.[0] !== undefined) {
    const types = schema.anyOf.map(({ type }) => type)
    return wrong(schema.anyOf[0]).filter((value) => !types.includes(typeOf(value)))
  }
  const ofTypes: unknown[] = [null, true, -1.5, 'a text', ['list'], { a: 'thing' }]
  const others = ofTypes.filter((value) => typeOf(value) !== schema.type)
  const longest = 'x'.repeat((schema.maxLength ?? 128) + 1)
  switch (schema.type) {
    case 'string':
      return [...others, longest, 'nul \u0000', 'half \ud83d', ...hostileTo(schema)]
    case 'integer':
    case 'number':
      return [...others, leastOf(schema) - 1, -1, 1.5, 1e21, Number.MAX_SAFE_INTEGER + 1]
    case 'array':
      return [
        ...others,
        ...((schema.minItems ?? 0) > 0 ? [[]] : []),
        Array.from({ length: 1000 }, () => sample(schema.items ?? {})),
        [[]],
      ]
    default:
      return others
  }
}

function leastOf({ minimum, exclusiveMinimum = 0 }: JsonSchema): number {
  return minimum ?? exclusiveMinimum + 1
}

/** The hostile texts that a pattern is meant to keep out. */
function hostileTo({ pattern }: JsonSchema): string[] {
  if (pattern === undefined) return []
  return HOSTILE.filter((text) => !new RegExp(pattern).test(text))
}

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  return value === null ? 'null' : typeof value
}

/** What people who mean harm type into anything. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  "' or 1=1 --",
  '../../../etc/passwd',
  '${7*7}{{7*7}}',
  '%00%0d%0aset-cookie:a=b',
  '__proto__',
  '٤٢',
  ' 4001',
  '4001 ',
  '0x10',
  '1e3',
  '',
]
