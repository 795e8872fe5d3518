/**
 * One process a data folder. PGlite has no lock of its own, and two processes on one folder silently
 * lose each other's rows.
 */
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** Its message is one line for a person: which folder, which process. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError'
  readonly processId: number

  constructor(folder: string, processId: number) {
    super(
      `${folder} is in use by process ${processId}: stop it first, or choose another folder with SCRIM_DATA`,
    )
    this.processId = processId
  }
}

/** `<pid> <start>`; the start tells a process from a later one that was given the same number. */
type Holder = { processId: number; start: string }

/** When a process started, in ticks since boot (`proc(5)`, field 22); '' where there is no `/proc`. */
function processStart(processId: number): string {
  try {
    const stat = readFileSync(`/proc/${processId}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

/** Undefined when there is no lock; what cannot be read as one names no living process. */
function readHolder(file: string): Holder | undefined {
  try {
    const [processId, start = ''] = readFileSync(file, 'utf8').trim().split(' ')
    return { processId: Number(processId), start }
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined
    throw error
  }
}

const lockedHere = new Set<string>()

function isAlive(holder: Holder, file: string): boolean {
  if (!Number.isSafeInteger(holder.processId) || holder.processId <= 0) return false
  if (holder.start !== '') {
    return processStart(holder.processId) === holder.start
  }
  if (holder.processId === process.pid) return lockedHere.has(file)
  try {
    process.kill(holder.processId, 0)
    return true
  } catch (error) {
    // EPERM: it lives, and belongs to somebody else.
    return hasCode(error, 'EPERM')
  }
}

/** Creates `target` with the content of `source` unless it exists, in one step. */
function claim(source: string, target: string): boolean {
  try {
    linkSync(source, target)
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw error
  }
}

/**
 * Takes `<folder>/lock`, creating the folder where needed; returns how to give it back. The lock of
 * a process that is gone is taken over.
 * @throws FolderLockedError when a living process holds it, this one included.
 */
export function lockFolder(folder: string): () => void {
  mkdirSync(folder, { recursive: true })
  const file = resolve(folder, 'lock')
  const own = { processId: process.pid, start: processStart(process.pid) }
  const ownFile = join(folder, `lock.${process.pid}`)
  const staleFile = `${ownFile}.stale`
  writeFileSync(ownFile, `${own.processId} ${own.start}\n`)
  try {
    while (!claim(ownFile, file)) {
      const holder = readHolder(file)
      if (holder === undefined) continue
      if (isAlive(holder, file)) throw new FolderLockedError(folder, holder.processId)
      // Of several that find it stale, one gets to rename it. Who renamed a lock that was taken over
      // in between puts it back.
      try {
        renameSync(file, staleFile)
      } catch (error) {
        if (hasCode(error, 'ENOENT')) continue
        throw error
      }
      const renamed = readHolder(staleFile)
      if (renamed !== undefined && isAlive(renamed, file)) claim(staleFile, file)
      rmSync(staleFile, { force: true })
    }
  } finally {
    rmSync(ownFile, { force: true })
  }
  lockedHere.add(file)
  return () => {
    if (!lockedHere.delete(file)) return
    const holder = readHolder(file)
    if (holder?.processId === own.processId && holder.start === own.start) {
      rmSync(file, { force: true })
    }
  }
}
