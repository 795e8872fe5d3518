/**
 * Figure (a): from the iframe's navigation until the masked fields are painted, beside a page of one
 * Garden heading and one button: built, served, signed and framed by the same code, and measured in
 * the same run, in turns.
 */
import { randomUUID } from 'node:crypto'
import { startSandbox } from '../src/sandbox/sandbox.ts'
import type { Opening } from './framed-pages.ts'
import { buildFramedPages, chromiumPath, openOnce, serveFramedPages } from './framed-pages.ts'
import { median } from './median.ts'
import type { Table } from './table.ts'

const RUNS = 20

const round = (value: number) => Math.round(value * 100) / 100

function describe(name: string, openings: readonly Opening[]): Table['rows'][number] {
  const painted = openings.map(({ paintedMs }) => paintedMs)
  const middle = (of: (opening: Opening) => number | null) => {
    const times = openings.map(of).filter((time) => time !== null)
    return times.length === 0 ? 'never' : Math.round(median(times))
  }
  return {
    page: name,
    'painted ms': Math.round(median(painted)),
    'min ms': Math.round(Math.min(...painted)),
    'max ms': Math.round(Math.max(...painted)),
    'HTML at ms': middle((opening) => opening.pageMs),
    'scripts at ms': middle((opening) => opening.scriptsMs),
    'asked at ms': middle((opening) => opening.askedMs),
    'data at ms': middle((opening) => opening.dataMs),
  }
}

export async function measureFirstPaint(): Promise<Table> {
  await buildFramedPages()
  const sandbox = await startSandbox({ port: 0, now: () => new Date(), newId: randomUUID })
  const executable = chromiumPath()
  try {
    const pages = await serveFramedPages(sandbox)
    const scrim: Opening[] = []
    const reference: Opening[] = []
    // Once each before it counts: the machine's caches and the server's compiler are then warm.
    await openOnce(executable, pages.reference)
    await openOnce(executable, pages.scrim)
    for (let run = 0; run < RUNS; run += 1) {
      reference.push(await openOnce(executable, pages.reference))
      scrim.push(await openOnce(executable, pages.scrim))
    }
    await pages.close()
    const painted = (openings: readonly Opening[]) =>
      median(openings.map(({ paintedMs }) => paintedMs))
    return {
      title: `First paint in the sandbox, median of ${RUNS} fresh profiles`,
      rows: [
        { ...describe('heading and button', reference), ratio: 1 },
        {
          ...describe('Scrim, masked fields', scrim),
          ratio: round(painted(scrim) / painted(reference)),
        },
      ],
    }
  } finally {
    await sandbox.close()
  }
}
