import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FolderLockedError, lockFolder } from '../../src/storage/lock.ts'

const LOCK = pathToFileURL(join(import.meta.dirname, '../../src/storage/lock.ts')).href

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'scrim-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Another process that tries to lock the folder, says what came of it, and stays. */
async function otherProcess() {
  const script = `
    import { lockFolder } from ${JSON.stringify(LOCK)}
    try { lockFolder(${JSON.stringify(folder)}); console.log('locked') }
    catch (error) { console.log(error.message) }
    setInterval(() => {}, 1000)
  `
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script])
  const [said] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  return {
    processId: child.pid,
    said: said.trim(),
    kill: async () => {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

describe('the lock of a data folder', () => {
  test('is refused to a second process, with one line that names the first', async () => {
    const other = await otherProcess()
    expect(other.said).toBe('locked')
    expect(() => lockFolder(folder)).toThrow(
      `${folder} is in use by process ${other.processId}: stop it first, or choose another folder with SCRIM_DATA`,
    )
    await other.kill()
  })

  test('is taken over from a process that was killed', async () => {
    const other = await otherProcess()
    await other.kill()
    const release = lockFolder(folder)
    expect(readFileSync(join(folder, 'lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} `))
    release()
  })

  test('goes to one of several processes that find it stale', async () => {
    writeFileSync(join(folder, 'lock'), '999999999 1\n')
    const others = await Promise.all([otherProcess(), otherProcess(), otherProcess()])
    expect(others.map(({ said }) => said).filter((said) => said === 'locked')).toHaveLength(1)
    await Promise.all(others.map((other) => other.kill()))
  })

  test('is refused to the process that holds it', () => {
    const release = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(FolderLockedError)
    release()
    lockFolder(folder)()
  })

  test('leaves nothing behind, whether it was given back or refused', () => {
    const release = lockFolder(folder)
    expect(() => lockFolder(folder)).toThrow(FolderLockedError)
    expect(readdirSync(folder)).toEqual(['lock'])
    release()
    release()
    expect(readdirSync(folder)).toEqual([])
  })

  test('creates the folder', () => {
    const inner = join(folder, 'a', 'b')
    const release = lockFolder(inner)
    expect(existsSync(join(inner, 'lock'))).toBe(true)
    release()
  })

  test.each(['', 'garbage', '999999999', '-1', '0'])(
    'is taken over from a file that names no living process: %j',
    (content) => {
      writeFileSync(join(folder, 'lock'), content)
      const release = lockFolder(folder)
      expect(readFileSync(join(folder, 'lock'), 'utf8')).toMatch(new RegExp(`^${process.pid} `))
      release()
    },
  )

  test('given back late does not take another one’s away', () => {
    const release = lockFolder(folder)
    writeFileSync(join(folder, 'lock'), '1 1\n')
    release()
    expect(existsSync(join(folder, 'lock'))).toBe(true)
  })
})
