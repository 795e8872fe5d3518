/** The built app: what Vite's manifest says a location loads, and the files behind it. */
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'
import { z } from 'zod'
import { LOCATIONS } from '../contract/session.ts'
import type { Location } from '../contract/session.ts'
import type { AppAssets, Asset } from './context.ts'
import { WORKER_HEADERS } from './security-headers.ts'

/** Where Vite puts what has a hash in its name, below the app's folder. */
const ASSETS_FOLDER = 'assets'
const ENTRY = 'main.tsx'

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.woff2': 'font/woff2',
}
/** What compresses; the rest is compressed already. */
const COMPRESSIBLE = new Set(['.js', '.mjs', '.css', '.svg', '.json', '.wasm'])
/** Vite names its chunks `.js`. What keeps this ending is the worker of pdf.js, as it was published. */
const WORKER = '.mjs'

export type OpenedAssets = AppAssets & {
  /** Reads and compresses everything now, where waiting for the first request would be felt. */
  warmUp(): Promise<void>
}

/** Vite's `manifest.json`: source file → what it became and what that imports. */
const manifestSchema = z.record(
  z.string(),
  z.object({
    file: z.string(),
    imports: z.array(z.string()).default([]),
    dynamicImports: z.array(z.string()).default([]),
  }),
)
type Manifest = z.infer<typeof manifestSchema>

/**
 * Opens a built app by its folder (`dist/app`). Throws when it was not built. Files are read and
 * compressed once, when first asked for; `.br` and `.gz` files beside them are taken as they are.
 */
export async function openAssets(folder: string): Promise<OpenedAssets> {
  const manifest = await readManifest(join(folder, 'manifest.json'))
  const root = join(folder, ASSETS_FOLDER)
  const entries = await readdir(root, { recursive: true, withFileTypes: true })
  const paths = new Set(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')),
  )
  const scripts = new Map(LOCATIONS.map((location) => [location, findScripts(manifest, location)]))
  const files = new Map<string, Promise<Asset>>()

  const read = async (path: string): Promise<Asset | null> => {
    const extension = extname(path)
    const contentType = CONTENT_TYPES[extension]
    // Only what was there when the folder was opened: a path from outside never reaches the disk.
    if (contentType === undefined || !paths.has(path)) return null
    const file = files.get(path) ?? readAsset(join(root, path), contentType, paths.has.bind(paths))
    files.set(path, file)
    // What could not be read now may be read the next time.
    file.catch(() => files.delete(path))
    return file
  }
  return {
    scriptsFor: (location) => scripts.get(location) ?? [],
    read,
    warmUp: async () => {
      await Promise.all([...paths].map(read))
    },
  }

  async function readAsset(
    at: string,
    contentType: string,
    exists: (path: string) => boolean,
  ): Promise<Asset> {
    const bytes = new Uint8Array(await readFile(at))
    if (!COMPRESSIBLE.has(extname(at))) return { bytes, contentType }
    const beside = async (suffix: string) => {
      const path = relative(root, `${at}${suffix}`).split(sep).join('/')
      return exists(path) ? new Uint8Array(await readFile(`${at}${suffix}`)) : undefined
    }
    const [br, gz] = await Promise.all([
      beside('.br').then((found) => found ?? compressBrotli(bytes)),
      beside('.gz').then((found) => found ?? compressGzip(bytes)),
    ])
    return {
      bytes,
      contentType,
      ...(extname(at) === WORKER ? { headers: WORKER_HEADERS } : {}),
      encoded: {
        ...(br.length < bytes.length ? { br } : {}),
        ...(gz.length < bytes.length ? { gzip: gz } : {}),
      },
    }
  }
}

/**
 * Writes `.br` and `.gz` files beside what compresses, for a build whose first request cannot wait
 * (a Lambda function compresses nothing then).
 */
export async function compressAssets(folder: string): Promise<void> {
  const root = join(folder, ASSETS_FOLDER)
  const names = await readdir(root, { recursive: true })
  await Promise.all(
    names
      .filter((name) => COMPRESSIBLE.has(extname(name)))
      .map(async (name) => {
        const bytes = await readFile(join(root, name))
        await writeFile(join(root, `${name}.br`), await compressBrotli(bytes))
        await writeFile(join(root, `${name}.gz`), await compressGzip(bytes))
      }),
  )
}

/** The answer that carries a file: for ever, as its name changes with its content. */
export function assetResponse(asset: Asset, acceptEncoding: string | undefined): Response {
  const encoding = (['br', 'gzip'] as const).find(
    (name) => asset.encoded?.[name] !== undefined && accepts(acceptEncoding, name),
  )
  return new Response(encoding === undefined ? asset.bytes : asset.encoded?.[encoding], {
    headers: {
      ...asset.headers,
      'content-type': asset.contentType,
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'accept-encoding',
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    },
  })
}

/** RFC 9110, 12.5.3, as far as browsers use it: a listed coding, unless its weight is zero. */
function accepts(header: string | undefined, encoding: string): boolean {
  return (header ?? '').split(',').some((part) => {
    const [name, ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
    return name === encoding && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter))
  })
}

/**
 * The entry first, then what it and the location's own chunk import, each once. Of what the entry
 * imports on demand, a chunk that is no single module's (Vite names it with an underscore) is for
 * every location; the others are locations themselves.
 */
function findScripts(manifest: Manifest, location: Location): readonly string[] {
  const found = new Set<string>()
  const visit = (source: string): void => {
    const chunk = manifest[source]
    if (chunk === undefined || found.has(chunk.file)) return
    found.add(chunk.file)
    chunk.imports.forEach(visit)
  }
  visit(ENTRY)
  manifest[ENTRY]?.dynamicImports.filter((source) => source.startsWith('_')).forEach(visit)
  visit(`locations/${toPascalCase(location)}.tsx`)
  return [...found].map((file) => file.replace(`${ASSETS_FOLDER}/`, ''))
}

/** `ticket_sidebar` → `TicketSidebar`, as the location's module is named. */
function toPascalCase(location: Location): string {
  return location.replace(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

async function readManifest(path: string): Promise<Manifest> {
  try {
    return manifestSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (cause) {
    throw new Error('the app is not built here: run npm run build', { cause })
  }
}

async function compressBrotli(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY }
  return new Uint8Array(await promisify(brotliCompress)(bytes, { params }))
}

async function compressGzip(bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION }))
}
