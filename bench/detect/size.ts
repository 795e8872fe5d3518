/** What the detector weighs where it travels. */
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { bundleDetector } from '../../test/support/detector-bundle.ts'
import type { Table } from '../table.ts'

export async function measureSize(): Promise<Table> {
  const parts = [
    ['what the save guard loads by default', 'detect-values.ts'],
    ['every kind', 'detect.ts'],
  ] as const
  const rows = await Promise.all(
    parts.map(async ([part, entry]) => {
      const code = await bundleDetector('iife', entry)
      return {
        part,
        bytes: Buffer.byteLength(code),
        'gzip -9': gzipSync(code, { level: 9 }).length,
        br: brotliCompressSync(code).length,
      }
    }),
  )
  return { title: 'Size of the detector, minified', rows }
}
