/** The package that an administrator uploads to Zendesk. */
import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createAppPkg } from '@zendesk/zcli-apps/dist/lib/package.js'
import { buildAppJSON } from '@zendesk/zcli-apps/dist/lib/buildAppJSON.js'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { UsageError } from '../../src/cli/command.ts'
import { collectPackage, parseEndpoint, zipPackage } from '../../src/cli/package.ts'
import { LOCATIONS } from '../../src/contract/session.ts'
import { parseAppSettings } from '../../src/zendesk/app-settings.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ENDPOINT = 'https://scrim.example.com'

// Zendesk's rules as its validator states them (zendesk_apps_support 4.52).
const MANIFEST_KEYS = new Set(
  `requirementsOnly marketingOnly version author name experiments frameworkVersion singleInstall
  signedUrls noTemplate defaultLocale location private oauth parameters domainWhitelist
  remoteInstallationURL termsConditionsURL gaID`.split(/\s+/),
)
const LOCATION_KEYS = new Set('url flexible size signed autoLoad autoHide objectTypes'.split(' '))
const PARAMETER_KEYS = new Set('name type required secure default scopes'.split(' '))
const PARAMETER_TYPES = new Set('text checkbox url number multiline hidden oauth'.split(' '))

type Manifest = {
  version: string
  author: { name: string }
  location: { support: Record<string, { url: string; flexible?: boolean }> }
  parameters: { name: string; type: string; required: boolean; default?: unknown }[]
} & Record<string, unknown>

let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scrim-package-'))
})

afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
})

function decode(bytes: Uint8Array | undefined): string {
  return new TextDecoder().decode(bytes)
}

function parse<T>(bytes: Uint8Array | undefined): T {
  return JSON.parse(decode(bytes)) as T
}

async function readManifest(): Promise<Manifest> {
  return parse((await collectPackage(ROOT, ENDPOINT)).files.get('manifest.json'))
}

function runPackage(args: readonly string[], env: Record<string, string> = {}) {
  const script = join(ROOT, 'src/cli/scrim.ts')
  const result = spawnSync(process.execPath, ['--import', 'tsx', script, 'package', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...env },
  })
  return { status: result.status, stdout: result.stdout, stderr: result.stderr }
}

describe('what is in the package', () => {
  test('it holds the manifest, one translation file a language and three pictures, no code', async () => {
    const { files } = await collectPackage(ROOT, ENDPOINT)
    const translations = (await readdir(join(ROOT, 'translations'))).map(
      (name) => `translations/${name}`,
    )
    expect([...files.keys()]).toEqual([
      'assets/icon_nav_bar.svg',
      'assets/logo-small.png',
      'assets/logo.png',
      'manifest.json',
      ...translations.sort(),
    ])
  })

  test('translation files hold what an administrator reads at installation and nothing else', async () => {
    const { files } = await collectPackage(ROOT, ENDPOINT)
    const translations = [...files].filter(([path]) => path.startsWith('translations/'))
    for (const [path, bytes] of translations) {
      expect({ path, keys: Object.keys(parse(bytes)) }).toEqual({ path, keys: ['app'] })
    }
    const { app } = parse<{ app: { name: string; short_description: string } }>(
      files.get('translations/en.json'),
    )
    expect(app.name).toBe('Scrim')
    expect(app.short_description).not.toBe('')
  })

  test('every setting has a label and an explanation in English', async () => {
    const { files } = await collectPackage(ROOT, ENDPOINT)
    const { app } = parse<{ app: { parameters: Record<string, Record<string, string>> } }>(
      files.get('translations/en.json'),
    )
    const { parameters } = await readManifest()
    expect(Object.keys(app.parameters)).toEqual(parameters.map(({ name }) => name))
    for (const texts of Object.values(app.parameters)) {
      expect(texts['label']).toMatch(/\w{3}/)
      expect(texts['helpText']).toMatch(/\w{3}/)
    }
  })

  test('logos have the sizes Zendesk asks for', async () => {
    const { files } = await collectPackage(ROOT, ENDPOINT)
    const size = (path: string) => {
      const png = Buffer.from(files.get(path) ?? [])
      return [png.toString('latin1', 1, 4), png.readUInt32BE(16), png.readUInt32BE(20)]
    }
    expect(size('assets/logo.png')).toEqual(['PNG', 320, 320])
    expect(size('assets/logo-small.png')).toEqual(['PNG', 128, 128])
  })

  test('the icon is shapes in the account’s own colour, which Zendesk’s cleaner leaves alone', async () => {
    const icon = decode((await collectPackage(ROOT, ENDPOINT)).files.get('assets/icon_nav_bar.svg'))
    // Of several symbols Zendesk shows `default` until an app says otherwise.
    const symbols = icon.match(/<symbol id="\w+" viewBox="0 0 18 18"><path/g)
    expect(symbols?.map((symbol) => symbol.split('"')[1])).toEqual(['default', 'waiting'])
    expect(icon).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"><symbol id="default"/)
    const tags = icon.match(/<\/?[a-z]+/gi) ?? []
    const shapes = ['svg', 'symbol', 'path'].flatMap((tag) => [`<${tag}`, `</${tag}`])
    expect(new Set(tags)).toEqual(new Set(shapes))
    const attributes = icon.match(/[\w-]+(?==")/g) ?? []
    const allowed = new Set(['xmlns', 'id', 'viewBox', 'fill', 'fill-opacity', 'd'])
    expect(attributes.filter((name) => !allowed.has(name))).toEqual([])
    expect(new Set(icon.match(/fill="[^"]*"/g))).toEqual(new Set(['fill="currentColor"']))
  })
})

describe('what the manifest says', () => {
  test('it is a private app of framework 2.0, installed once, whose pages Zendesk signs', async () => {
    const { version } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'))
    expect(await readManifest()).toMatchObject({
      name: 'Scrim',
      version,
      defaultLocale: 'en',
      frameworkVersion: '2.0',
      private: true,
      singleInstall: true,
      signedUrls: true,
    })
  })

  test('every location of the app is a page of the given endpoint', async () => {
    const { location } = await readManifest()
    expect(Object.keys(location)).toEqual(['support'])
    expect(Object.keys(location.support)).toEqual([...LOCATIONS])
    for (const name of LOCATIONS) {
      expect(location.support[name]?.url).toBe(`${ENDPOINT}/zaf/${name}`)
    }
  })

  test('no location opts out of signing', async () => {
    const { location } = await readManifest()
    for (const options of Object.values(location.support))
      expect(options).not.toHaveProperty('signed')
  })

  test('it offers exactly the settings the endpoint reads', async () => {
    const asked = new Set<string>()
    const settings = new Proxy<Record<string, unknown>>(
      {},
      { get: (_, name) => void asked.add(String(name)) },
    )
    parseAppSettings(settings, true)
    const { parameters } = await readManifest()
    expect(parameters.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'max_minutes number',
      'display_seconds number',
      'allow_copy checkbox',
      'min_reason_length number',
      'extra_protected_field_ids text',
      'pause_all_reveals checkbox',
    ])
    expect(new Set(parameters.map(({ name }) => name))).toEqual(asked)
  })

  test('an installation with untouched settings pauses nothing and widens nothing', async () => {
    const { parameters } = await readManifest()
    const untouched = Object.fromEntries(
      parameters.map((parameter) => [parameter.name, parameter.default ?? null]),
    )
    expect(parseAppSettings(untouched, true)).toEqual({
      maxMinutes: null,
      displaySeconds: null,
      isCopyAllowed: false,
      minReasonLength: null,
      extraProtectedFieldIds: [],
      areRevealsPaused: false,
    })
  })

  test('it keeps to the keys and types that Zendesk’s validator knows', async () => {
    const manifest = await readManifest()
    expect(Object.keys(manifest).filter((key) => !MANIFEST_KEYS.has(key))).toEqual([])
    expect(manifest).not.toHaveProperty('noTemplate')
    expect(manifest).not.toHaveProperty('oauth')
    for (const options of Object.values(manifest.location.support)) {
      expect(Object.keys(options).filter((key) => !LOCATION_KEYS.has(key))).toEqual([])
      expect([true, undefined]).toContain(options.flexible)
    }
    for (const parameter of manifest.parameters) {
      expect(Object.keys(parameter).filter((key) => !PARAMETER_KEYS.has(key))).toEqual([])
      expect([...PARAMETER_TYPES]).toContain(parameter.type)
      expect(parameter.required).toBe(false)
      // `name` is refused, `title` and `secret`-like names collide or raise warnings.
      expect(parameter.name).not.toMatch(/^(name|title)$|token|key|pwd|password|secret/)
    }
  })

  test('the template by itself is no package: its addresses are relative, which Zendesk refuses', async () => {
    const { location } = JSON.parse(await readFile(join(ROOT, 'manifest.json'), 'utf8')) as Manifest
    for (const { url } of Object.values(location.support))
      expect(url).toMatch(/^\{endpoint\}\/zaf\//)
  })
})

describe('the command', () => {
  test('two runs in different time zones and folders write the same bytes', async () => {
    const [west, east] = [join(folder, 'west'), join(folder, 'east')]
    const runs = [
      runPackage(['--endpoint', ENDPOINT, '--out', west], { TZ: 'America/Los_Angeles' }),
      runPackage(['--endpoint', `${ENDPOINT}/`, '--out', east], { TZ: 'Pacific/Kiritimati' }),
    ]
    expect(runs.map(({ status, stderr }) => ({ status, stderr }))).toEqual([
      { status: 0, stderr: '' },
      { status: 0, stderr: '' },
    ])
    const { version } = await readManifest()
    const zips = await Promise.all(
      [west, east].map((out) => readFile(join(out, `scrim-${version}.zip`))),
    )
    expect(zips[0]?.equals(zips[1] ?? Buffer.alloc(0))).toBe(true)
    const app = await collectPackage(ROOT, ENDPOINT)
    expect(zips[0]?.equals(zipPackage(app))).toBe(true)
    expect(Object.keys(unzipSync(zips[0] ?? new Uint8Array()))).toEqual([...app.files.keys()])
  })

  test.each([
    ['http://scrim.example.com', 'must begin with https://'],
    ['scrim.example.com', 'must be an address that begins with https://'],
    ['javascript:alert(1)', 'must begin with https://'],
    ['https://', 'must be an address that begins with https://'],
    ['https://operator:hunter2@scrim.example.com', 'must not hold a user name or password'],
    ['https://scrim.example.com?stage=1', 'must not hold a query or fragment'],
    ['https://scrim.example.com/#top', 'must not hold a query or fragment'],
    ['https://scrim.example.com/prod', 'must be the root of its host, without a path'],
    ['https://scrim.example.com/zaf/', 'must be the root of its host, without a path'],
    ['https://scrim.example.com./', 'must not end in a dot'],
    ['https://scrim.example.com//', 'must be the root of its host, without a path'],
    ['https://scrim.example.com\\', 'must be written as https://scrim.example.com'],
    ['https://scrim.example.com/.', 'must be written as https://scrim.example.com'],
    [' https://scrim.example.com', 'must be written as https://scrim.example.com'],
    ['https://scrim.exam\nple.com', 'must be written as https://scrim.example.com'],
    ['https://scrim.example.com:443', 'must be written as https://scrim.example.com'],
    ['HTTPS://Scrim.Example.com', 'must be written as https://scrim.example.com'],
  ])('the endpoint %j is refused: it %s', (address, fault) => {
    let refusal: unknown
    try {
      parseEndpoint(address)
    } catch (error) {
      refusal = error
    }
    expect(refusal).toEqual(new UsageError(`--endpoint ${fault}`))
  })

  test('an endpoint on a port of its own is taken', () => {
    expect(parseEndpoint('https://scrim.example.com:8443/')).toBe('https://scrim.example.com:8443')
  })

  test('a refused endpoint ends in one line, exit code 2 and no file, and never repeats a password', async () => {
    const out = join(folder, 'refused')
    const args = ['--endpoint', 'https://operator:hunter2@scrim.example.com', '--out', out]
    expect(runPackage(args)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'scrim: --endpoint must not hold a user name or password\n',
    })
    await expect(readdir(out)).rejects.toThrow('ENOENT')
  })

  test.each([
    [[], 'name the endpoint: --endpoint https://…'],
    [['--endpoint'], "Option '--endpoint <value>' argument missing"],
    [['--endpiont', ENDPOINT], "Unknown option '--endpiont'"],
    [['--endpoint', ENDPOINT, 'x'], "Unexpected argument 'x'"],
  ])('the arguments %j end in one line and exit code 2', (args, line) => {
    const { status, stdout, stderr } = runPackage(args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^scrim: [^\n]+\n$/)
    expect(stderr).toContain(line)
  })
})

describe('a package from faulty sources', () => {
  async function copySources(name: string): Promise<string> {
    const root = join(folder, name)
    for (const source of ['manifest.json', 'package.json', 'assets', 'translations']) {
      await cp(join(ROOT, source), join(root, source), { recursive: true })
    }
    return root
  }

  test('is refused when a setting has no label', async () => {
    const root = await copySources('unlabelled')
    const path = join(root, 'translations/en.json')
    const texts = JSON.parse(await readFile(path, 'utf8'))
    delete texts.app.parameters.max_minutes
    await writeFile(path, JSON.stringify(texts))
    await expect(collectPackage(root, ENDPOINT)).rejects.toThrow(
      'translations/en.json lacks app.parameters.max_minutes.label',
    )
  })

  test('is refused when a translation file is named after no locale', async () => {
    const root = await copySources('unnamed')
    await writeFile(join(root, 'translations/notes.json'), '{}')
    await expect(collectPackage(root, ENDPOINT)).rejects.toThrow(
      'translations/notes.json is no locale that Zendesk knows',
    )
  })

  test('takes every language that has a part for Zendesk, and no other file', async () => {
    const root = await copySources('languages')
    await writeFile(
      join(root, 'translations/de.json'),
      JSON.stringify({ app: { name: 'Scrim' }, sidebar: { title: 'x' } }),
    )
    await writeFile(join(root, 'translations/fr-ca.json'), JSON.stringify({ sidebar: {} }))
    await writeFile(join(root, 'assets/.DS_Store'), 'stray')
    await writeFile(join(root, 'assets/customers.csv'), 'stray')
    const { files } = await collectPackage(root, ENDPOINT)
    expect(parse(files.get('translations/de.json'))).toEqual({ app: { name: 'Scrim' } })
    expect([...files.keys()].filter((path) => /fr|DS_Store|csv/.test(path))).toEqual([])
  })
})

describe('Zendesk’s own command line', () => {
  let app = ''

  beforeAll(() => {
    const out = join(folder, 'zcli')
    runPackage(['--endpoint', ENDPOINT, '--out', out])
    app = join(out, 'package')
  })

  test('zips the folder to the very files of our zip', async () => {
    // What zcli remembers of an installation lies beside the manifest and must not travel.
    await writeFile(join(app, 'zcli.apps.config.json'), JSON.stringify({ app_id: 1 }))
    const theirs = unzipSync(new Uint8Array(await readFile(await createAppPkg(app))))
    const ours = unzipSync(zipPackage(await collectPackage(ROOT, ENDPOINT)))
    const contents = (files: Record<string, Uint8Array>) =>
      Object.entries(files)
        .filter(([path]) => !path.endsWith('/'))
        .map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')])
        .sort()
    expect(contents(theirs)).toEqual(contents(ours))
  })

  test('reads locations, signing and icon from the folder', async () => {
    const { parameters } = await readManifest()
    const settings = Object.fromEntries(parameters.map(({ name }) => [name, '']))
    await writeFile(
      join(app, 'zcli.apps.config.json'),
      JSON.stringify({ app_id: 1, parameters: settings }),
    )
    const { apps } = await buildAppJSON([app], 4567)
    expect(apps).toHaveLength(1)
    expect(apps[0]).toMatchObject({
      name: 'Scrim',
      signed_urls: true,
      single_install: true,
      framework_version: '2.0',
      locations: {
        support: {
          ticket_sidebar: { url: `${ENDPOINT}/zaf/ticket_sidebar`, flexible: true },
          nav_bar: { url: `${ENDPOINT}/zaf/nav_bar`, svg: 'icon_nav_bar.svg' },
          background: { url: `${ENDPOINT}/zaf/background` },
        },
      },
    })
  })

  test('keeps what it knows of the installation when the package is made again', async () => {
    await writeFile(join(app, 'assets/stale.png'), 'stale')
    expect(runPackage(['--endpoint', ENDPOINT, '--out', join(folder, 'zcli')]).status).toBe(0)
    expect((await readdir(app)).sort()).toEqual([
      '.zcliignore',
      'assets',
      'manifest.json',
      'tmp',
      'translations',
      'zcli.apps.config.json',
    ])
    expect((await readdir(join(app, 'assets'))).sort()).toEqual([
      'icon_nav_bar.svg',
      'logo-small.png',
      'logo.png',
    ])
  })
})
