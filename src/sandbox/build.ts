/**
 * Builds what the sandbox serves: the app, the page around it and the SDK. A product whose sources
 * are unchanged since its last build is left alone.
 */
import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { InlineConfig } from 'vite'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

type Product = {
  outDir: string
  /** Files and folders whose bytes decide what comes out. */
  sources: readonly string[]
  config: InlineConfig
}

const CONFIG_FILE = join(ROOT, 'vite.config.ts')
const TOOLS = ['package-lock.json', 'vite.config.ts']

const PRODUCTS = {
  app: {
    outDir: 'dist/app',
    sources: [
      'src/app',
      'src/zaf',
      'src/contract',
      'src/core',
      'src/detect',
      'src/audit',
      'translations',
      ...TOOLS,
    ],
    config: { mode: 'app', configFile: CONFIG_FILE },
  },
  sandbox: {
    outDir: 'dist/sandbox',
    sources: [
      'src/sandbox/page',
      'src/sandbox/host',
      'src/sandbox/control-state.ts',
      'src/contract',
      'src/core',
      'assets',
      ...TOOLS,
    ],
    config: { mode: 'sandbox', configFile: CONFIG_FILE },
  },
  sdk: {
    outDir: 'dist/sdk',
    sources: ['src/sandbox/sdk', ...TOOLS],
    config: {
      root: ROOT,
      configFile: false,
      build: {
        lib: {
          entry: 'src/sandbox/sdk/zaf-sdk.ts',
          formats: ['iife'],
          name: 'ZafSdk',
          fileName: () => 'zaf_sdk.js',
        },
      },
    },
  },
} satisfies Record<string, Product>

export type ProductName = keyof typeof PRODUCTS

async function listFiles(path: string): Promise<string[]> {
  let entries
  try {
    entries = await readdir(join(ROOT, path), { withFileTypes: true })
  } catch (reason) {
    const { code } = reason as NodeJS.ErrnoException
    if (code === 'ENOTDIR') return [path]
    if (code === 'ENOENT') return []
    throw reason
  }
  const nested = await Promise.all(
    entries.map((entry) =>
      entry.isDirectory() ? listFiles(join(path, entry.name)) : [join(path, entry.name)],
    ),
  )
  return nested.flat().sort()
}

async function hashSources(sources: readonly string[]): Promise<string> {
  const hash = createHash('sha256')
  const files = (await Promise.all(sources.map(listFiles))).flat()
  for (const file of files) {
    hash.update(`${file}\0`).update(await readFile(join(ROOT, file)))
  }
  return hash.digest('hex')
}

async function readMark(folder: string): Promise<string | null> {
  return readFile(join(folder, '.sources'), 'utf8').catch(() => null)
}

/**
 * Builds one product into a folder of its own and then moves it into place, so that an interrupted
 * build leaves the former one, and two starters at once both end with a whole one.
 * @returns whether anything had to be built.
 */
async function buildProduct(product: Product): Promise<boolean> {
  const outDir = resolve(ROOT, product.outDir)
  const sources = await hashSources(product.sources)
  if ((await readMark(outDir)) === sources) return false

  const { build, mergeConfig } = await import('vite')
  const fresh = `${outDir}.${process.pid}`
  await build(
    mergeConfig(
      {
        logLevel: 'error',
        build: { outDir: fresh, emptyOutDir: true, reportCompressedSize: false },
      } satisfies InlineConfig,
      product.config,
    ),
  )
  await writeFile(join(fresh, '.sources'), sources)
  const former = `${fresh}.former`
  await mkdir(outDir, { recursive: true })
  await rename(outDir, former)
  await rename(fresh, outDir)
  await rm(former, { recursive: true, force: true })
  return true
}

/**
 * Brings the named products up to date, one after the other.
 * @returns the names of those that had to be built.
 */
export async function buildProducts(names: readonly ProductName[]): Promise<ProductName[]> {
  const built: ProductName[] = []
  for (const name of names) {
    if (await buildProduct(PRODUCTS[name])) built.push(name)
  }
  return built
}

/** Where a product lies once it is built. */
export function productFolder(name: ProductName): string {
  return resolve(ROOT, PRODUCTS[name].outDir)
}
