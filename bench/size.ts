/**
 * Figure (b): what the Lambda bundle weighs and how long it takes to import, and what the sidebar
 * loads before its first paint with data.
 */
import { execFileSync } from 'node:child_process'
import { generateKeyPairSync, randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { build } from 'vite'
import { openAssets } from '../src/endpoint/assets.ts'
import { generateKey } from '../src/keys/key-provider.ts'
import { productFolder } from '../src/sandbox/build.ts'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import {
  buildFramedPages,
  chromiumPath,
  openOnce,
  REFERENCE_FOLDER,
  serveFramedPages,
} from './framed-pages.ts'
import { median } from './median.ts'
import type { Table } from './table.ts'

const IMPORTS = 7

const fromRoot = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

type Weight = { bytes: number; gzip: number; br: number }

/** Each file compressed by itself, as it travels. */
function weigh(files: readonly string[]): Weight {
  const total = { bytes: 0, gzip: 0, br: 0 }
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  for (const file of files) {
    const content = readFileSync(file)
    total.bytes += content.length
    total.gzip += gzipSync(content, { level: constants.Z_BEST_COMPRESSION }).length
    total.br += brotliCompressSync(content, { params }).length
  }
  return total
}

/** The scripts that `entry` imports at once, itself included; paths below `folder`. */
function importedBy(folder: string, entry: string): Set<string> {
  const found = new Set<string>()
  const visit = (file: string): void => {
    if (found.has(file)) return
    found.add(file)
    const source = readFileSync(join(folder, file), 'utf8')
    for (const [, path = ''] of source.matchAll(/(?:from|import)\s*["'](\.[^"']+\.js)["']/g)) {
      visit(join(file, '..', path))
    }
  }
  visit(entry)
  return found
}

/** What `src/endpoint/config.ts` demands before the module is there. Nothing is opened by importing. */
function configuration(): Record<string, string> {
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  return {
    SCRIM_SUBDOMAIN: 'example',
    SCRIM_APP_ID: '1',
    SCRIM_INSTALLATION_ID: '2',
    SCRIM_PUBLIC_KEY: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    SCRIM_OAUTH_CLIENT_ID: 'scrim',
    SCRIM_OAUTH_CLIENT_SECRET: randomUUID(),
    SCRIM_KEYS: generateKey('bench'),
    SCRIM_FINGERPRINT_KEY: generateKey('bench'),
    SCRIM_POLICY_FILE: 'policy.json',
    DATABASE_URL: 'postgres://127.0.0.1:9/none',
  }
}

function importTimes(file: string): number[] {
  const program = [
    'const at = performance.now()',
    'await import(process.argv[1])',
    'console.log(performance.now() - at)',
    'process.exit(0)',
  ].join('\n')
  const args = ['--input-type=module', '-e', program, pathToFileURL(file).href]
  const env = configuration()
  return Array.from({ length: IMPORTS }, () =>
    Number(execFileSync(process.execPath, args, { env, encoding: 'utf8' })),
  )
}

export async function measureLambda(): Promise<Table> {
  const folder = fromRoot('dist/bench-endpoint')
  await build({
    mode: 'endpoint',
    configFile: fromRoot('vite.config.ts'),
    root: fromRoot('.'),
    logLevel: 'error',
    build: { outDir: folder, reportCompressedSize: false },
  })
  const atStart = [...importedBy(folder, 'lambda.js')]
  const ofNode = importedBy(folder, 'node.js')
  const later = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.js') && !atStart.includes(file) && !ofNode.has(file),
  )
  const row = (part: string, files: readonly string[]) => {
    const { bytes, gzip } = weigh(files.map((file) => join(folder, file)))
    return { part, files: files.length, bytes, 'gzip -9': gzip }
  }
  const times = importTimes(join(folder, 'lambda.js')).toSorted((a, b) => a - b)
  return {
    title: `Lambda bundle; import in ${IMPORTS} fresh processes`,
    rows: [
      {
        ...row('imported at start', atStart),
        'import ms': Math.round(median(times)),
        'min ms': Math.round(times[0] ?? 0),
        'max ms': Math.round(times.at(-1) ?? 0),
      },
      row('on demand (OpenAPI, embedded database’s glue)', later),
    ],
  }
}

export async function measureSidebarScripts(): Promise<Table> {
  await buildFramedPages()
  const sandbox = await startSandbox({ port: 0, now: () => new Date(), newId: randomUUID })
  try {
    const pages = await serveFramedPages(sandbox)
    const row = async (page: 'scrim' | 'reference', name: string, folder: string) => {
      const planned = (await openAssets(folder)).scriptsFor('ticket_sidebar')
      const { scripts } = await openOnce(chromiumPath(), pages[page])
      const { bytes, gzip, br } = weigh(planned.map((path) => join(folder, 'assets', path)))
      return {
        page: name,
        requests: planned.length,
        bytes,
        'gzip -9': gzip,
        br,
        'fetched by the browser': scripts.length,
        'the same files': scripts.toSorted().join() === planned.toSorted().join() ? 'yes' : 'no',
      }
    }
    const rows = [
      await row('reference', 'heading and button', REFERENCE_FOLDER),
      await row('scrim', 'Scrim, masked fields', productFolder('app')),
    ]
    await pages.close()
    return { title: 'Scripts before the first paint with data, besides the SDK', rows }
  } finally {
    await sandbox.close()
  }
}
