/**
 * `npm run bench:detect [-- --quality] [--speed] [--hostile] [--size] [--misses] [--json]`: what the detector
 * finds and how fast, beside npm packages that do the same. Without a part named, all of them.
 */
import { detectors } from './detect/detectors.ts'
import { measureHostile } from './detect/hostile.ts'
import { measureQuality } from './detect/quality.ts'
import { measureSize } from './detect/size.ts'
import { shippedDetector } from './detect/shipped-detector.ts'
import { measureSpeed } from './detect/speed.ts'
import type { Table } from './table.ts'

const asked = new Set(process.argv.slice(2))
const parts = ['--quality', '--speed', '--hostile', '--size']
const isWanted = (part: string): boolean => asked.has(part) || !parts.some((one) => asked.has(one))
const tables: Table[] = []
const detect = await shippedDetector()
const all = detectors(detect)

if (isWanted('--quality')) {
  const quality = await measureQuality(asked.has('--misses') ? all.slice(0, 1) : all)
  if (asked.has('--misses')) {
    for (const { what, file, line, kind, rule, value, text } of quality.faults) {
      console.log(
        `${what} ${file}:${line} ${kind} ${rule} ${JSON.stringify(value)} in ${JSON.stringify(text)}`,
      )
    }
  }
  report(quality.tables)
}
if (isWanted('--speed')) report(await measureSpeed(all))
if (isWanted('--hostile')) report(await measureHostile(detect, all))
if (isWanted('--size')) report([await measureSize()])
if (asked.has('--json')) console.log(JSON.stringify(tables, null, 2))
// The WebAssembly peer keeps the process alive.
process.exit(0)

function report(measured: readonly Table[]): void {
  tables.push(...measured)
  if (asked.has('--json')) return
  for (const { title, rows } of measured) {
    console.log(`\n${title}`)
    console.table(rows)
  }
}
