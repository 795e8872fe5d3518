/** The rules of the layout, read from the source itself and so independent of the linter's settings. */
import { readFileSync, readdirSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'vite'
import { describe, expect, it } from 'vitest'
import { SCRIM_ERROR_CODES } from '../src/core/errors.ts'
import { STATUS } from '../src/endpoint/problem.ts'

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '..')

/** Paths of files below a folder, from the root, with `/`. Built output and links are not followed. */
function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return filesIn(path)
    return entry.isFile() ? [path] : []
  })
}

const read = (path: string) => readFileSync(join(ROOT, path), 'utf8')
const isCode = (path: string) => /\.tsx?$/.test(path) && !path.endsWith('.d.ts')

type Node = { type: string; [key: string]: unknown }

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value
}

/** Every node of a syntax tree. Comments are no nodes. */
function nodesOf(value: unknown): Node[] {
  if (Array.isArray(value)) return value.flatMap(nodesOf)
  if (!isNode(value)) return []
  return [value, ...Object.values(value).flatMap(nodesOf)]
}

type Source = { path: string; nodes: readonly Node[] }

function parse(path: string, text: string): Source {
  const { program, errors } = parseSync(path, text)
  if (errors.length > 0) throw new Error(`${path} does not parse`)
  return { path, nodes: nodesOf(program) }
}

/** What a file imports, types and dynamic imports included. */
function importsOf({ nodes }: Source): string[] {
  return nodes.flatMap((node) => {
    const source = node.type === 'TSImportType' ? (node.source ?? node.argument) : node.source
    const isImport =
      /^(?:Import(?:Declaration|Expression)|Export(?:Named|All)Declaration|TSImportType)$/.test(
        node.type,
      ) && isNode(source)
    if (!isImport) return []
    return typeof source.value === 'string' ? [source.value] : ['(computed)']
  })
}

/** `object.property`, whether written with a dot, in brackets or optionally. */
function isMember(node: Node, object: string, property: string): boolean {
  if (node.type !== 'MemberExpression' || !isNode(node.object) || !isNode(node.property))
    return false
  const named = node.object.name === object || isMember(node.object, 'globalThis', object)
  return named && (node.property.name === property || node.property.value === property)
}

function mentions(source: Source, name: string): boolean {
  return source.nodes.some(
    (node) =>
      (node.type === 'Identifier' && node.name === name) ||
      (node.type === 'Literal' && node.value === name),
  )
}

/** Whether a name is used as a variable: not as the key of an object, nor behind a dot. */
function refersTo(source: Source, name: string): boolean {
  const keys = new Set(
    source.nodes.flatMap((node) => {
      const key = node.type === 'MemberExpression' ? node.property : node.key
      return isNode(key) && node.computed !== true && node.shorthand !== true ? [key] : []
    }),
  )
  return source.nodes.some(
    (node) => node.type === 'Identifier' && node.name === name && !keys.has(node),
  )
}

const usesEnvironment = (source: Source) =>
  importsOf(source).some((name) => /^(?:node:)?process$/.test(name)) ||
  source.nodes.some(
    (node) =>
      isMember(node, 'process', 'env') ||
      (node.type === 'VariableDeclarator' && isNode(node.init) && node.init.name === 'process'),
  )

const usesWallClock = (source: Source) =>
  source.nodes.some((node) => {
    const isDate = isNode(node.callee) && node.callee.name === 'Date'
    if (node.type === 'NewExpression') return isDate && (node.arguments as unknown[]).length === 0
    return (node.type === 'CallExpression' && isDate) || isMember(node, 'Date', 'now')
  })

const usesRandomId = (source: Source) => mentions(source, 'randomUUID')

const literalsOf = (source: Source) =>
  source.nodes.flatMap((node) => {
    if (node.type === 'Literal') return [String(node.value)]
    if (node.type !== 'TemplateElement') return []
    return [String((node.value as { cooked?: unknown }).cooked)]
  })

/** SQL that asks the database for the time or for chance. */
const SQL_CLOCK_OR_CHANCE =
  /\b(?:now|clock_timestamp|statement_timestamp|transaction_timestamp|timeofday|gen_random_uuid|uuid_generate_v\d\w*|uuidv[47]|random|gen_random_bytes)\s*\(|\b(?:current_timestamp|current_date|current_time|localtime|localtimestamp)\b/i
const DRIZZLE_CLOCK_OR_CHANCE = [
  'defaultNow',
  'defaultRandom',
  '$defaultFn',
  '$onUpdate',
  '$onUpdateFn',
]

const sources = filesIn('src')
  .filter(isCode)
  .map((path) => parse(path, read(path)))

/** `core` of `src/core/mask.ts`. */
const areaOf = (path: string) => path.split('/')[1] ?? ''

/** The file that a relative import names, from the root; null for a package. */
function targetOf(from: string, specifier: string): string | null {
  const [bare = ''] = specifier.split('?')
  if (!bare.startsWith('.')) return null
  return relative(ROOT, resolve(ROOT, dirname(from), bare))
    .split(sep)
    .join('/')
}

const violations = (isAllowed: (path: string) => boolean, breaks: (source: Source) => boolean) =>
  sources.filter((source) => !isAllowed(source.path) && breaks(source)).map(({ path }) => path)

/** An arrow means "may import"; besides, every area imports itself. */
const DIRECTIONS: Record<string, readonly string[]> = {
  detect: [],
  audit: [],
  core: ['detect'],
  alerts: ['core', 'audit'],
  contract: ['core', 'detect', 'audit'],
  keys: ['core'],
  storage: ['core', 'audit', 'keys'],
  zendesk: ['core', 'contract'],
  endpoint: ['core', 'detect', 'audit', 'alerts', 'contract', 'storage', 'keys', 'zendesk'],
  zaf: [],
  app: ['zaf', 'contract', 'core', 'detect', 'audit'],
  sandbox: ['contract', 'core'],
  cli: ['core', 'detect', 'audit', 'alerts', 'contract', 'storage', 'keys', 'zendesk', 'endpoint'],
}
/** `start.ts` brings environment, clock and chance; `sandbox.ts` composes for it, tests and figures. */
const SANDBOX_ROOTS = ['src/sandbox/start.ts', 'src/sandbox/sandbox.ts']
const ALL_BUT_APP = [...(DIRECTIONS.cli ?? []), 'cli']

function mayImport(from: string, area: string): boolean {
  if (areaOf(from) === area) return true
  const directions = SANDBOX_ROOTS.includes(from) ? ALL_BUT_APP : DIRECTIONS[areaOf(from)]
  return directions?.includes(area) ?? false
}

describe('the direction of imports', () => {
  it('holds for every file', () => {
    const wrong = sources.flatMap((source) =>
      importsOf(source).flatMap((specifier) => {
        const target = targetOf(source.path, specifier)
        if (target === null) return []
        const isOurs = target.startsWith('src/') && mayImport(source.path, areaOf(target))
        return isOurs ? [] : [`${source.path} imports ${target}`]
      }),
    )
    // Words, pictures and the version stand outside src.
    const outside = / imports (?:translations\/.*|assets\/.*|package\.json)$/
    expect(wrong.filter((line) => !outside.test(line))).toEqual([])
  })

  it('is known for every area', () => {
    const areas = sources.map(({ path }) => areaOf(path))
    expect([...new Set(areas)].filter((area) => DIRECTIONS[area] === undefined)).toEqual([])
  })

  it('is readable: no file computes what it imports', () => {
    expect(
      violations(
        () => false,
        (source) => importsOf(source).includes('(computed)'),
      ),
    ).toEqual([])
    expect(
      violations(
        () => false,
        (source) => mentions(source, 'require'),
      ),
    ).toEqual([])
  })

  it('keeps features apart: what two need is shared', () => {
    const feature = (path: string) => /^src\/app\/features\/([^/]+)\//.exec(path)?.[1]
    const wrong = sources.flatMap((source) =>
      importsOf(source).flatMap((specifier) => {
        const from = feature(source.path)
        const to = feature(targetOf(source.path, specifier) ?? '')
        return from !== undefined && to !== undefined && from !== to
          ? [`${source.path} imports ${to}`]
          : []
      }),
    )
    expect(wrong).toEqual([])
  })

  it('leaves the app to its locations: what is shared imports neither features nor locations', () => {
    const wrong = sources
      .filter(({ path }) => path.startsWith('src/app/shared/'))
      .flatMap((source) =>
        importsOf(source)
          .map((specifier) => targetOf(source.path, specifier) ?? '')
          .filter((target) => /^src\/app\/(?:features|locations)\//.test(target))
          .map((target) => `${source.path} imports ${target}`),
      )
    expect(wrong).toEqual([])
  })
})

describe('what the areas may use', () => {
  const packagesOf = (source: Source) =>
    importsOf(source).filter((specifier) => targetOf(source.path, specifier) === null)

  const PURE_PACKAGES: Record<string, readonly string[]> = {
    core: ['zod', 'temporal-polyfill'],
    detect: ['@eslint-community/regexpp', '@noble/hashes/sha2.js', '@noble/hashes/sha3.js'],
    audit: ['canonicalize'],
    alerts: [],
    contract: ['zod', 'zod-openapi'],
  }
  const isPure = ({ path }: Source) => PURE_PACKAGES[areaOf(path)] !== undefined

  it('is nothing but their own schemas for the pure ones', () => {
    const wrong = sources.filter(isPure).flatMap((source) =>
      packagesOf(source)
        .filter((name) => !PURE_PACKAGES[areaOf(source.path)]?.includes(name))
        .map((name) => `${source.path} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('is no clock, no chance, no network and no page for the pure ones', () => {
    const outside = [
      'Math.random',
      'performance',
      'crypto',
      'fetch',
      'process',
      'window',
      'document',
      'localStorage',
      'setTimeout',
      'setInterval',
      'console',
      'Buffer',
    ]
    const wrong = sources.filter(isPure).flatMap((source) =>
      outside
        .filter((name) => {
          const [object = '', property] = name.split('.')
          return property === undefined
            ? refersTo(source, object)
            : source.nodes.some((node) => isMember(node, object, property))
        })
        .map((name) => `${source.path} uses ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('is nothing of the server for what runs in a browser', () => {
    const isBrowser = ({ path }: Source) => /^src\/(?:app|zaf|sandbox\/page)\//.test(path)
    const server = /^(?:node:.*|pg|drizzle-orm.*|@electric-sql\/.*|jose|hono.*|@hono\/.*)$/
    const wrong = sources.filter(isBrowser).flatMap((source) =>
      packagesOf(source)
        .filter((name) => server.test(name))
        .map((name) => `${source.path} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('is no parser of patterns for what runs in a browser, the policy editor aside', () => {
    // What is loaded later is a part of its own: it is begun from, not reached.
    const isAtOnce = ({ type, importKind }: Node) =>
      importKind !== 'type' && type !== 'ImportExpression'
    const runtimeTargets = (source: Source) =>
      importsOf({ ...source, nodes: source.nodes.filter(isAtOnce) })
        .map((specifier) => targetOf(source.path, specifier))
        .filter((target) => target !== null)
    /** Administrators draft policies there, and are told next to the field what is wrong with one. */
    const isPolicyEditor = (path: string) =>
      /^src\/app\/(?:features\/policy-[a-z]+\/|locations\/PolicyPages\.tsx)/.test(path)
    const reached = new Set(
      sources
        .map(({ path }) => path)
        .filter((path) => path.startsWith('src/app/') && !isPolicyEditor(path)),
    )
    for (const path of reached) {
      const source = sources.find((candidate) => candidate.path === path)
      for (const target of source === undefined ? [] : runtimeTargets(source)) reached.add(target)
    }
    expect(reached).toContain('src/core/errors.ts')
    expect(reached).not.toContain('src/detect/custom-check.ts')
  })

  it('is no development tool for what is shipped', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: Record<string, string>
    }
    // The sandbox and the packaging command run where this repository is checked out.
    const isShipped = ({ path }: Source) =>
      areaOf(path) !== 'sandbox' && path !== 'src/cli/package.ts' && !path.endsWith('.config.ts')
    const wrong = sources.filter(isShipped).flatMap((source) =>
      packagesOf(source)
        .filter((name) =>
          Object.keys(devDependencies).some((tool) => name === tool || name.startsWith(`${tool}/`)),
        )
        .map((name) => `${source.path} imports ${name}`),
    )
    expect(wrong).toEqual([])
  })

  it('is the host’s client in zaf only', () => {
    const isHost = (path: string) => /^src\/(?:zaf|sandbox)\//.test(path)
    expect(violations(isHost, (source) => mentions(source, 'ZAFClient'))).toEqual([])
  })
})

describe('time, chance and environment', () => {
  const isRoot = (path: string) =>
    /^src\/(?:endpoint\/runtimes|cli)\//.test(path) || path === 'src/sandbox/start.ts'
  const isConfig = (path: string) =>
    path === 'src/endpoint/config.ts' ||
    path === 'src/sandbox/start.ts' ||
    path.startsWith('src/cli/')

  it('the environment is read where the configuration is made', () => {
    expect(violations(isConfig, usesEnvironment)).toEqual([])
  })

  it('the wall clock is read where the parts are put together', () => {
    expect(violations(isRoot, usesWallClock)).toEqual([])
  })

  it('ids are made where the parts are put together, in the browser in main.tsx', () => {
    const isEither = (path: string) => isRoot(path) || path === 'src/app/main.tsx'
    expect(violations(isEither, usesRandomId)).toEqual([])
  })

  it('the database is asked for neither', () => {
    const inCode = sources
      .filter(({ path }) => areaOf(path) === 'storage')
      .flatMap((source) => {
        const sql = literalsOf(source).filter((text) => SQL_CLOCK_OR_CHANCE.test(text))
        const calls = DRIZZLE_CLOCK_OR_CHANCE.filter((name) => mentions(source, name))
        return [...sql, ...calls].map((found) => `${source.path}: ${found}`)
      })
    const inMigrations = filesIn('src/storage')
      .filter((path) => path.endsWith('.sql'))
      .filter((path) => SQL_CLOCK_OR_CHANCE.test(read(path).replace(/--.*$/gm, '')))
    expect([...inCode, ...inMigrations]).toEqual([])
  })
})

describe('the rules above', () => {
  const broken: [string, string, (source: Source) => boolean][] = [
    ['process.env', 'export const url = process.env.DATABASE_URL', usesEnvironment],
    ['process.env in brackets', "export const url = process['env'].URL", usesEnvironment],
    ['process.env by its parts', 'const { env } = process', usesEnvironment],
    ['process.env by its module', "import { env } from 'node:process'", usesEnvironment],
    ['process.env of globalThis', 'globalThis.process.env', usesEnvironment],
    ['new Date()', 'export const now = new Date()', usesWallClock],
    ['new Date', 'export const now = new Date', usesWallClock],
    ['Date()', 'export const now = Date()', usesWallClock],
    ['Date.now', 'export const now = Date.now', usesWallClock],
    ['randomUUID', "import { randomUUID as id } from 'node:crypto'", usesRandomId],
    ['crypto.randomUUID', "export const id = crypto['randomUUID']()", usesRandomId],
  ]
  it.each(broken)('see %s', (_, text, breaks) => {
    expect(breaks(parse('src/core/broken.ts', text))).toBe(true)
  })

  it('do not see what is only mentioned, nor a date from a value', () => {
    const text = '// process.env, new Date() and randomUUID\nexport const at = new Date(0)'
    const source = parse('src/core/fine.ts', text)
    expect([usesEnvironment, usesWallClock, usesRandomId].map((breaks) => breaks(source))).toEqual([
      false,
      false,
      false,
    ])
  })

  it('see every way to import', () => {
    const text = [
      "import '../storage/a.ts'",
      "import type { B } from '../storage/b.ts'",
      "export * from '../storage/c.ts'",
      "export { d } from '../storage/d.ts'",
      "export const e = () => import('../storage/e.ts')",
      "export type F = import('../storage/f.ts').F",
      'export const g = (name: string) => import(name)',
    ].join('\n')
    expect(importsOf(parse('src/core/broken.ts', text))).toEqual([
      ...['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `../storage/${name}.ts`),
      '(computed)',
    ])
    expect(targetOf('src/core/broken.ts', '../storage/a.ts')).toBe('src/storage/a.ts')
    expect(mayImport('src/core/broken.ts', 'storage')).toBe(false)
    expect(mayImport('src/core/broken.ts', 'core')).toBe(true)
    expect(mayImport('src/sandbox/start.ts', 'endpoint')).toBe(true)
    expect(mayImport('src/sandbox/start.ts', 'app')).toBe(false)
    expect(mayImport('src/sandbox/host/zaf-host.ts', 'endpoint')).toBe(false)
    expect(mayImport('src/endpoint/app.ts', 'sandbox')).toBe(false)
  })

  it('see clock and chance in SQL', () => {
    for (const sql of [
      'select now()',
      'DEFAULT NOW ()',
      'current_timestamp',
      'gen_random_uuid()',
    ]) {
      expect(sql).toMatch(SQL_CLOCK_OR_CHANCE)
    }
    for (const sql of ['select known', 'expires_at > $1', 'current_version', 'unknown(1)']) {
      expect(sql).not.toMatch(SQL_CLOCK_OR_CHANCE)
    }
  })
})

/** A string, or one a plural form. */
type Sentence = string | Record<string, string>

const formsOf = (sentence: Sentence = '') =>
  typeof sentence === 'string' ? [sentence] : Object.values(sentence)

describe('every error code', () => {
  const { errors } = JSON.parse(read('translations/en.json')) as {
    errors: Record<string, { reason?: Sentence; next?: Sentence }>
  }

  it.each(SCRIM_ERROR_CODES)('%s is a sentence of reason and one of what to do next', (code) => {
    for (const sentence of [errors[code]?.reason, errors[code]?.next]) {
      expect(formsOf(sentence).every((form) => /\S[.?]$/.test(form))).toBe(true)
    }
  })

  it.each(SCRIM_ERROR_CODES)('%s is one HTTP status of failure', (code) => {
    expect(STATUS[code]).toBeGreaterThanOrEqual(400)
    expect(STATUS[code]).toBeLessThan(600)
  })

  it('is one that something may still say: neither table knows more', () => {
    const known = SCRIM_ERROR_CODES.toSorted()
    expect(Object.keys(STATUS).toSorted()).toEqual(known)
    expect(Object.keys(errors).toSorted()).toEqual(known)
  })
})

/**
 * Test card numbers that payment companies publish (Stripe, PayPal, Worldpay, Adyen). They belong to
 * nobody and are declined everywhere but in tests.
 */
const PUBLISHED_CARDS = new Set([
  '4242424242424242',
  '4111111111111111',
  '4012888888881881',
  '4222222222222',
  '4000056655665556',
  '4000000000000002',
  '4000002500003155',
  '4917610000000000',
  '5555555555554444',
  '5105105105105100',
  '5200828282828210',
  '2223003122003222',
  '378282246310005',
  '371449635398431',
  '6011111111111117',
  '6011000990139424',
  '30569309025904',
  '3056930009020004',
  '38520000023237',
  '36227206271667',
  '3530111333300000',
  '3566002020360505',
  '6200000000000005',
  '6555900000604105',
  '6205500000000000004',
  '2200000000000053',
  '9792030394440796',
  '6759649826438453',
  '5066991111111118',
  '6062826786276634',
  '5019717010103742',
  // No cards: the IMEI that articles on IMEIs show, INSEE's example of a NIR, an IBAN's digits, and
  // lengths of telephone numbers.
  '490154203237518',
  '255081416802538',
  '370400440532013001',
  '38579588938988420',
])

/** ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  const sum = Array.from(digits)
    .toReversed()
    .map((digit, at) => (at % 2 === 0 ? Number(digit) : Number(digit) * 2))
    .reduce((total, weighted) => total + (weighted > 9 ? weighted - 9 : weighted), 0)
  return sum % 10 === 0
}

/**
 * Numbers in a text that a payment network could have issued and nobody published for tests. Cards of
 * 13 digits are no longer issued, and Zendesk's article ids look like them.
 */
function unpublishedCards(text: string): string[] {
  const runs = text.match(/(?<![\w./])\d(?:[ -]?\d){13,18}(?!\w)/g) ?? []
  return runs
    .map((run) => run.replace(/\D/g, ''))
    .filter((digits) => /^(?:3[0-9]|4|5[0-9]|6[0-9]|2[2-7])/.test(digits) && passesLuhn(digits))
    .filter((digits) => !PUBLISHED_CARDS.has(digits))
}

describe('what stands in the repository', () => {
  const texts = ['src', 'test', 'translations', 'bench']
    .flatMap(filesIn)
    .filter((path) => /\.(?:tsx?|json|md|sql|html|css|svg|jsonl)$/.test(path))

  it('is no card number but published test ones', () => {
    const found = texts.flatMap((path) =>
      unpublishedCards(read(path)).map((digits) => `${path}: a card ending in ${digits.slice(-4)}`),
    )
    expect(found).toEqual([])
  })

  it('is found out by this test', () => {
    // Made here, so that the number stands nowhere.
    const body = `4${'9'.repeat(14)}`
    const [card = ''] = [...'0123456789'].map((check) => body + check).filter(passesLuhn)
    expect(unpublishedCards(`card: ${card}.`)).toEqual([card])
    expect(unpublishedCards(card.replace(/(\d{4})(?=\d)/g, '$1 '))).toEqual([card])
    expect(unpublishedCards('4242 4242 4242 4242')).toEqual([])
  })

  it('is no address of a real person: e-mails use the names kept for examples', () => {
    // A host of Zendesk behind an at sign is a URL that tries to look like another.
    const isExample = /@(?:[\w-]+\.)*(?:example(?:\.(?:com|net|org))?|test|invalid|zendesk\.com)$/i
    // What detection must not take for one: pictures for dense screens, remotes of git.
    const isNoAddress = /@\d(?:\.\d)?x\.|^git@github\.com$/
    const found = texts.flatMap((path) =>
      (read(path).match(/\b[\w.+%-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}\b/gi) ?? [])
        .filter((address) => !isExample.test(address) && !isNoAddress.test(address))
        .map((address) => `${path}: ${address}`),
    )
    expect(found).toEqual([])
  })
})
