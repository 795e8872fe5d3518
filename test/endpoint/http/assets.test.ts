/** The built app as the endpoint serves it, from a folder as Vite writes one. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { assetResponse, compressAssets, openAssets } from '../../../src/endpoint/assets.ts'

let folder: string
const script = 'export const words = "mask ".repeat(2)\n'.repeat(50)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'scrim-assets-'))
  mkdirSync(join(folder, 'assets'))
  const chunk = (file: string, imports: string[] = []) => ({ file: `assets/${file}`, imports })
  const manifest = {
    'main.tsx': {
      ...chunk('main-1.js', ['_garden.js']),
      dynamicImports: ['_react.js', 'locations/NavBar.tsx'],
    },
    'locations/TicketSidebar.tsx': chunk('TicketSidebar-1.js', ['main.tsx', '_masks.js']),
    'locations/NavBar.tsx': chunk('NavBar-1.js', ['main.tsx']),
    '_garden.js': chunk('garden-1.js'),
    '_react.js': chunk('react-1.js', ['main.tsx']),
    '_masks.js': chunk('masks-1.js', ['_garden.js']),
  }
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'secret.txt'), 'not an asset')
  writeFileSync(join(folder, 'assets', 'main-1.js'), script)
  writeFileSync(join(folder, 'assets', 'garden-1.js'), script)
  writeFileSync(join(folder, 'assets', 'worker-1.mjs'), script)
  writeFileSync(join(folder, 'assets', 'garden-1.js.br'), brotliCompressSync('made by the build'))
  writeFileSync(join(folder, 'assets', 'logo-1.png'), Buffer.from([0x89, 0x50]))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the built app', () => {
  test('loads the entry first, then what it and the location need, each once', async () => {
    const assets = await openAssets(folder)
    expect(assets.scriptsFor('ticket_sidebar')).toEqual([
      'main-1.js',
      'garden-1.js',
      'react-1.js',
      'TicketSidebar-1.js',
      'masks-1.js',
    ])
    expect(assets.scriptsFor('nav_bar')).toEqual([
      'main-1.js',
      'garden-1.js',
      'react-1.js',
      'NavBar-1.js',
    ])
    expect(assets.scriptsFor('background')).toEqual(['main-1.js', 'garden-1.js', 'react-1.js'])
  })

  test('is compressed once, to the same bytes', async () => {
    const assets = await openAssets(folder)
    const [first, second] = await Promise.all([assets.read('main-1.js'), assets.read('main-1.js')])
    expect(second).toBe(first)
    expect(first?.contentType).toBe('text/javascript; charset=utf-8')
    const { br, gzip } = first?.encoded ?? {}
    expect(brotliDecompressSync(br ?? '').toString()).toBe(script)
    expect(gunzipSync(gzip ?? '').toString()).toBe(script)
  })

  test('takes what the build compressed', async () => {
    const asset = await (await openAssets(folder)).read('garden-1.js')
    expect(brotliDecompressSync(asset?.encoded?.br ?? '').toString()).toBe('made by the build')
  })

  test('can be compressed by its build, once and for all', async () => {
    const own = mkdtempSync(join(tmpdir(), 'scrim-assets-'))
    cpSync(folder, own, { recursive: true })
    await compressAssets(own)
    writeFileSync(join(own, 'assets', 'main-1.js'), `${script}// changed since`)
    const asset = await (await openAssets(own)).read('main-1.js')
    expect(brotliDecompressSync(asset?.encoded?.br ?? '').toString()).toBe(script)
    expect(gunzipSync(asset?.encoded?.gzip ?? '').toString()).toBe(script)
    rmSync(own, { recursive: true })
  })

  test('lets the worker that reads PDFs fetch, import and evaluate nothing', async () => {
    const assets = await openAssets(folder)
    const policyOf = async (name: string) => {
      const asset = await assets.read(name)
      if (asset === null) throw new Error('no such asset')
      return assetResponse(asset, 'br').headers.get('content-security-policy')
    }
    expect(await policyOf('worker-1.mjs')).toBe("default-src 'none'; script-src 'wasm-unsafe-eval'")
    // Other scripts run under the policy of their page.
    expect(await policyOf('main-1.js')).toBeNull()
  })

  test('compresses no picture', async () => {
    const asset = await (await openAssets(folder)).read('logo-1.png')
    expect(asset).toEqual({ bytes: new Uint8Array([0x89, 0x50]), contentType: 'image/png' })
  })

  test.each([
    '../manifest.json',
    '../secret.txt',
    '/etc/passwd',
    '',
    'main-1.js/',
    '..\\secret.txt',
    'garden-1.js.br',
  ])('serves nothing at %j', async (path) => {
    expect(await (await openAssets(folder)).read(path)).toBeNull()
  })

  test('that was not built says how to build it', async () => {
    await expect(openAssets(join(folder, 'none'))).rejects.toThrow('npm run build')
  })
})
