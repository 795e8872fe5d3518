import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { faultsOf } from '../../src/app/features/policy-editor/document-faults.ts'
import type { FormNode } from '../../src/app/features/policy-editor/form-node.ts'
import { formOf } from '../../src/app/features/policy-editor/form-node.ts'
import type { Json } from '../../src/app/features/policy-editor/json.ts'
import { formatJson, getAt, removeAt, setAt } from '../../src/app/features/policy-editor/json.ts'
import { readJsonText } from '../../src/app/features/policy-editor/json-text.ts'
import { SECTIONS, sectionsOf } from '../../src/app/features/policy-editor/sections.ts'
import { keyOfSentence } from '../../src/app/features/policy-editor/useFaultSentence.ts'
import { policyCases } from '../../src/core/policy-case.ts'
import { LINT_CODES } from '../../src/core/policy-lint.ts'
import { POLICY_STATES } from '../../src/core/policy-version.ts'
import { policySchema } from '../../src/core/policy.ts'
import { FIELD_KINDS, SENSITIVITY_CLASSES } from '../../src/core/protected-field.ts'
import { ROLES } from '../../src/core/role.ts'
import en from '../../translations/en.json'
import { activePolicy, agentAsks } from './policy-fixtures.ts'

const COMMON: readonly string[] = [...FIELD_KINDS, ...SENSITIVITY_CLASSES, ...ROLES]

type Found = { path: string[]; node: FormNode }

/** Every node of a form, by the names on its way. */
function nodesOf(node: FormNode, path: string[] = []): Found[] {
  const own = { path, node }
  switch (node.kind) {
    case 'object':
      return [
        own,
        ...Object.entries(node.parts).flatMap(([key, part]) => nodesOf(part, [...path, key])),
      ]
    case 'entries':
      return [own, ...nodesOf(node.item, path)]
    case 'map':
      return [own, ...nodesOf(node.each, path)]
    case 'variants':
      return [own, ...Object.values(node.variants).flatMap((one) => nodesOf(one, path))]
    case 'either':
      return [own, ...node.options.flatMap((one) => nodesOf(one, path))]
    default:
      return [own]
  }
}

const all = [...nodesOf(formOf(policySchema)), ...nodesOf(formOf(policyCases))]

const nameOf = (path: readonly string[]) => path.filter((part) => !COMMON.includes(part)).join('.')

function word(key: string): unknown {
  return key
    .split('.')
    .reduce<unknown>(
      (at, part) =>
        typeof at === 'object' && at !== null ? (at as Record<string, unknown>)[part] : undefined,
      en.policy.form,
    )
}

describe('the form', () => {
  test('has a control for every part that the schemas have', () => {
    const strange = all.filter(({ node }) => node.kind === 'unknown')
    expect(strange.map(({ path }) => path.join('.'))).toEqual([])
  })

  test('has a label for every part', () => {
    const names = all.map(({ path }) => nameOf(path)).filter((name) => name !== '')
    const nameless = names.filter(
      (name) => typeof word(name) !== 'string' && typeof word(`${name}._`) !== 'string',
    )
    expect([...new Set(nameless)]).toEqual([])
  })

  test('has a word for every choice', () => {
    const values = all.flatMap(({ path, node }) =>
      (node.kind === 'choice' || node.kind === 'choices') && !path.includes('refused')
        ? node.values
        : [],
    )
    const known = [...COMMON, ...Object.keys(en.policy.value), 'zendeskRole', 'group', 'customRole']
    const expected = ['allowed']
    expect(
      [...new Set(values)].filter((value) => !known.includes(value) && !expected.includes(value)),
    ).toEqual([])
  })

  test('has a section for every part of a policy, and shows what has none', () => {
    const form = formOf(policySchema)
    const parts = form.kind === 'object' ? Object.keys(form.parts) : []
    const shown = sectionsOf(parts).flatMap(([, keys]) => keys)
    expect([...shown, 'version'].toSorted()).toEqual(parts.toSorted())
    expect(Object.keys(en.policy.section)).toEqual([...Object.keys(SECTIONS), 'more'])
    expect(sectionsOf(['limits', 'novelty'])).toEqual([
      ['limits', ['limits']],
      ['more', ['novelty']],
    ])
  })

  test('finds nothing wrong with a policy and its cases', () => {
    expect(faultsOf(policySchema, activePolicy as unknown as Json)).toEqual([])
    expect(faultsOf(policyCases, { cases: [agentAsks as unknown as Json] })).toEqual([])
  })
})

/** Each rule of the schema's own, broken. */
const BREACHES: readonly (readonly [string, (policy: Json) => Json])[] = [
  [
    'matrix.administrator',
    (policy) => setAt(policy, ['matrix', 'administrator', 'secret'], 'request'),
  ],
  [
    'approval',
    (policy) => setAt(policy, ['approval', 'secret', 0, 'roles'], ['lead', 'administrator']),
  ],
  ['approval.secret.0', (policy) => setAt(policy, ['approval', 'secret', 0, 'roles'], [])],
  ['search.roles', (policy) => setAt(policy, ['search', 'roles'], ['administrator'])],
  ['samePerson.0', (policy) => setAt(policy, ['samePerson'], [[101, 101]])],
  ['intake.defaultMinutes', (policy) => setAt(policy, ['intake', 'maxMinutes'], 5)],
  [
    'hours.timeZone',
    (policy) =>
      setAt(policy, ['hours'], {
        timeZone: '+02:00',
        weekly: [{ days: [1], from: '09:00', to: '17:00' }],
      }),
  ],
  [
    'ingestion.handling.card_verification_code',
    (policy) => setAt(policy, ['ingestion', 'handling'], { card_verification_code: 'vaulted' }),
  ],
  ['delegation.toRoles', (policy) => setAt(policy, ['delegation', 'toRoles'], ['administrator'])],
]

describe('a fault', () => {
  test.each(BREACHES)(
    'of a rule at %s stands there, with a sentence of its own',
    (path, breach) => {
      const faults = faultsOf(policySchema, breach(activePolicy as unknown as Json))
      expect(faults.map((fault) => fault.path)).toContain(path)
      const sentences = faults.flatMap((fault) => (fault.rule === 'own' ? [fault.sentence] : []))
      expect(sentences).not.toEqual([])
      for (const sentence of sentences) {
        expect(Object.keys(en.policy.fault.own)).toContain(keyOfSentence(sentence))
      }
    },
  )

  test.each<[string, (policy: Json) => Json, object]>([
    [
      'a number beyond its bounds',
      (policy) => setAt(policy, ['limits', 'maxMinutes'], 500),
      { path: 'limits.maxMinutes', rule: 'most', limit: 120 },
    ],
    [
      'a word in place of a number',
      (policy) => setAt(policy, ['limits', 'uses'], 'three'),
      { path: 'limits.uses', rule: 'whole_number' },
    ],
    [
      'a key that is missing',
      (policy) => removeAt(policy, ['limits', 'uses']),
      { path: 'limits.uses', rule: 'missing' },
    ],
    [
      'a key that no policy knows',
      (policy) => setAt(policy, ['limits', 'maxMinuets'], 5),
      { path: 'limits', rule: 'unknown_key', key: 'maxMinuets' },
    ],
    [
      'a word that is no choice',
      (policy) => setAt(policy, ['matrix', 'lead', 'secret'], 'everything'),
      { path: 'matrix.lead.secret', rule: 'choice' },
    ],
    [
      'a list that may not be empty',
      (policy) => setAt(policy, ['reasons'], []),
      { path: 'reasons', rule: 'empty' },
    ],
  ])('is told for %s', (_, breach, fault) => {
    expect(faultsOf(policySchema, breach(activePolicy as unknown as Json))).toMatchObject([fault])
  })
})

describe('JSON as it is typed', () => {
  test('is read as every other reader does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.boolean(), (value, isPretty) => {
        const text = JSON.stringify(value, null, isPretty ? 2 : 0)
        expect(readJsonText(text)).toMatchObject({ ok: true, value: JSON.parse(text), twice: [] })
      }),
    )
  })

  test('is refused where every other reader refuses it', () => {
    const letters = fc.constantFrom(...'{}[]",:0123.e-tfn\\u\n a')
    fc.assert(
      fc.property(fc.string({ unit: letters, maxLength: 12 }), (text) => {
        let isJson = true
        try {
          JSON.parse(text)
        } catch {
          isJson = false
        }
        expect(readJsonText(text).ok).toBe(isJson)
      }),
      { numRuns: 2_000 },
    )
  })

  test('names the place where it breaks off', () => {
    expect(readJsonText('{\n  "a": 1,\n  "b": }')).toEqual({ ok: false, line: 3, column: 8 })
  })

  test('knows the line of every part, and keys that stand twice', () => {
    const text =
      '{\n  "limits": {\n    "uses": 3,\n    "uses": 9\n  },\n  "reasons": [\n    1\n  ]\n}'
    const read = readJsonText(text)
    expect(read).toMatchObject({ ok: true, twice: ['limits.uses'] })
    const lines = read.ok ? read.lines : new Map<string, number>()
    expect(['limits', 'reasons', 'reasons.0'].map((path) => lines.get(path))).toEqual([2, 6, 7])
  })

  test('of brackets alone does not exhaust anything', () => {
    expect(readJsonText('['.repeat(100_000)).ok).toBe(false)
  })
})

describe('a change by path', () => {
  test('changes that part and leaves the document that was', () => {
    const before = activePolicy as unknown as Json
    const text = formatJson(before)
    const after = setAt(before, ['approval', 'secret', 1], { count: 2, roles: ['compliance'] })
    expect(getAt(after, ['approval', 'secret', 1, 'count'])).toBe(2)
    expect(getAt(removeAt(after, ['approval', 'secret', 1]), ['approval'])).toEqual(
      getAt(before, ['approval']),
    )
    expect(formatJson(before)).toBe(text)
  })
})

describe('words', () => {
  test('stand for every code of lint and every state of a version', () => {
    expect(Object.keys(en.policy.lint.code).toSorted()).toEqual([...LINT_CODES].toSorted())
    expect(Object.keys(en.policy.state).toSorted()).toEqual([...POLICY_STATES].toSorted())
    expect(Object.keys(en.policy.announce).toSorted()).toEqual([...POLICY_STATES].toSorted())
  })
})
