/**
 * `scrim package --endpoint https://…`: the zip that Zendesk installs. It holds addresses of the
 * endpoint, names and pictures, and no code: the pages come from the endpoint itself.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { zipSync } from 'fflate'
import type { Command } from './command.ts'
import { UsageError } from './command.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** What stands for the endpoint's origin in `manifest.json`. Zendesk refuses it unreplaced. */
const ENDPOINT_MARK = '{endpoint}'

/** The pictures Zendesk asks for; the vector logo and everything else stays at home. */
const ASSETS = ['icon_nav_bar.svg', 'logo-small.png', 'logo.png']

/** What Zendesk accepts as the name of a translation file. */
const LOCALE_FILE = /^([a-z]{2,3}(?:-\w{2,3})?)\.json$/

/** `zcli` keeps settings of an installation, secrets among them, beside the manifest. */
const ZCLI_IGNORED = 'zcli.apps.config.json\n'

export type AppPackage = {
  /** Of `package.json`. */
  version: string
  /** Path inside the package, with slashes, and the bytes there; sorted by path. */
  files: ReadonlyMap<string, Uint8Array>
}

type Manifest = {
  defaultLocale: string
  location: Record<string, Record<string, { url: string }>>
  parameters: { name: string }[]
}

/** What Zendesk reads of a translation file: what an administrator sees before the app runs. */
type AppTranslation = {
  name?: string
  parameters?: Record<string, { label?: string }>
}

/**
 * The endpoint's origin, `https://host[:port]`. Pages, scripts and API lie at fixed paths below it,
 * so an address with a path of its own cannot work. Never repeats what it refuses: a mistyped
 * address may hold a password.
 * @throws UsageError
 */
export function parseEndpoint(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null
  const fault = endpointFault(url)
  if (fault !== null) throw new UsageError(`--endpoint ${fault}`)
  const { origin } = url as URL // A null url has a fault.
  if (address !== origin && address !== `${origin}/`) {
    throw new UsageError(`--endpoint must be written as ${origin}`)
  }
  return origin
}

function endpointFault(url: URL | null): string | null {
  if (url === null) return 'must be an address that begins with https://'
  if (url.username !== '' || url.password !== '') return 'must not hold a user name or password'
  if (url.protocol !== 'https:') return 'must begin with https://'
  if (url.search !== '' || url.hash !== '') return 'must not hold a query or fragment'
  if (url.pathname !== '/') return 'must be the root of its host, without a path'
  if (url.hostname.endsWith('.')) return 'must not end in a dot'
  return null
}

/**
 * Everything that goes into the package, from the sources under `root`.
 * @throws UsageError when a source is missing something Zendesk insists on
 */
export async function collectPackage(root: string, endpoint: string): Promise<AppPackage> {
  const template = await readFile(join(root, 'manifest.json'), 'utf8')
  const { version } = await readJson<{ version: string }>(join(root, 'package.json'))
  const manifest = JSON.parse(template.replaceAll(ENDPOINT_MARK, endpoint)) as Manifest
  const files = new Map<string, Uint8Array>()
  files.set('manifest.json', formatJson({ ...manifest, version }))
  for (const name of ASSETS) {
    files.set(`assets/${name}`, new Uint8Array(await readFile(join(root, 'assets', name))))
  }
  for (const [locale, app] of await readTranslations(join(root, 'translations'))) {
    if (locale === manifest.defaultLocale) checkTranslation(manifest, locale, app)
    files.set(`translations/${locale}.json`, formatJson({ app }))
  }
  if (!files.has(`translations/${manifest.defaultLocale}.json`)) {
    throw new UsageError(`translations/${manifest.defaultLocale}.json has no "app" node`)
  }
  return { version, files: new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1))) }
}

/** The same bytes for the same files, whatever the clock, its zone and the order of reading. */
export function zipPackage({ files }: AppPackage): Uint8Array {
  // A zip stores local time: the date is local too, so that it is the same digits everywhere.
  const mtime = new Date(1980, 0, 1)
  return zipSync(Object.fromEntries(files), { level: 9, mtime })
}

/** Locale and `app` node of every translation file that has one. */
async function readTranslations(folder: string): Promise<[string, AppTranslation][]> {
  const found: [string, AppTranslation][] = []
  for (const name of (await readdir(folder)).sort()) {
    const locale = LOCALE_FILE.exec(name)?.[1]
    if (locale === undefined) {
      throw new UsageError(`translations/${name} is no locale that Zendesk knows`)
    }
    const { app } = await readJson<{ app?: AppTranslation }>(join(folder, name))
    if (app !== undefined) found.push([locale, app])
  }
  return found
}

function checkTranslation(manifest: Manifest, locale: string, app: AppTranslation): void {
  const missing = manifest.parameters
    .filter(({ name }) => !app.parameters?.[name]?.label)
    .map(({ name }) => `app.parameters.${name}.label`)
  if (!app.name) missing.unshift('app.name')
  if (missing.length > 0) {
    throw new UsageError(`translations/${locale}.json lacks ${missing.join(', ')}`)
  }
}

async function readJson<T>(path: string): Promise<T> {
  return JSON.parse(await readFile(path, 'utf8')) as T
}

function formatJson(value: unknown): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`)
}

/**
 * Writes `scrim-<version>.zip` and, for `zcli`, which takes folders only, the same files in
 * `package/`. What `zcli` left in that folder about an installation stays.
 */
async function writePackage(out: string, { files }: AppPackage, zip: Uint8Array, zipName: string) {
  const folder = join(out, 'package')
  for (const ours of ['assets', 'translations', 'manifest.json']) {
    await rm(join(folder, ours), { recursive: true, force: true })
  }
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), bytes)
  }
  await writeFile(join(folder, '.zcliignore'), ZCLI_IGNORED)
  await writeFile(join(out, zipName), zip)
}

export const packageApp: Command = {
  name: 'package',
  synopsis: '--endpoint https://HOST [--out FOLDER]',
  summary: 'make what Zendesk installs, with its pages at that endpoint',
  run: async (args, { print }) => {
    const options = { endpoint: { type: 'string' }, out: { type: 'string' } } as const
    const { values } = parseArgs({ args, options })
    if (values.endpoint === undefined)
      throw new UsageError('name the endpoint: --endpoint https://…')
    const endpoint = parseEndpoint(values.endpoint)
    const out = values.out === undefined ? join(ROOT, 'dist') : resolve(values.out)

    const app = await collectPackage(ROOT, endpoint)
    const zip = zipPackage(app)
    const zipName = `scrim-${app.version}.zip`
    await writePackage(out, app, zip, zipName)
    const shown = relative(process.cwd(), out) || '.'
    await print(`${join(shown, zipName)}  upload as a private app in Zendesk's Admin Center\n`)
    await print(`${join(shown, 'package')}  the same files, for zcli apps:create\n`)
    await print(`sha256 ${createHash('sha256').update(zip).digest('hex')}\n`)
    return 0
  },
}
