/** What the sandbox keeps beside its database: the emulated Zendesk, and the keys of the vault. */
import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { RestState } from './rest/state.ts'

const ZENDESK_FILE = 'zendesk.json'
const KEYS_FILES = { values: 'keys', fingerprints: 'fingerprint-keys' } as const
/** Stands while a sandbox opens for the first time: what is there then was never finished. */
const OPENING_FILE = 'opening'
const DATABASE_FOLDER = 'database'

/** Readable by nobody else. */
const PRIVATE = { mode: 0o600 }

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8')
  } catch (reason) {
    if ((reason as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw reason
  }
}

/** Whole or not at all, whatever interrupts it. */
async function replaceFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.new`
  await writeFile(fresh, text, PRIVATE)
  await rename(fresh, path)
}

/** Its message is one line for a person. */
export class ForeignFolderError extends Error {
  override readonly name = 'ForeignFolderError'

  constructor(folder: string) {
    super(
      `${folder} holds a database that no sandbox made: choose another folder with SCRIM_DATA, or delete it with --fresh`,
    )
  }
}

export type DataFolder = {
  /**
   * null when the sandbox never finished opening here: everything begins anew then.
   * @throws ForeignFolderError rather than begin anew over somebody else's database.
   */
  readZendesk(): Promise<RestState | null>
  writeZendesk(json: string): Promise<void>
  /** The text of a key ring; `makeKeys` makes it when there is none. */
  readKeys(purpose: keyof typeof KEYS_FILES, makeKeys: () => string): Promise<string>
  /** Forgets what is kept here, until `finishOpening`. The database is the caller's. */
  beginOpening(): Promise<void>
  finishOpening(): Promise<void>
}

export async function openDataFolder(folder: string): Promise<DataFolder> {
  await mkdir(folder, { recursive: true })
  const zendesk = join(folder, ZENDESK_FILE)
  const opening = join(folder, OPENING_FILE)
  return {
    async readZendesk() {
      const text = await readText(zendesk)
      if (existsSync(opening)) return null
      // Written by this module only, whole.
      if (text !== null) return JSON.parse(text) as RestState
      if (existsSync(join(folder, DATABASE_FOLDER))) throw new ForeignFolderError(folder)
      return null
    },
    writeZendesk: (json) => replaceFile(zendesk, json),
    async readKeys(purpose, makeKeys) {
      const keys = join(folder, KEYS_FILES[purpose])
      const kept = await readText(keys)
      if (kept !== null) return kept
      const made = makeKeys()
      await replaceFile(keys, made)
      return made
    },
    async beginOpening() {
      await replaceFile(opening, '')
      const files = [ZENDESK_FILE, ...Object.values(KEYS_FILES)]
      await Promise.all(files.map((file) => rm(join(folder, file), { force: true })))
    },
    finishOpening: () => rm(opening, { force: true }),
  }
}
