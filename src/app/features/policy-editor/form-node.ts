/**
 * What a form shows for each part of a document, read from the schema that judges the document: a
 * part that the schema gains stands in the form, with the schema's own bounds.
 */
import { z } from 'zod'
import type { Json } from './json.ts'

export type FormNode = {
  isNullable: boolean
  /** Whether it may be missing; `initial` then stands for it. */
  hasDefault: boolean
  /** What a new one begins with. */
  initial: Json
} & (
  | { kind: 'number'; min: number | null; max: number | null }
  | { kind: 'switch' }
  | { kind: 'choice'; values: readonly string[] }
  | { kind: 'text'; maxLength: number | null; isTime: boolean; isDate: boolean }
  /** Some of a few words. */
  | { kind: 'choices'; values: readonly string[] }
  /** Numbers that name something, or stand for days. */
  | { kind: 'numbers'; max: number | null }
  | { kind: 'texts'; isDate: boolean }
  | { kind: 'entries'; item: FormNode; least: number; most: number | null }
  /** `whenSet` is what one that may be null begins with. */
  | { kind: 'object'; parts: Readonly<Record<string, FormNode>>; whenSet: Json }
  /** Each of these keys may have a value of its own. */
  | { kind: 'map'; keys: readonly string[]; each: FormNode; isPartial: boolean }
  /** Two different numbers. */
  | { kind: 'pair' }
  /** One of several objects, told apart by the words of one key. */
  | { kind: 'variants'; key: string; variants: Readonly<Record<string, FormNode>> }
  /** One of several that have nothing in common. */
  | { kind: 'either'; options: readonly FormNode[] }
  /** Only to be written in the document. */
  | { kind: 'unknown' }
)

type Schema = {
  /** Several where null is one of them. */
  type?: string | readonly string[]
  default?: Json
  const?: Json
  enum?: readonly string[]
  pattern?: string
  format?: string
  minimum?: number
  maximum?: number
  exclusiveMinimum?: number
  maxLength?: number
  minItems?: number
  maxItems?: number
  properties?: Record<string, Schema>
  propertyNames?: Schema
  additionalProperties?: Schema | false
  required?: readonly string[]
  items?: Schema | false
  prefixItems?: readonly Schema[]
  anyOf?: readonly Schema[]
  oneOf?: readonly Schema[]
}

/** The form of whatever a zod schema takes. */
export function formOf(schema: z.ZodType): FormNode {
  // JSON Schema of what goes in is of this shape: zod writes no others for the schemas of `core`.
  return nodeOf(z.toJSONSchema(schema, { io: 'input' }) as Schema)
}

function nodeOf(schema: Schema): FormNode {
  if (typeof schema.type === 'object') {
    const [type] = schema.type.filter((name) => name !== 'null')
    const inner = nodeOf({ ...schema, type })
    return { ...inner, isNullable: true, initial: schema.default ?? null }
  }
  const options = schema.anyOf ?? []
  const [only, ...others] = options.filter(({ type }) => type !== 'null')
  if (only !== undefined && options.length > 1 && others.length === 0) {
    const inner = nodeOf(only)
    return {
      ...inner,
      isNullable: true,
      hasDefault: schema.default !== undefined,
      initial: schema.default ?? null,
    }
  }
  const node = plainNode(schema)
  return schema.default === undefined
    ? node
    : { ...node, hasDefault: true, initial: schema.default }
}

function plainNode(schema: Schema): FormNode {
  const base = { isNullable: false, hasDefault: false }
  if (schema.oneOf !== undefined) return variantsNode(schema.oneOf)
  if (schema.anyOf !== undefined) {
    const either = schema.anyOf.map(nodeOf)
    return { ...base, kind: 'either', options: either, initial: either[0]?.initial ?? null }
  }
  if (schema.enum !== undefined) {
    return { ...base, kind: 'choice', values: schema.enum, initial: schema.enum[0] ?? null }
  }
  if (schema.const !== undefined) {
    return { ...base, kind: 'choice', values: [String(schema.const)], initial: schema.const }
  }
  switch (schema.type) {
    case 'boolean':
      return { ...base, kind: 'switch', initial: false }
    case 'integer':
    case 'number': {
      const min = schema.minimum ?? (schema.exclusiveMinimum === undefined ? null : 1)
      const isBounded = schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER
      const max = isBounded ? (schema.maximum ?? null) : null
      // An id is nobody's until it is picked.
      const initial = max === null ? '' : (min ?? 0)
      return { ...base, kind: 'number', min, max, initial }
    }
    case 'string':
      return {
        ...base,
        kind: 'text',
        maxLength: schema.maxLength ?? null,
        isTime: schema.pattern?.includes('[0-5]') === true && schema.format === undefined,
        isDate: schema.format === 'date',
        initial: '',
      }
    case 'array':
      return listNode(schema)
    case 'object':
      return objectNode(schema)
    default:
      return { ...base, kind: 'unknown', initial: null }
  }
}

function listNode({ items, prefixItems, minItems, maxItems }: Schema): FormNode {
  const base = { isNullable: false, hasDefault: false, initial: [] as Json }
  if (prefixItems !== undefined) return { ...base, kind: 'pair', initial: ['', ''] }
  if (items === undefined || items === false) return { ...base, kind: 'unknown' }
  const item = nodeOf(items)
  switch (item.kind) {
    case 'choice':
      return { ...base, kind: 'choices', values: item.values }
    case 'number':
      return { ...base, kind: 'numbers', max: item.max }
    case 'text':
      return { ...base, kind: 'texts', isDate: item.isDate }
    default:
      return {
        ...base,
        kind: 'entries',
        item,
        least: minItems ?? 0,
        most: maxItems ?? null,
        initial: Array.from({ length: minItems ?? 0 }, () => item.initial),
      }
  }
}

function objectNode(schema: Schema): FormNode {
  const { properties = {}, propertyNames, additionalProperties } = schema
  const keys = propertyNames?.enum
  if (keys !== undefined && additionalProperties !== undefined && additionalProperties !== false) {
    return {
      kind: 'map',
      keys,
      each: nodeOf(additionalProperties),
      isPartial: schema.required === undefined,
      isNullable: false,
      hasDefault: false,
      initial: {},
    }
  }
  const parts = Object.fromEntries(
    Object.entries(properties).map(([key, part]) => [key, nodeOf(part)]),
  )
  const initial = Object.fromEntries(
    Object.entries(parts).map(([key, part]) => [key, part.initial]),
  )
  return { kind: 'object', parts, whenSet: initial, isNullable: false, hasDefault: false, initial }
}

/** Objects that share one key, whose word says which of them it is. */
function variantsNode(options: readonly Schema[]): FormNode {
  const plain = { isNullable: false, hasDefault: false }
  const [first] = options
  const key = Object.entries(first?.properties ?? {}).find(
    ([, part]) => part.const !== undefined,
  )?.[0]
  if (key === undefined) return { kind: 'unknown', ...plain, initial: null }
  const variants = Object.fromEntries(
    options.map((option) => [String(option.properties?.[key]?.const), nodeOf(option)]),
  )
  const initial = Object.values(variants)[0]?.initial ?? null
  return { kind: 'variants', key, variants, ...plain, initial }
}
